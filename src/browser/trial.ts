import { verifier } from '../texts/chosen.ts';
import { make, need } from './dom.ts';
import type { Attempt, AttemptKind, Sheet } from './messages.ts';

const words = verifier.try;

type Try = (attempt: Attempt | null, lesson: string) => Promise<void>;

/** "Try to break it": a cell of the copy, what to do to it, and what the verifier makes of that. */
export function setUpTrial(attempt: Try): { readonly offer: (sheets: readonly Sheet[]) => void } {
	const fileField = need('trial-file', HTMLSelectElement);
	const rowField = need('trial-row', HTMLSelectElement);
	const cellField = need('trial-cell', HTMLSelectElement);
	const valueField = need('trial-value', HTMLInputElement);
	const form = need('trial', HTMLFormElement);
	let sheets: readonly Sheet[] = [];

	const rows = () => sheets.find(({ path }) => path === fileField.value)?.rows ?? [];
	const fill = (field: HTMLSelectElement, texts: readonly string[], from: number) => {
		field.replaceChildren(
			...texts.map((text, index) => make('option', { value: String(index + from) }, text)),
		);
	};
	const cell = () => rows()[Number(rowField.value) - 1]?.[Number(cellField.value)] ?? '';
	const showValue = () => {
		valueField.value = otherThan(cell());
	};
	const showRows = () => {
		const [header = [], ...body] = rows();
		// A metering point has many rows.
		const time = header.findIndex((it) => it === 'date' || it === 'interval_start');
		const labels = body.map((row, index) => {
			const [first = '', when = ''] = [row[0], time > 0 ? row[time] : ''];
			return `${index + 2}: ${when === '' ? first : `${first}, ${when}`}`;
		});
		fill(rowField, labels, 2);
		fill(cellField, header, 0);
		const figure = (body[0] ?? []).findIndex((cell) => /^[1-9][0-9]*\.[0-9]{1,3}$/.test(cell));
		cellField.value = String(Math.max(0, figure));
		showValue();
	};
	fileField.addEventListener('change', showRows);
	rowField.addEventListener('change', showValue);
	cellField.addEventListener('change', showValue);
	form.addEventListener('submit', (event) => {
		event.preventDefault();
		const chosen = String(new FormData(form).get('attempt'));
		const kind = KINDS.find((it) => it === chosen) ?? 'change';
		const [path, line, column] = [fileField.value, Number(rowField.value), Number(cellField.value)];
		const made = { kind, path, line, column, value: valueField.value };
		const same = !kind.startsWith('drop') && made.value === cell();
		void attempt(made, same ? words.same : words.attempts[kind].lesson);
	});
	need('restore', HTMLButtonElement).addEventListener('click', () => {
		showValue();
		void attempt(null, words.restored);
	});
	const offer = (offered: readonly Sheet[]) => {
		sheets = offered;
		fileField.replaceChildren(...sheets.map(({ path }) => make('option', {}, path)));
		showRows();
		need('attempt-outcome', HTMLElement).hidden = true;
		form.hidden = sheets.length === 0;
		need('trial-first', HTMLElement).hidden = sheets.length > 0;
	};
	return { offer };
}

/** A suggestion that changes one digit, or adds a letter; anything else may be written as well. */
function otherThan(cell: string): string {
	const [first = ''] = cell;
	if (!/[0-9]/.test(first)) return `${cell}x`;
	return `${first === '9' ? 8 : Number(first) + 1}${cell.slice(1)}`;
}

const KINDS: readonly AttemptKind[] = [
	'change',
	'change-and-list',
	'sign-again',
	'new-root',
	'drop-middle',
	'drop-newest',
];
