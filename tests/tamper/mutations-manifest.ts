import { signaturesDigestOf } from '../../src/core/evidence/log.ts';
import type { Manifest } from '../../src/core/evidence/manifest.ts';
import { digest } from '../../src/core/format/bytes.ts';
import { resign, rewriteManifest } from './forge.ts';
import { type Keys, MIDDLE, type MutableFiles, NEWEST } from './log.ts';
import type { Mutation } from './mutation.ts';

const path = `${NEWEST}/manifest.json`;

/** The newest manifest as other text, properly signed: only its form can give it away. */
const written = (name: string, change: (text: string) => string) =>
	({
		name,
		actor: 'operator',
		verdict: 'TAMPERED',
		check: 'manifests',
		code: 'manifest-malformed',
		path,
		change: (files: MutableFiles, keys: Keys) =>
			rewriteManifest(files, NEWEST, keys.finalizer, change),
	}) as const;

/** The newest manifest of another engine, properly signed. */
const ofEngine = (name: string, edit: (manifest: Manifest) => Manifest) =>
	({
		name,
		actor: 'operator',
		verdict: 'INCOMPLETE',
		check: 'chain',
		code: 'engine-unknown',
		path,
		change: (files: MutableFiles, keys: Keys) =>
			resign(files, keys.finalizer, 5, (it) => edit({ ...it, engine: { ...it.engine, spec: 2 } })),
	}) as const;

/** The form of manifests, and formats that are not known. */
export const FORM_MUTATIONS: readonly Mutation[] = [
	{
		...written('signed-manifest-key-order', (text) =>
			text.replace(/( {2}"log": .*\n)( {2}"sequence": .*\n)/, '$2$1'),
		),
		says: 'The same statement has the same bytes, hence one order of keys.',
	},
	{
		...written('signed-manifest-key-twice', (text) =>
			text.replace('  "sequence": 5,\n', '  "sequence": 4,\n  "sequence": 5,\n'),
		),
		says: 'Of two equal keys one reader takes the first and another the last.',
	},
	{
		...written('signed-manifest-key-unknown', (text) =>
			text.replace('  "sequence"', '  "note": "x",\n  "sequence"'),
		),
		says: 'What a verifier does not know, nobody may sign as if it meant something.',
	},
	{
		...written('signed-manifest-key-missing', (text) => text.replace('  "incidents": [],\n', '')),
		says: 'Every statement is made: nothing is left to defaults.',
	},
	{
		...written('signed-manifest-number-1.0', (text) =>
			text.replace('"version": 1,', '"version": 1.0,'),
		),
		says: 'A number is written in one way.',
	},
	{
		...written('signed-manifest-number-1e0', (text) => text.replace('"run": 1,', '"run": 1e0,')),
		says: 'A number is written in one way.',
	},
	{
		...written('signed-manifest-number-as-text', (text) =>
			text.replace('"run": 1,', '"run": "1",'),
		),
		says: 'A number is no text.',
	},
	{
		...written('signed-manifest-escaped-letter', (text) =>
			text.replace('"initial"', '"\\u0069nitial"'),
		),
		says: 'A letter is written in one way.',
	},
	{
		...written('signed-manifest-white-space', (text) => text.replace('": 5,', '":  5,')),
		says: 'The same statement has the same bytes.',
	},
	{
		...written('signed-manifest-without-final-newline', (text) => text.trimEnd()),
		says: 'The same statement has the same bytes.',
	},
	{
		...written('signed-manifest-crlf', (text) => text.replaceAll('\n', '\r\n')),
		says: 'The same statement has the same bytes.',
	},
	{
		...written('signed-manifest-bom', (text) => `\ufeff${text}`),
		says: 'Only tables from spreadsheets may begin with a byte order mark.',
	},
	{
		...written('signed-manifest-sequence-zero', (text) =>
			text.replace('"sequence": 5', '"sequence": 0'),
		),
		says: 'Sequence numbers count from 1.',
	},
	{
		...written('signed-manifest-beyond-exact-numbers', (text) =>
			text.replace(/"generated_wh": [0-9]+/, '"generated_wh": 9007199254740993'),
		),
		says: 'Above 2^53 a number is not exact, and readers would disagree about it.',
	},
	{
		...written('signed-manifest-too-large', (text) =>
			text.replace('"version": "0.1.0"', `"version": "${'0'.repeat(65_536)}"`),
		),
		says: 'A manifest has a limit, so that reading it has one.',
	},
	{
		...written('signed-manifest-day-that-never-was', (text) =>
			text.replace('2026-05-06T', '2026-06-31T'),
		),
		says: 'June has 30 days.',
	},
	{
		...written('signed-manifest-commit-of-other-format', (text) =>
			text.replace('5'.repeat(40), '5'.repeat(64)),
		),
		says: 'A SHA-1 object id has 40 digits.',
	},
	{
		...written('signed-manifest-of-unknown-format', (text) =>
			text.replace('wattproof/manifest/v1', 'wattproof/manifest/v2'),
		),
		verdict: 'INCOMPLETE',
		code: 'manifest-unknown-format',
		last: 4,
		says: 'A newer verifier may understand it; this one does not, and says so.',
	},
	{
		name: 'older-manifest-of-unknown-format',
		actor: 'operator',
		change: async (files, keys) => {
			const folder = MIDDLE;
			await rewriteManifest(files, folder, keys.finalizer, (text) =>
				text.replace('wattproof/manifest/v1', 'wattproof/manifest/v2'),
			);
			const bytes = files.get(`${folder}/manifest.json`) ?? new Uint8Array();
			const manifest_sha256 = digest(bytes);
			const signatures_sha256 = signaturesDigestOf(files, folder);
			const previous = { sequence: 4, manifest_sha256, signatures_sha256 };
			await resign(files, keys.finalizer, 5, (it) => ({ ...it, previous }));
		},
		verdict: 'INCOMPLETE',
		check: 'manifests',
		code: 'manifest-unknown-format',
		path: `${MIDDLE}/manifest.json`,
		says: 'A newer verifier may understand it; this one does not, and says so.',
	},
	{
		...ofEngine('signed-manifest-of-unknown-arithmetic', (it) => it),
		says: 'Arithmetic of a later specification cannot be done again here.',
	},
	{
		...ofEngine('other-numbers-of-unknown-arithmetic', (it) => {
			return { ...it, totals: { ...it.totals, shared_wh: 1 } };
		}),
		says: 'Arithmetic of a later specification cannot be done again here, so it cannot be wrong.',
	},
];
