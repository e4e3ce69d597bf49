import type { APIRoute } from 'astro';
import { drawingAsFile } from '../../../../charts/file.ts';
import type { Drawing } from '../../../../charts/svg.ts';
import { sourcesOf, supplyDrawing } from '../../../../layouts/figures.ts';
import { published } from '../../../../layouts/site.ts';
import type { PublishedRun } from '../../../../node/published.ts';

interface Props {
	readonly run: PublishedRun;
	readonly drawing: Drawing;
}

export function getStaticPaths() {
	return published.runs.flatMap((run) => {
		const drawing = supplyDrawing(run);
		if (drawing === null) return [];
		const params = { period: run.period, run: String(run.run) };
		return [{ params, props: { run, drawing } }];
	});
}

/** The figure of the statement as a file that carries its source and its manifest's digest. */
export const GET: APIRoute<Props> = ({ props: { run, drawing } }) =>
	new Response(drawingAsFile(drawing, sourcesOf([run])), {
		headers: { 'content-type': 'image/svg+xml' },
	});
