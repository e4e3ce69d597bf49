import type { APIRoute } from 'astro';
import { board } from '../../../layouts/periods.ts';
import { format } from '../../../layouts/site.ts';
import type { OpenPeriod } from '../../../node/open-period.ts';
import { site } from '../../../texts/chosen.ts';

export function getStaticPaths() {
	return board.open.map((open) => ({ params: { period: open.period }, props: { open } }));
}

/** What every printed page of a month that is not final says, above and below. */
export const GET: APIRoute<{ open: OpenPeriod }> = ({ props: { open } }) => {
	const text = JSON.stringify(site.periods.preliminary.margin(format.days(open.period)));
	const [before, between] = site.statement.page.map((word) => JSON.stringify(word));
	const sheet = `@page preliminary {
	size: A4 landscape;

	@top-left {
		content: ${text};
	}

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
