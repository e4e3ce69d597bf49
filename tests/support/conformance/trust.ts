import { digest, encodeText } from '../../../src/core/format/bytes.ts';
import { certificatePath, rootPath, rootSignaturePath } from '../../../src/core/paths.ts';
import { remove, removeFolder, replaceText, resign, rewrite } from '../../tamper/forge.ts';
import { type Keys, type MutableFiles, pinned, signBytes } from '../../tamper/log.ts';
import type { ConformanceCase } from './conformance-case.ts';
import { DECEMBER, JANUARY, makePlanned, withApprovals } from './logs.ts';

const HANDED_ON = {
	runs: [DECEMBER, JANUARY],
	signers: { [JANUARY]: 'relief' },
} as const;
/** Without a readable trust root no check after it passes. */
const NONE_PASSES = {
	pin: 'unavailable',
	signatures: 'unavailable',
	manifests: 'unavailable',
	chain: 'unavailable',
	contents: 'unavailable',
	approvals: 'unavailable',
	recomputation: 'unavailable',
} as const;

/** The second root in a newer format, signed by both root keys, and the run that names it. */
async function renewFormat(files: MutableFiles, keys: Keys): Promise<void> {
	replaceText(files, rootPath(2), 'trust-root/v1', 'trust-root/v2');
	const bytes = files.get(rootPath(2)) ?? new Uint8Array();
	for (const who of [keys.root, keys.chair]) {
		const path = rootSignaturePath(2, who.fingerprint);
		files.set(path, await signBytes(bytes, who, '2026-01-01T00:00:00Z'));
	}
	const trust_root = { version: 2, sha256: digest(bytes) };
	await resign(files, keys.relief, 2, (it) => ({ ...it, trust_root }));
}

/** A log of the same names and numbers under keys of somebody else's. */
async function takeOver(files: MutableFiles, keys: Keys): Promise<void> {
	const forged = { ...keys, root: keys.stranger, finalizer: keys.relief };
	files.clear();
	for (const [path, bytes] of await makePlanned(forged, {})) files.set(path, bytes);
}

const ROOTS: readonly ConformanceCase[] = [
	{
		name: 'trust-removed',
		title: 'The folder trust/ is gone: without a trust root there is nobody to believe.',
		change: (files) => removeFolder(files, 'trust'),
		verdict: 'INCOMPLETE',
		checks: { 'trust-root': 'unavailable', ...NONE_PASSES },
		findings: ['root-missing'],
	},
	{
		name: 'root-line-ends',
		title: 'The line ends of the trust root were converted: it has one form, so it is none.',
		change: (files) =>
			rewrite(files, rootPath(1), (bytes) =>
				encodeText(new TextDecoder().decode(bytes).replaceAll('\n', '\r\n')),
			),
		verdict: 'TAMPERED',
		checks: { 'trust-root': 'failed', ...NONE_PASSES },
		findings: ['root-malformed', 'trust-unlisted'],
	},
	{
		name: 'root-altered',
		title:
			'A limit was written into the trust root: nobody signed that, and it is not the noted one.',
		change: (files) => replaceText(files, rootPath(1), '"to_sequence": null', '"to_sequence": 9'),
		verdict: 'TAMPERED',
		checks: { 'trust-root': 'failed', pin: 'failed', chain: 'failed' },
		findings: ['root-signature', 'root-threshold', 'root-not-pinned', 'root-mismatch'],
	},
	{
		name: 'root-signed-by-one-of-two',
		title: 'The trust root asks for two root keys; one of them signed.',
		plan: {
			root: (root, keys) => ({
				...root,
				root_keys: [keys.root, keys.chair].map(pinned),
				root_threshold: 2,
			}),
		},
		verdict: 'UNTRUSTED',
		checks: { 'trust-root': 'failed' },
		findings: ['root-threshold'],
	},
	{
		name: 'root-of-somebody-else',
		title: 'A sound log of the same name, but every key in it is somebody else\u2019s.',
		change: takeOver,
		verdict: 'UNTRUSTED',
		checks: { pin: 'failed' },
		findings: ['root-not-pinned'],
	},
	{
		name: 'successor-not-signed-by-the-root-before',
		title:
			'A second trust root, signed by its own key alone: only the old root keys hand on trust.',
		plan: { ...HANDED_ON, successor: (root) => root },
		change: (files, keys) => remove(files, rootSignaturePath(2, keys.root.fingerprint)),
		verdict: 'UNTRUSTED',
		checks: { 'trust-root': 'failed' },
		findings: ['root-threshold'],
	},
	{
		name: 'successor-of-another-root',
		title: 'A second trust root, well signed, that names another one as the first.',
		plan: { ...HANDED_ON, successor: (root) => ({ ...root, previous_sha256: '0'.repeat(64) }) },
		verdict: 'TAMPERED',
		checks: { 'trust-root': 'failed' },
		findings: ['root-chain'],
	},
	{
		name: 'successor-of-a-newer-format',
		title:
			'A second trust root of a newer format, signed as it should be: this version cannot tell.',
		plan: { ...HANDED_ON, successor: (root) => root },
		change: renewFormat,
		verdict: 'INCOMPLETE',
		checks: {
			'trust-root': 'unavailable',
			signatures: 'unavailable',
			chain: 'unavailable',
		},
		findings: ['root-unknown-format', 'signature-unknown-key', 'root-mismatch'],
	},
];

const CERTIFICATES: readonly ConformanceCase[] = [
	{
		name: 'certificate-missing',
		title: 'The certificate of the finalizer is gone.',
		change: (files, keys) => remove(files, certificatePath(keys.finalizer.fingerprint)),
		verdict: 'TAMPERED',
		checks: { 'trust-root': 'failed' },
		findings: ['certificate-missing'],
	},
	{
		name: 'certificate-exchanged',
		title: 'In place of the certificate of the finalizer lies that of a stranger.',
		change: (files, keys) =>
			rewrite(files, certificatePath(keys.finalizer.fingerprint), () =>
				encodeText(keys.stranger.certificate),
			),
		verdict: 'TAMPERED',
		checks: { 'trust-root': 'failed' },
		findings: ['certificate-changed'],
	},
	{
		name: 'certificate-of-another-key',
		title:
			'The trust root pins, under the fingerprint of the deputy, the certificate of a stranger.',
		plan: {
			root: (root, keys) => {
				const { fingerprint } = keys.deputy;
				const { certificate_sha256 } = pinned(keys.stranger);
				const key = { fingerprint, certificate_sha256, from_sequence: 1, to_sequence: null };
				return { ...root, finalizer_keys: [...root.finalizer_keys, key] };
			},
		},
		change: (files, keys) =>
			rewrite(files, certificatePath(keys.deputy.fingerprint), () =>
				encodeText(keys.stranger.certificate),
			),
		verdict: 'TAMPERED',
		checks: { 'trust-root': 'failed' },
		findings: ['certificate-malformed'],
	},
	{
		name: 'file-beside-the-trust-root',
		title: 'A file lies below trust/ that no trust root names.',
		change: (files) => files.set('trust/README.md', encodeText('Trust us.\n')),
		verdict: 'TAMPERED',
		checks: { 'trust-root': 'failed' },
		findings: ['trust-unlisted'],
	},
];

const APPROVED = { runs: [DECEMBER, JANUARY], root: withApprovals } as const;
const finance = (folder: string) => `${folder}/approvals/finance.asc`;
const audit = (folder: string) => `${folder}/approvals/audit.asc`;
const copy = (files: MutableFiles, from: string, to: string) =>
	files.set(to, files.get(from) ?? new Uint8Array());

const APPROVALS: readonly ConformanceCase[] = [
	{
		name: 'approval-missing-on-the-newest',
		title: 'Finance has not approved the newest run: not yet, or not any more.',
		plan: APPROVED,
		change: (files) => remove(files, finance(JANUARY)),
		verdict: 'PENDING',
		checks: { approvals: 'unavailable' },
		findings: ['approval-missing'],
	},
	{
		name: 'approval-missing-on-an-older',
		title: 'An approval of December is gone: January could only be signed when it was there.',
		plan: APPROVED,
		change: (files) => remove(files, finance(DECEMBER)),
		verdict: 'TAMPERED',
		checks: { chain: 'failed', approvals: 'failed' },
		findings: ['signatures-mismatch', 'approval-missing'],
	},
	{
		name: 'approval-of-another-month',
		title: 'The approval of January is that of December: it belongs to the bytes it was given for.',
		plan: APPROVED,
		change: (files) => copy(files, finance(DECEMBER), finance(JANUARY)),
		verdict: 'TAMPERED',
		checks: { approvals: 'failed' },
		findings: ['approval-wrong'],
	},
	{
		name: 'approval-by-the-other-role',
		title: 'Audit has signed for finance too: one person cannot approve for two roles.',
		plan: APPROVED,
		change: (files) => copy(files, audit(JANUARY), finance(JANUARY)),
		verdict: 'UNTRUSTED',
		checks: { approvals: 'failed' },
		findings: ['approval-not-in-force'],
	},
	{
		name: 'approval-of-no-role',
		title: 'An approval in the name of a board: the trust root knows no such role.',
		plan: APPROVED,
		change: (files) => copy(files, finance(JANUARY), `${JANUARY}/approvals/board.asc`),
		verdict: 'TAMPERED',
		checks: { approvals: 'failed' },
		findings: ['file-unlisted'],
	},
];

export const TRUST_CASES: readonly ConformanceCase[] = [...ROOTS, ...CERTIFICATES, ...APPROVALS];
