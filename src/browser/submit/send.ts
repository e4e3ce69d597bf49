import { visible } from '../../core/format/name.ts';
import { submit } from '../../texts/chosen.ts';
import { make, need, save } from '../dom.ts';
import { ADDRESS_BYTES, type Target, targetOf, uploadOf } from './address.ts';
import type { SubmitData } from './data.ts';

const words = submit.send;
/** Of a file that is shown before it is sent. */
const LINES = 40;

/** A file that is ready to go, and whether the repository has one of its name. */
export interface Ready {
	readonly path: string;
	readonly text: string;
	readonly exists: boolean;
}

let ready: Ready | null = null;

/** Shows where a file goes and the ways to send it; hides them where there is none. */
export function offerSending(data: SubmitData, next: Ready | null): void {
	ready = next;
	need('send', HTMLElement).hidden = next === null;
	need('copied', HTMLElement).textContent = '';
	if (next === null) {
		need('send-link', HTMLElement).replaceChildren();
		return;
	}
	const { path, text, exists } = next;
	need('send-place', HTMLElement).textContent = words.place(path);
	need('send-text', HTMLElement).textContent = beginningOf(text);
	const target = targetOf(data, path, text, exists);
	const link = linkOf(target, data.forge);
	need('send-link', HTMLElement).replaceChildren(...(link === null ? [] : [link]));
	need('send-after', HTMLElement).textContent = afterOf(target, data.forge, exists);
	const upload = text.length > ADDRESS_BYTES ? uploadOf(data, path) : null;
	need('send-upload', HTMLElement).hidden = upload === null;
	const button = upload === null ? [] : [opening(upload, 'button', words.upload)];
	need('upload-link', HTMLElement).replaceChildren(...button);
	need('upload-after', HTMLElement).textContent = words.uploading(path);
}

function linkOf(target: Target, forge: SubmitData['forge']): HTMLElement | null {
	if (target.kind === 'none') return null;
	const label = {
		filled: forge === 'github' ? words.github : words.forge,
		empty: words.paste,
		edit: words.edit,
	}[target.kind];
	return opening(target.address, 'button main', label);
}

function opening(href: string, look: string, label: string): HTMLElement {
	const attributes = { class: look, href, target: '_blank', rel: 'noopener noreferrer' };
	return make('a', attributes, label);
}

function afterOf(target: Target, forge: SubmitData['forge'], exists: boolean): string {
	const { after } = words;
	switch (target.kind) {
		case 'filled':
			return forge === 'github' ? after.github : after.forge;
		case 'empty':
			return target.long ? after.paste : after.named;
		case 'edit':
			return after.edit;
		case 'none':
			return exists ? `${after.none} ${after.exists}` : after.none;
	}
}

/** The first lines of a text, each with what one would not see made visible. */
function beginningOf(text: string): string {
	const lines = text.replace(/\n$/, '').split('\n', LINES + 1);
	const shown = lines.slice(0, LINES).map((line) => visible(line.slice(0, 500)));
	return lines.length > LINES ? [...shown, '\u2026'].join('\n') : shown.join('\n');
}

/** Connects the buttons that work everywhere, and shows the upload to those who say they may. */
export function setUpSending(): void {
	const mayWrite = need('may-write', HTMLInputElement);
	const show = () => {
		need('upload', HTMLElement).hidden = !mayWrite.checked;
	};
	mayWrite.addEventListener('change', show);
	// Browsers keep what was ticked when a page is loaded again.
	show();
	need('download', HTMLButtonElement).addEventListener('click', () => {
		if (ready !== null) save(ready.path.split('/').at(-1) ?? '', ready.text, 'text/csv');
	});
	need('copy', HTMLButtonElement).addEventListener('click', async () => {
		const said = await navigator.clipboard.writeText(ready?.text ?? '').then(
			() => words.copied,
			() => words.notCopied,
		);
		need('copied', HTMLElement).textContent = said;
	});
}
