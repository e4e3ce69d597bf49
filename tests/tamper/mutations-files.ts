import type { CheckId, FindingCode } from '../../src/core/verification/report.ts';
import { remove, rename, rewrite } from './forge.ts';
import { FIRST, type Keys, MIDDLE, NEWEST } from './log.ts';
import { type Mutation, SPOIL } from './mutation.ts';

/** A kind of guarded file, and the check that holds it. */
interface Target {
	readonly name: string;
	readonly path: (keys: Keys) => string;
	readonly changed: readonly [CheckId, FindingCode];
	readonly missing: readonly [CheckId, FindingCode];
	readonly added: readonly [CheckId, FindingCode];
	/** Ways in which it shows elsewhere, by chance. */
	readonly except?: readonly string[];
	/** What the verifier says of a file of this kind that is there but cannot be read. */
	readonly says: string;
}

const LISTED = {
	changed: ['contents', 'file-changed'],
	missing: ['contents', 'file-missing'],
	added: ['contents', 'file-unlisted'],
} as const;
const RUN_FILE = ['contents', 'file-unlisted'] as const;

const TARGETS: readonly Target[] = [
	{
		...LISTED,
		name: 'input',
		path: () => 'data/2026-03/north.csv',
		says: 'The digest of every input of a finalized month is signed.',
	},
	{
		...LISTED,
		name: 'replaced-input',
		path: () => 'data/2026-02/north.csv',
		says: 'An input that a correction has replaced stays as it was.',
	},
	{
		...LISTED,
		name: 'correction-note',
		path: () => 'data/2026-02/r2/correction.json',
		says: 'Why a month was corrected is signed as well.',
	},
	{
		...LISTED,
		name: 'statement',
		path: () => `${MIDDLE}/statement.csv`,
		says: 'A statement is signed, and can be computed again from its inputs.',
	},
	{
		...LISTED,
		name: 'journal',
		path: () => `${NEWEST}/journal.csv`,
		says: 'What was posted is signed, and can be computed again.',
	},
	{
		...LISTED,
		name: 'register-snapshot',
		path: () => `${FIRST}/entities.csv`,
		says: 'The register that a run used is filed with it and signed.',
	},
	{
		name: 'list',
		path: () => `${MIDDLE}/SHA256SUMS`,
		changed: ['contents', 'list-changed'],
		missing: ['contents', 'list-missing'],
		added: RUN_FILE,
		says: 'The signed manifest holds the digest of the list.',
	},
	{
		name: 'manifest',
		path: () => `${MIDDLE}/manifest.json`,
		changed: ['signatures', 'signature-wrong'],
		missing: ['manifests', 'manifest-missing'],
		added: RUN_FILE,
		says: 'The manifest is signed over its exact bytes, and the next one holds its digest.',
	},
	{
		name: 'newest-manifest',
		path: () => `${NEWEST}/manifest.json`,
		changed: ['signatures', 'signature-wrong'],
		missing: ['manifests', 'manifest-missing'],
		added: RUN_FILE,
		says: 'The manifest is signed over its exact bytes.',
	},
	{
		name: 'signature',
		path: () => `${MIDDLE}/manifest.json.asc`,
		changed: ['signatures', 'signature-wrong'],
		missing: ['signatures', 'signature-missing'],
		added: RUN_FILE,
		says: 'A signature has one form, and the next manifest holds its digest.',
	},
	{
		name: 'newest-signature',
		path: () => `${NEWEST}/manifest.json.asc`,
		changed: ['signatures', 'signature-wrong'],
		missing: ['signatures', 'signature-missing'],
		added: RUN_FILE,
		says: 'A signature has one form, and every other is refused.',
	},
	{
		name: 'certificate',
		path: (keys) => `trust/keys/${keys.finalizer.fingerprint}.asc`,
		changed: ['trust-root', 'certificate-changed'],
		missing: ['trust-root', 'certificate-missing'],
		added: ['trust-root', 'trust-unlisted'],
		says: 'The trust root holds the digest of every certificate.',
	},
	{
		name: 'trust-root',
		path: () => 'trust/root-1.json',
		changed: ['trust-root', 'root-malformed'],
		missing: ['trust-root', 'trust-unlisted'],
		added: ['trust-root', 'trust-unlisted'],
		except: ['edit'],
		says: 'A trust root has one form, and its digest is what people pin.',
	},
];

/** Every kind of file, spoiled in every way, removed, doubled and renamed. */
function mutationsOf(target: Target): readonly Mutation[] {
	const common = { actor: 'outsider', verdict: 'TAMPERED', says: target.says } as const;
	const [changedCheck, changedCode] = target.changed;
	const [missingCheck, missingCode] = target.missing;
	const [addedCheck, addedCode] = target.added;
	const ways = Object.entries(SPOIL).filter(([way]) => !target.except?.includes(way));
	const spoiled = ways.map(([way, spoil]): Mutation => {
		return {
			...common,
			name: `${target.name}-${way}`,
			change: (files, keys) => rewrite(files, target.path(keys), spoil),
			check: changedCheck,
			code: changedCode,
		};
	});
	const copyOf = (path: string) => path.replace(/(\.[a-z.]+)?$/, '_copy$1');
	return [
		...spoiled,
		{
			...common,
			name: `${target.name}-deleted`,
			change: (files, keys) => remove(files, target.path(keys)),
			check: missingCheck,
			code: missingCode,
		},
		{
			...common,
			name: `${target.name}-added`,
			change: (files, keys) => {
				const path = target.path(keys);
				files.set(copyOf(path), files.get(path) ?? new Uint8Array());
			},
			check: addedCheck,
			code: addedCode,
		},
		{
			...common,
			name: `${target.name}-renamed`,
			change: (files, keys) => rename(files, target.path(keys), copyOf(target.path(keys))),
			check: addedCheck,
			code: addedCode,
		},
		{
			...common,
			name: `${target.name}-executable`,
			change: (_files, keys) => ({
				irregular: [{ path: target.path(keys), kind: 'executable' }],
			}),
			check: 'hygiene',
			code: 'file-irregular',
			says: 'Guarded files have mode 100644, so that none of them does anything when it is run.',
		},
		{
			...common,
			name: `${target.name}-link`,
			change: (files, keys) => {
				remove(files, target.path(keys));
				return { irregular: [{ path: target.path(keys), kind: 'link' }] };
			},
			check: 'hygiene',
			code: 'file-irregular',
			says: 'A link can point at other bytes for everybody who follows it.',
		},
		{
			...common,
			name: `${target.name}-unreadable`,
			change: (files, keys) => {
				remove(files, target.path(keys));
				return { unavailable: [{ path: target.path(keys), reason: 'EIO' }] };
			},
			verdict: 'INCOMPLETE',
			check: 'hygiene',
			code: 'file-unavailable',
			says: 'A file that is there but cannot be read proves nothing, neither good nor bad.',
		},
	];
}

export const FILE_MUTATIONS: readonly Mutation[] = TARGETS.flatMap(mutationsOf);
