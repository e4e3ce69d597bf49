import type { APIRoute } from 'astro';
import { board } from '../../../../layouts/periods.ts';
import { preliminarySheet, statementSheet } from '../../../../layouts/print.ts';
import { published } from '../../../../layouts/site.ts';

type Props = { readonly sheet: () => Response };

export function getStaticPaths() {
	const path = ({ period, run }: { period: string; run: number }, sheet: Props['sheet']) => {
		return { params: { period, run: String(run) }, props: { sheet } };
	};
	return [
		...published.runs.map((run) => path(run, () => statementSheet(run))),
		...board.corrections.map((open) => path(open, () => preliminarySheet(open))),
	];
}

export const GET: APIRoute<Props> = ({ props: { sheet } }) => sheet();
