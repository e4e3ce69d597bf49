import { parseCheckpoint } from '../core/evidence/checkpoint.ts';
import { encodeText } from '../core/format/bytes.ts';
import { verifier as words } from '../texts/chosen.ts';
import { readKept, readPin, remember, remembered } from './acceptance.ts';
import { need } from './dom.ts';
import { takeDrops } from './drop.ts';
import { gitFilesIn, gitFilesOf } from './dropped.ts';
import { programOf, runJob, stopJob } from './job.ts';
import type { Answer, Job, ReportView, Source } from './messages.ts';
import { showAttempt, showOutcome } from './outcome.ts';
import { setUpTrial } from './trial.ts';

/** The page on which an auditor verifies: what was chosen, one button, what came of it. */

const program = programOf(document);
const form = need('verify', HTMLFormElement);
const status = need('progress-text', HTMLElement);
const meter = need('progress-meter', HTMLProgressElement);
const stopButton = need('stop', HTMLButtonElement);
const message = need('message', HTMLElement);
const classic = {
	address: new URL(form.dataset['classic'] ?? '', location.href).href,
	integrity: form.dataset['classicIntegrity'] ?? '',
};
const pinField = need('pin', HTMLInputElement);

const chosen: { bundle: File | null; folder: Extract<Source, { kind: 'folder' }>['files'] } = {
	bundle: null,
	folder: [],
};
let checkpoint: Uint8Array | null = null;
let source: Source | null = null;

function say(text: string): void {
	message.textContent = text;
	message.hidden = text === '';
}

function select(kind: Source['kind']): void {
	const radio = form.querySelector(`input[name="source"][value="${kind}"]`);
	if (radio instanceof HTMLInputElement) radio.checked = true;
}

function chooseBundle(file: File): void {
	chosen.bundle = file;
	select('bundle');
	need('bundle-name', HTMLElement).textContent = words.source.chosen(file.name);
}

function chooseFolder(files: typeof chosen.folder, name: string): void {
	chosen.folder = files;
	select('folder');
	say(files.length === 0 ? words.source.noGit(name) : '');
	const note = files.length === 0 ? '' : words.source.chosenFolder(name, files.length);
	need('folder-name', HTMLElement).textContent = note;
}

async function acceptFile(file: File): Promise<void> {
	const kept = await readKept(file);
	if (kept === null) return say(words.pin.fileNotUnderstood);
	say('');
	if (kept.pin !== undefined) pinField.value = kept.pin;
	if (kept.checkpoint) acceptCheckpoint(kept.checkpoint);
}

function acceptCheckpoint(bytes: Uint8Array | null): void {
	checkpoint = bytes;
	const noted = bytes && parseCheckpoint(bytes);
	need('checkpoint-noted', HTMLElement).textContent = noted
		? words.pin.checkpoint(noted.sequence)
		: '';
}

/** The evidence as chosen; null where nothing has been. */
function readSource(): Source | null {
	switch (new FormData(form).get('source')) {
		case 'bundle':
			return chosen.bundle && { kind: 'bundle', file: chosen.bundle };
		case 'folder':
			return chosen.folder.length === 0 ? null : { kind: 'folder', files: chosen.folder };
		case 'site': {
			const addresses = (form.dataset['evidence'] ?? '').split(' ').filter((it) => it !== '');
			const absolute = addresses.map((it) => new URL(it, location.href).href);
			return absolute.length === 0 ? null : { kind: 'site', addresses: absolute };
		}
		case 'server': {
			const address = need('server', HTMLInputElement).value.trim();
			return address === '' ? null : { kind: 'server', address, classic };
		}
		default:
			return null;
	}
}

function showProgress(answer: Extract<Answer, { kind: 'progress' }>): void {
	if (status.textContent !== answer.text) status.textContent = answer.text;
	if (answer.total > 0) meter.value = answer.done / answer.total;
	else meter.removeAttribute('value');
}

let jobs = 0;

async function run(job: Job): Promise<Extract<Answer, { kind: 'report' }> | null> {
	const mine = ++jobs;
	say('');
	need('progress', HTMLElement).hidden = false;
	const outcome = await runJob(program, job, showProgress);
	// A job that another one took the place of leaves no trace.
	if (mine !== jobs) return null;
	need('progress', HTMLElement).hidden = true;
	status.textContent = '';
	if (outcome?.kind === 'stopped') say(outcome.text);
	return outcome?.kind === 'report' ? outcome : null;
}

/** What the report does not know: when it was made, of what, and for whom. */
function circumstancesOf(checked: Source, pin: string): ReportView['facts'] {
	const names = {
		bundle: () => chosen.bundle?.name ?? '',
		folder: () => need('folder-name', HTMLElement).textContent ?? '',
		site: () => location.href,
		server: () => need('server', HTMLInputElement).value,
	};
	const now = new Date().toISOString().replace(/\.[0-9]+Z$/, 'Z');
	const { facts } = words;
	return [
		[facts.evidence, names[checked.kind]()],
		[facts.pin, pin === '' ? facts.nothing : pin],
		[facts.checked, now],
	];
}

async function check(): Promise<void> {
	// Browsers lend their cryptography only to pages that nobody can have changed on the way.
	if (!isSecureContext) return say(words.insecure);
	const pin = readPin(pinField.value);
	if (pin === null) return say(words.pin.notUnderstood);
	source = readSource();
	if (source === null) return say(words.choose);
	const place = need('outcome', HTMLElement);
	place.hidden = true;
	const outcome = await run({ source, pin, checkpoint, attempt: null });
	if (outcome === null) return;
	showOutcome(place, outcome, circumstancesOf(source, pin));
	const { view } = outcome;
	if (view.verdict === 'VALID' && view.checkpoint !== null) {
		remember({ pin, checkpoint: view.checkpoint, date: new Date().toISOString().slice(0, 10) });
	}
	trial.offer(outcome.sheets);
	attemptCheckpoint = view.checkpoint === null ? checkpoint : encodeText(view.checkpoint);
	attemptPin = pin === '' ? view.root : pin;
}

/** What an attempt is judged by: what the visitor would have kept from the check before it. */
let attemptCheckpoint: Uint8Array | null = null;
let attemptPin = '';

const trial = setUpTrial(async (attempt, lesson) => {
	if (source === null) return;
	const place = need('attempt-outcome', HTMLElement);
	place.hidden = true;
	const job = { source, pin: attemptPin, checkpoint: null, attempt };
	// Only for what nothing else shows is the checkpoint taken in, after a look without it.
	const last = attempt?.kind === 'drop-newest' || attempt === null;
	const without = await run(job);
	const outcome = last && without ? await run({ ...job, checkpoint: attemptCheckpoint }) : without;
	if (without === null || outcome === null) return;
	const before = attempt?.kind === 'drop-newest' ? words.try.without(without.view.verdict) : '';
	showAttempt(place, outcome, before, lesson);
});

function offerRemembered(): void {
	const last = remembered();
	const note = need('remembered', HTMLElement);
	note.hidden = last === null;
	if (last === null) return;
	pinField.value = last.pin;
	acceptCheckpoint(encodeText(last.checkpoint));
	need('remembered-text', HTMLElement).textContent = words.pin.remembered(last.date);
	need('forget', HTMLButtonElement).addEventListener('click', () => {
		remember(null);
		pinField.value = '';
		acceptCheckpoint(null);
		note.hidden = true;
	});
}

function onChosen(id: string, take: (files: readonly File[]) => Promise<void> | void): void {
	const input = need(id, HTMLInputElement);
	input.addEventListener('change', () => {
		const files = [...(input.files ?? [])];
		if (files.length > 0) void take(files);
	});
}

onChosen('bundle', ([file]) => file && chooseBundle(file));
onChosen('folder', (files) => {
	const [name = ''] = files[0]?.webkitRelativePath.split('/') ?? [];
	chooseFolder(gitFilesOf(files), name);
});
onChosen('kept', ([file]) => file && acceptFile(file));
takeDrops(need('bundle-drop', HTMLElement), ({ files: [file] }) => file && chooseBundle(file));
takeDrops(need('kept-drop', HTMLElement), ({ files: [file] }) => file && acceptFile(file));
takeDrops(need('folder-drop', HTMLElement), async ({ items: [item] }) => {
	const entry = item?.webkitGetAsEntry();
	if (entry) chooseFolder(await gitFilesIn(entry), entry.name);
});
// The saved verifier has no network, and no such field.
document.getElementById('server')?.addEventListener('input', () => select('server'));
stopButton.addEventListener('click', stopJob);
form.addEventListener('submit', (event) => {
	event.preventDefault();
	void check();
});
form.hidden = false;
offerRemembered();
