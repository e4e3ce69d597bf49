import type { OpenPeriod } from '../node/open-period.ts';
import type { PublishedRun } from '../node/published.ts';
import { site } from '../texts/chosen.ts';
import { matrixOf } from './figures.ts';
import { format } from './site.ts';

// Sheets of their own, because margins take text only from a style sheet, and the policy of the pages
// forbids one inside the page.

// Wh: from here on, or with two more columns, Table 1 is wider than a page held upright. So is a
// matrix.
const WIDE = 1_000_000_000n;

/** What the margins of a printed statement say. */
export function statementSheet(run: PublishedRun): Response {
	const { id, manifest_sha256, totals, money } = run;
	const large = totals.generated_wh >= WIDE || totals.consumed_wh >= WIDE;
	const wide = money !== null || large || matrixOf(run) !== null;
	return sheet(`@page statement {
	size: A4${wide ? ' landscape' : ''};

	@bottom-left {
		content: ${JSON.stringify(site.statement.footer(id, manifest_sha256))};
	}
${pageNumbers()}}
`);
}

/** What every printed page of a month that is not final says, above and below. */
export function preliminarySheet({ period }: OpenPeriod): Response {
	const text = JSON.stringify(site.periods.preliminary.margin(format.days(period)));
	return sheet(`@page preliminary {
	size: A4 landscape;

	@top-left {
		content: ${text};
	}

	@bottom-left {
		content: ${text};
	}
${pageNumbers()}}
`);
}

function pageNumbers(): string {
	const [before, between] = site.statement.page.map((word) => JSON.stringify(word));
	return `
	@bottom-right {
		content: ${before} counter(page) ${between} counter(pages);
	}
`;
}

function sheet(text: string): Response {
	return new Response(text, { headers: { 'content-type': 'text/css; charset=utf-8' } });
}
