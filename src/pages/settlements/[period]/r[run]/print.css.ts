import type { APIRoute } from 'astro';
import { matrixOf } from '../../../../layouts/figures.ts';
import { published } from '../../../../layouts/site.ts';
import type { PublishedRun } from '../../../../node/published.ts';
import { site } from '../../../../texts/chosen.ts';

export function getStaticPaths() {
	return published.runs.map((it) => ({
		params: { period: it.period, run: String(it.run) },
		props: { run: it },
	}));
}

// Wh: from here on, or with two more columns, Table 1 is wider than a page held upright. So is a
// matrix.
const WIDE = 1_000_000_000n;

/**
 * What the margins of a printed statement say. A file of its own, because margins take text only
 * from a style sheet, and the policy of the pages forbids one inside the page.
 */
export const GET: APIRoute<{ run: PublishedRun }> = ({ props: { run } }) => {
	const { generated_wh, consumed_wh } = run.totals;
	const large = generated_wh >= WIDE || consumed_wh >= WIDE;
	const wide = run.money !== null || large || matrixOf(run) !== null;
	const text = JSON.stringify(site.statement.footer(run.id, run.manifest_sha256));
	const [before, between] = site.statement.page.map((word) => JSON.stringify(word));
	const sheet = `@page statement {
	size: A4${wide ? ' landscape' : ''};

	@bottom-left {
		content: ${text};
	}

	@bottom-right {
		content: ${before} counter(page) ${between} counter(pages);
	}
}
`;
	return new Response(sheet, { headers: { 'content-type': 'text/css; charset=utf-8' } });
};
