import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TrustRoot } from '../../../src/core/evidence/trust-root.ts';
import { digest, encodeText } from '../../../src/core/format/bytes.ts';
import { certificatePath, rootPath } from '../../../src/core/paths.ts';
import { writeFiles } from '../../support/scratch.ts';
import { resign } from '../../tamper/forge.ts';
import {
	addRoot,
	approve,
	FOLDERS,
	finalizeRun,
	firstRoot,
	type Keys,
	type MutableFiles,
	NEWEST,
	northText,
	pinned,
	type Signer,
	signBytes,
} from '../../tamper/log.ts';

type Root = Omit<TrustRoot, 'format'>;

/** Logs that are unusual and sound, made from the plain one: a verifier that refuses one is wrong. */
export const UNUSUAL: Readonly<
	Record<string, (files: MutableFiles, keys: Keys, scratch: string) => void | Promise<void>>
> = {
	'two of three root keys have signed': async (files, keys) => {
		const root_keys = [keys.root, keys.chair, keys.relief].map(pinned);
		await begin(files, keys, (root) => ({ ...root, root_keys, root_threshold: 2 }), [
			keys.chair,
			keys.relief,
		]);
	},
	'a role has two keys, and one role begins like another': async (files, keys) => {
		const approvals = [
			{ role: 'audit', ...pinned(keys.audit) },
			{ role: 'audit', ...pinned(keys.chair) },
			{ role: 'audit-x', ...pinned(keys.finance) },
		];
		await begin(files, keys, (root) => ({ ...root, approvals }));
		for (const [index, folder] of FOLDERS.entries()) {
			await resign(files, keys.finalizer, index + 1);
			await approve(files, folder, 'audit', index % 2 === 0 ? keys.audit : keys.chair);
			await approve(files, folder, 'audit-x', keys.finance);
		}
	},
	'the name is a number': async (files, keys) => {
		await begin(files, keys, (root) => ({ ...root, log: '2026' }));
		for (const sequence of FOLDERS.keys()) {
			await resign(files, keys.finalizer, sequence + 1, (it) => ({ ...it, log: '2026' }));
		}
	},
	'the program had a version of any text': (files, keys) =>
		resign(files, keys.finalizer, 5, (it) => {
			const version = '1.0 "\u03b2" \\ {\n\u001b[2J, [';
			return { ...it, engine: { ...it.engine, version } };
		}),
	'the newest run is signed by GnuPG': async (files, keys, scratch) => {
		const gpg = (...args: string[]) => {
			const run = spawnSync('gpg', ['--homedir', scratch, '--batch', '--quiet', ...args]);
			if (run.error) throw run.error;
			return new Uint8Array(run.stdout);
		};
		gpg('--passphrase', '', '--quick-gen-key', 'Automation', 'ed25519', 'sign', 'never');
		const certificate = gpg('--armor', '--export', 'Automation');
		const listed = new TextDecoder().decode(gpg('--with-colons', '--list-keys'));
		const fingerprint = /^fpr:+([0-9A-F]{40}):/m.exec(listed)?.[1]?.toLowerCase() ?? '';
		const key = { fingerprint, certificate_sha256: digest(certificate) };
		files.set(certificatePath(fingerprint), certificate);
		await begin(files, keys, (root) => ({
			...root,
			finalizer_keys: [...root.finalizer_keys, { ...key, from_sequence: 5, to_sequence: 5 }],
		}));
		writeFiles(scratch, new Map([['m', files.get(`${NEWEST}/manifest.json`) ?? certificate]]));
		const signed = ['--output', join(scratch, 'm.asc'), '--detach-sign', join(scratch, 'm')];
		gpg('--armor', ...signed);
		files.set(`${NEWEST}/manifest.json.asc`, new Uint8Array(readFileSync(join(scratch, 'm.asc'))));
	},
	'eleven corrections': async (files, keys) => {
		for (let run = 2; run <= 12; run++) {
			const folder = `data/2026-04/r${run}`;
			files.set(`${folder}/north.csv`, encodeText(northText('2026-04', String(100 + run))));
			const note = files.get('data/2026-02/r2/correction.json') ?? new Uint8Array();
			files.set(`${folder}/correction.json`, note);
			const place = `settlements/2026-04/r${run}`;
			await finalizeRun(files, place, '2026-05-07T08:00:00Z', keys.finalizer);
		}
	},
	...Object.fromEntries(
		Object.entries({
			'without checksum': (text: string) => text.replace(/^=....\n/m, ''),
			'with a wrong checksum': (text: string) => text.replace(/^=....\n/m, '=AAAA\n'),
			'of CRLF': (text: string) => text.replaceAll('\n', '\r\n'),
			'between other text': (text: string) => `Our key = this one:\n${text}\n`,
			'with headers': (text: string) => text.replace('\n\n', '\nComment: a=b\n\n'),
		}).map(([form, change]) => [
			`a certificate ${form}`,
			(files: MutableFiles, keys: Keys) => reshape(files, keys, change),
		]),
	),
};

/** The log under another first trust root, every manifest bound to it. */
async function begin(
	files: MutableFiles,
	keys: Keys,
	edit: (root: Root) => Root,
	holders: readonly Signer[] = [keys.root],
): Promise<void> {
	for (const path of files.keys()) if (path.startsWith(`${rootPath(1)}.`)) files.delete(path);
	await addRoot(files, edit(firstRoot(keys, 'plain')), keys, holders);
	await resign(files, keys.finalizer, 1);
}

/** The finalizer's certificate pinned in another form. */
async function reshape(
	files: MutableFiles,
	keys: Keys,
	change: (certificate: string) => string,
): Promise<void> {
	const certificate = encodeText(change(keys.finalizer.certificate));
	const { fingerprint } = keys.finalizer;
	const pin = { fingerprint, certificate_sha256: digest(certificate) };
	await begin(files, keys, (root) => ({
		...root,
		finalizer_keys: root.finalizer_keys.map((it) =>
			it.fingerprint === fingerprint ? { ...it, ...pin } : it,
		),
	}));
	files.set(certificatePath(fingerprint), certificate);
}

/** A certificate file with a second key in it, which then signs the newest run. */
export async function smuggle(files: MutableFiles, keys: Keys): Promise<void> {
	await reshape(files, keys, (certificate) => certificate + keys.stranger.certificate);
	const manifest = files.get(`${NEWEST}/manifest.json`) ?? new Uint8Array();
	const signature = await signBytes(manifest, keys.stranger, '2026-06-01');
	files.set(`${NEWEST}/manifest.json.asc`, signature);
}

/** Other bytes, the good manifest inside the finalizer's own signature file. */
export async function enclose(files: MutableFiles, keys: Keys): Promise<void> {
	const { createMessage, sign } = await import('openpgp');
	const path = `${NEWEST}/manifest.json`;
	const binary = files.get(path) ?? new Uint8Array();
	const message = await createMessage({ binary });
	const inline = await sign({ message, signingKeys: keys.finalizer.key });
	files.set(`${path}.asc`, encodeText(inline));
	const text = new TextDecoder().decode(binary);
	files.set(path, encodeText(text.replace('"shared_wh": ', '"shared_wh": 1')));
}
