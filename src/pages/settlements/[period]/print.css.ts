import type { APIRoute } from 'astro';
import { board } from '../../../layouts/periods.ts';
import { preliminarySheet } from '../../../layouts/print.ts';
import type { OpenPeriod } from '../../../node/open-period.ts';

export function getStaticPaths() {
	return board.open.map((open) => ({ params: { period: open.period }, props: { open } }));
}

export const GET: APIRoute<{ open: OpenPeriod }> = ({ props: { open } }) => preliminarySheet(open);
