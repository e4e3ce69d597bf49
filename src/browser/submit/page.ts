import '../buffer.ts';
import { type Origin, recognizeOrigin } from '../../core/data/origin.ts';
import { proposeRepair } from '../../core/data/repair.ts';
import type { DecimalMark } from '../../core/data/written-energy.ts';
import { decodeText } from '../../core/format/bytes.ts';
import type { Period } from '../../core/format/period.ts';
import { inputFolder } from '../../core/paths.ts';
import { isInfo } from '../../core/problem.ts';
import { problemText, submit as words } from '../../texts/chosen.ts';
import { formatsFor, isolate } from '../../texts/format.ts';
import { make, need } from '../dom.ts';
import { takeDrops } from '../drop.ts';
import { basisIn, type SubmitData } from './data.ts';
import { isOfOtherBasis, type Judged, judge, placeOf, subjectOf, typedFile } from './judge.ts';
import { monthsUntil } from './months.ts';
import { fileTable, problemList } from './problems.ts';
import { changesOf, repairOffer } from './repair.ts';
import { sayResult, showReadings } from './result.ts';
import { offerSending, setUpSending } from './send.ts';

/** The page on which readings are submitted: what is chosen or typed, judged at once, and where to. */

const data: SubmitData = JSON.parse(need('submit-data', HTMLScriptElement).textContent ?? '');
const format = formatsFor(data.locale);
const root = need('submit', HTMLElement);
const entityField = need('entity', HTMLSelectElement);
const periodField = need('period', HTMLSelectElement);
const fields = {
	generated_kwh: need('generated', HTMLInputElement),
	consumed_kwh: need('consumed', HTMLInputElement),
};
const fileField = need('file', HTMLInputElement);
/** Larger files are for the commands: a page would stand still for long. */
const FILE_BYTES = 64 * 1024 * 1024;

/** The file that was given, as it is now; `repaired` counts the changes that were asked for. */
interface Given {
	readonly name: string;
	readonly original: Uint8Array;
	readonly bytes: Uint8Array;
	readonly repaired: number;
	readonly mark: DecimalMark | null;
}

let given: Given | null = null;
let periodChosen = false;
/** The month whose entities are offered. */
let filled: Period | null = null;

function show(id: string, parts: readonly (Node | string)[] | null): void {
	const place = need(id, HTMLElement);
	place.replaceChildren(...(parts ?? []));
	const section = place.closest('section[hidden], section') ?? place;
	if (section instanceof HTMLElement) section.hidden = parts === null || parts.length === 0;
}

/** Says a text once: a live region that is written again is read out again. */
function say(text: string): void {
	const status = need('result-text', HTMLElement);
	if (status.textContent !== text) status.textContent = text;
}

/** Without marks of direction within the names: whoever types their beginning would not find them. */
function fillEntities(period: Period): void {
	if (period === filled) return;
	filled = period;
	const chosen = entityField.value;
	const valid = data.entities.filter(
		([, , from, to]) => from <= period && (to === '' || period <= to),
	);
	const options = valid
		.toSorted(([, a], [, b]) => a.localeCompare(b, data.locale))
		.map(([id, name]) => make('option', { value: id, dir: 'auto' }, name));
	entityField.replaceChildren(make('option', { value: '' }, words.which.choose), ...options);
	entityField.value = valid.some(([id]) => id === chosen) ? chosen : '';
	need('no-entity', HTMLElement).hidden = valid.length > 0;
}

function fillPeriods(): void {
	const months = monthsUntil(data, new Date().toISOString());
	const { option } = words.which;
	periodField.replaceChildren(
		...months.map((period) => {
			const name = format.month(period);
			const text = period in data.finals ? option.final(name) : option.open(name);
			return make('option', { value: period }, text);
		}),
	);
}

/** What there is to judge: a file, or two figures once both are typed; null while there is neither. */
function current(period: Period): { readonly path: string; readonly bytes: Uint8Array } | null {
	if (given !== null) {
		const { entity } = subjectOf(data, given.bytes, period);
		const known = data.entities.some(([id]) => id === entity);
		return { path: placeOf(period, known ? (entity ?? '') : '', given.name), bytes: given.bytes };
	}
	const [generated, consumed] = [fields.generated_kwh.value, fields.consumed_kwh.value];
	if (entityField.value === '' || basisIn(data, period) === 'interval') return null;
	if (period in data.finals) return null;
	if (generated.trim() === '' && consumed.trim() === '') return null;
	const bytes = typedFile(entityField.value, period, generated.trim(), consumed.trim());
	return { path: `${inputFolder(period)}/${entityField.value}.csv`, bytes };
}

function update(): void {
	const period = periodField.value;
	fillEntities(period);
	const final = data.finals[period];
	showFinal(period, final);
	const origin = given === null ? null : recognizeOrigin(given.bytes);
	showOrigin(origin);
	const interval = basisIn(data, period) === 'interval';
	need('numbers', HTMLElement).hidden = given !== null || interval || final !== undefined;
	need('entity-field', HTMLElement).hidden = given !== null;
	const note = need('interval-note', HTMLElement);
	note.hidden = given !== null || !interval;
	note.textContent = words.numbers.interval(format.month(period));
	const { legend, hint, legendReadings, readings } = words.file;
	need('file-legend', HTMLElement).textContent = interval ? legendReadings : legend;
	need('file-hint', HTMLElement).textContent = interval ? readings : hint;
	const subject = origin === null ? current(period) : null;
	const judged = subject === null ? null : judge(data, period, subject.path, subject.bytes);
	showJudged(judged, period);
	showRepair(origin);
	const text = subject === null ? null : decodeText(subject.bytes);
	const ready = subject !== null && judged?.ok === true && text !== null;
	const exists = subject !== null && subject.path in data.open;
	offerSending(data, ready ? { path: subject.path, text, exists } : null);
}

function showFinal(period: Period, run: number | undefined): void {
	need('final', HTMLElement).hidden = run === undefined;
	if (run === undefined) return;
	need('final-title', HTMLElement).textContent = words.final.title(format.month(period));
	need('final-text', HTMLElement).textContent = words.final.text({ period, run });
	need('final-command', HTMLElement).textContent = words.final.command(period);
	const link = need('final-statement', HTMLAnchorElement);
	link.href = `${root.dataset['statements']}${period}/`;
}

function showOrigin(origin: Origin | null): void {
	const { text, next } = words.origin;
	const parts = origin && [make('p', {}, text(origin.name)), make('p', {}, next(origin.kind))];
	show('origin', parts);
}

function showJudged(judged: Judged | null, period: Period): void {
	const problems = judged?.problems ?? [];
	const faults = problems.filter((it) => !isInfo(it));
	// An empty field is not wrong before the other one is complete, too.
	const typed = given === null;
	const told = typed ? faults.filter(({ code }) => code !== 'energy-empty') : problems;
	for (const [name, field] of Object.entries(fields)) {
		const own = typed ? told.filter((it) => 'field' in it && it.field === name) : [];
		const place = need(`${field.id}-fault`, HTMLElement);
		place.textContent = own.map((it) => problemText(it)).join(' ');
		if (own.length > 0) field.setAttribute('aria-invalid', 'true');
		else field.removeAttribute('aria-invalid');
	}
	const listed = typed ? told.filter((it) => !('field' in it)) : told;
	show(
		'problem-list',
		listed.length === 0 ? null : problemList(listed, root.dataset['problems'] ?? ''),
	);
	need('problems-title', HTMLElement).textContent =
		faults.length > 0 ? words.problems.title : words.problems.notes;
	const basis = basisIn(data, period);
	const table = given === null || judged === null ? null : fileTable(given.bytes, problems);
	show('file-table', table && [table]);
	const ok = judged?.ok === true;
	show('readings', ok ? showReadings(data, judged, period, format) : []);
	need('result', HTMLElement).hidden = judged === null && (given !== null || period in data.finals);
	const waiting = words.result[basis === 'interval' ? 'waitingForFile' : 'waiting'];
	if (judged === null) say(given === null ? waiting : '');
	else if (ok) say(sayResult(data, judged, period, format));
	else if (told.length === 0) say(waiting);
	else if (given !== null && isOfOtherBasis(given.bytes, basis)) {
		say(words.result.otherBasis[basis](format.month(period)));
	} else say(words.result.wrong(faults.length));
}

function showRepair(origin: Origin | null): void {
	const file = given;
	if (file === null || origin !== null) {
		show('repair', null);
		return;
	}
	const offer = repairOffer({
		bytes: file.bytes,
		mark: file.mark,
		reference: root.dataset['problems'] ?? '',
		answer: (mark) => {
			given = { ...file, mark };
			update();
			need(mark === '.' ? 'mark-point' : 'mark-comma', HTMLInputElement).focus();
		},
		apply: (repair) => {
			given = { ...file, bytes: repair.bytes, repaired: changesOf(repair), mark: null };
			choosePeriod();
			update();
			need('repair-title', HTMLElement).focus();
		},
	});
	const done = file.repaired > 0 ? repairedNote(file) : [];
	show('repair', offer === null && done.length === 0 ? null : [...done, ...(offer ?? [])]);
}

function repairedNote(file: Given): readonly Node[] {
	const button = make('button', { type: 'button', id: 'repair-undo' }, words.repair.undo);
	button.addEventListener('click', () => {
		given = { ...file, bytes: file.original, repaired: 0, mark: null };
		update();
		need('repair-title', HTMLElement).focus();
	});
	const text = words.repair.applied(file.repaired);
	return [make('p', { id: 'repaired' }, text), make('p', { class: 'buttons' }, button)];
}

/** The month that a file is of, unless the visitor has said which one it is. */
function choosePeriod(): void {
	if (given === null || periodChosen) return;
	const repaired = proposeRepair(given.bytes, null)?.bytes ?? given.bytes;
	const said = subjectOf(data, repaired, periodField.value).period;
	const offered = [...periodField.options].some(({ value }) => value === said);
	if (said !== null && offered) periodField.value = said;
}

/** Files that were chosen; only the last of them counts, however long it took to read another. */
let taken = 0;

async function take(file: File): Promise<void> {
	const mine = ++taken;
	const small = file.size <= FILE_BYTES;
	const read = small ? file.arrayBuffer() : Promise.resolve(null);
	const bytes = await read.then(
		(buffer) => buffer && new Uint8Array(buffer),
		() => null,
	);
	if (mine !== taken) return;
	const { chosen, tooLarge, unreadable } = words.file;
	const said = small ? chosen : tooLarge;
	need('file-name', HTMLElement).textContent =
		bytes === null && small ? unreadable : said(isolate(file.name), format.size(file.size));
	need('file-remove', HTMLElement).hidden = bytes === null;
	given = bytes && { name: file.name, original: bytes, bytes, repaired: 0, mark: null };
	choosePeriod();
	update();
}

function setUp(): void {
	fillPeriods();
	const asked = new URLSearchParams(location.search);
	const wanted = asked.get('period');
	if (wanted !== null && [...periodField.options].some(({ value }) => value === wanted)) {
		periodField.value = wanted;
		periodChosen = true;
	}
	fillEntities(periodField.value);
	entityField.value = asked.get('entity') ?? '';
	if (entityField.selectedIndex < 0) entityField.value = '';
	entityField.addEventListener('change', update);
	periodField.addEventListener('change', () => {
		periodChosen = true;
		update();
	});
	for (const field of Object.values(fields)) field.addEventListener('input', update);
	fileField.addEventListener('change', () => {
		const [file] = fileField.files ?? [];
		if (file) void take(file);
	});
	need('file-remove', HTMLButtonElement).addEventListener('click', () => {
		taken++;
		given = null;
		fileField.value = '';
		need('file-name', HTMLElement).textContent = '';
		need('file-remove', HTMLElement).hidden = true;
		update();
		fileField.focus();
	});
	takeDrops(need('file-drop', HTMLElement), ({ files: [file] }) => file && take(file));
	setUpSending();
	root.hidden = false;
	update();
}

setUp();
