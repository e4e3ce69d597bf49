import type { APIRoute } from 'astro';
import { drawingAsFile } from '../../../../../charts/file.ts';
import { sourcesOf } from '../../../../../layouts/figures.ts';
import { type Profile, profileDrawing, profilesOf } from '../../../../../layouts/intervals.ts';
import { published } from '../../../../../layouts/site.ts';
import type { PublishedRun } from '../../../../../node/published.ts';

interface Props {
	readonly run: PublishedRun;
	readonly profile: Profile;
}

export function getStaticPaths() {
	return published.runs.flatMap((run) =>
		profilesOf(run).map((profile) => ({
			params: { period: run.period, run: String(run.run), quantity: profile },
			props: { run, profile },
		})),
	);
}

/** A load profile of the statement as a file that carries its source and its manifest's digest. */
export const GET: APIRoute<Props> = ({ props: { run, profile } }) => {
	const drawing = profileDrawing(run, profile);
	const body = drawing && drawingAsFile(drawing, sourcesOf([run]));
	return new Response(body, { headers: { 'content-type': 'image/svg+xml' } });
};
