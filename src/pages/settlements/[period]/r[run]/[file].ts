import type { APIRoute } from 'astro';
import { type Download, downloadsOf } from '../../../../layouts/downloads.ts';
import { published } from '../../../../layouts/site.ts';

export function getStaticPaths() {
	return published.runs.flatMap((run) =>
		downloadsOf(run).map((download) => ({
			params: { period: run.period, run: String(run.run), file: download.name },
			props: { download },
		})),
	);
}

/** The files that a statement offers, beside it. */
export const GET: APIRoute<{ download: Download }> = async ({ props: { download } }) => {
	const headers = { 'content-type': download.type };
	return new Response(await download.bytes(), { headers });
};
