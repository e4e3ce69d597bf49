import type { APIRoute } from 'astro';
import { drawingAsFile } from '../../../charts/file.ts';
import type { Drawing } from '../../../charts/svg.ts';
import { accountDrawing, sourcesOf } from '../../../layouts/figures.ts';
import { accounts } from '../../../layouts/periods.ts';
import type { Account } from '../../../node/accounts.ts';

interface Props {
	readonly account: Account;
	readonly drawing: Drawing;
}

export function getStaticPaths() {
	return accounts.flatMap((account) => {
		const drawing = accountDrawing(account);
		return drawing === null
			? []
			: [{ params: { entity: account.entity }, props: { account, drawing } }];
	});
}

/** The figure of the account as a file that carries every statement it is drawn from. */
export const GET: APIRoute<Props> = ({ props: { account, drawing } }) =>
	new Response(drawingAsFile(drawing, sourcesOf(account.months.map(({ run }) => run))), {
		headers: { 'content-type': 'image/svg+xml' },
	});
