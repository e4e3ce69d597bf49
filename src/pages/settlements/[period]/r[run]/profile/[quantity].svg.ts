import type { APIRoute } from 'astro';
import { drawingAsFile } from '../../../../../charts/file.ts';
import type { Drawing } from '../../../../../charts/svg.ts';
import { sourcesOf } from '../../../../../layouts/figures.ts';
import { intervalsOf, PROFILES, profileDrawing } from '../../../../../layouts/intervals.ts';
import { published } from '../../../../../layouts/site.ts';
import type { PublishedRun } from '../../../../../node/published.ts';

interface Props {
	readonly run: PublishedRun;
	readonly drawing: Drawing;
}

export function getStaticPaths() {
	return published.runs.flatMap((run) => {
		const month = intervalsOf(run);
		if (month === null) return [];
		return PROFILES.map((quantity) => ({
			params: { period: run.period, run: String(run.run), quantity },
			props: { run, drawing: profileDrawing(run, month, quantity) },
		}));
	});
}

/** A load profile of the statement as a file that carries its source and its manifest's digest. */
export const GET: APIRoute<Props> = ({ props: { run, drawing } }) =>
	new Response(drawingAsFile(drawing, sourcesOf([run])), {
		headers: { 'content-type': 'image/svg+xml' },
	});
