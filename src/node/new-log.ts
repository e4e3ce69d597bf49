import { existsSync, mkdirSync, readFileSync, realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { readLog, readTrustRoots } from '../core/evidence/log.ts';
import { formatTrustRoot } from '../core/evidence/trust-root.ts';
import { digest, encodeText, type Files } from '../core/format/bytes.ts';
import { formatJson } from '../core/format/json.ts';
import { LOG_NAME } from '../core/format/name.ts';
import {
	certificatePath,
	GUARDED_FOLDERS,
	REGISTER,
	rootPath,
	rootSignaturePath,
	rulesPath,
} from '../core/paths.ts';
import { generateKeyPair, type KeyPair, signDetached, writeKeyFile } from './keys.ts';
import { type NewSite, siteFor } from './new-site.ts';
import { committer } from './repository.ts';
import { SAMPLE_LOG } from './sample.ts';
import { onMachine, stop } from './stop.ts';
import { commitChange, openClean } from './transaction.ts';

/** The first trust root of a log with the keys that it names. */
export interface NewTrust {
	readonly root: KeyPair;
	readonly finalizer: KeyPair;
	/** Digest of `trust/root-1.json`: what people note on paper. */
	readonly root_sha256: string;
	/** Everything below `trust/`. */
	readonly files: Files;
}

/** One root key, one finalizer key, no approval roles: "signed by automation only". */
export async function createTrust(log: string, now: Date, passphrase: string): Promise<NewTrust> {
	const root = await generateKeyPair(`${log} root`, now, passphrase);
	const finalizer = await generateKeyPair(`${log} finalizer`, now, passphrase);
	const pinned = ({ fingerprint, certificate }: KeyPair) => ({
		fingerprint,
		certificate_sha256: digest(encodeText(certificate)),
	});
	const bytes = formatTrustRoot({
		log,
		version: 1,
		previous_sha256: null,
		effective_from_sequence: 1,
		root_threshold: 1,
		root_keys: [pinned(root)],
		finalizer_keys: [{ ...pinned(finalizer), from_sequence: 1, to_sequence: null }],
		approvals: [],
	});
	const signature = await signWith(root, bytes, passphrase, now);
	const files = new Map([
		[rootPath(1), bytes],
		[rootSignaturePath(1, root.fingerprint), encodeText(signature)],
		[certificatePath(root.fingerprint), encodeText(root.certificate)],
		[certificatePath(finalizer.fingerprint), encodeText(finalizer.certificate)],
	]);
	return { root, finalizer, root_sha256: digest(bytes), files };
}

async function signWith({ secret }: KeyPair, bytes: Uint8Array, passphrase: string, now: Date) {
	const { decryptKey, readPrivateKey } = await import('openpgp');
	const privateKey = await readPrivateKey({ armoredKey: secret });
	const key = passphrase === '' ? privateKey : await decryptKey({ privateKey, passphrase });
	return signDetached(bytes, key, now);
}

export interface InitRequest {
	readonly dir: string;
	readonly log: string;
	/** Folder outside the repository for the two private keys. */
	readonly keys: string;
	/** What the portal says of its operator; nothing where the repository has no portal. */
	readonly site?: NewSite;
	readonly passphrase: () => Promise<string>;
	readonly now: Date;
}

/** Begins a new log in a repository, with or without the sample in it (docs/spec/commands.md). */
export async function initLog(request: InitRequest): Promise<{
	readonly root_sha256: string;
	readonly root_key: string;
	readonly finalizer_key: string;
}> {
	const { dir, log, keys, now } = request;
	const { repository, tree } = await openClean(dir);
	requireReplaceable(tree.files);
	const way = relative(realPath(dir), realPath(keys));
	if (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)) {
		stop({ code: 'keys-inside-repository', dir: keys });
	}
	if (!LOG_NAME.test(log)) stop({ code: 'log-name', found: log });
	const root_key = join(keys, 'root.private.asc');
	const finalizer_key = join(keys, 'finalizer.private.asc');
	const taken = [root_key, finalizer_key].find((path) => existsSync(path));
	if (taken !== undefined) stop({ code: 'keys-exist', path: taken });
	const site = await siteFor(repository, request.site ?? {});
	const trust = await createTrust(log, now, await request.passphrase());
	onMachine(keys, () => mkdirSync(keys, { recursive: true, mode: 0o700 }));
	writeKeyFile(root_key, trust.root.secret);
	writeKeyFile(finalizer_key, trust.finalizer.secret);

	const add = new Map([
		...trust.files,
		[REGISTER, encodeText('entity,name,cost_center,valid_from,valid_to\n')],
		[rulesPath(`${now.getUTCFullYear() - 1}-01`), proportionalRules()],
		...site,
		...readmeWithRoot(dir, trust.root_sha256),
		...attributesFor(dir),
	]);
	const message = `trust: begin the log ${log}\n\nTrust-root-SHA256: ${trust.root_sha256}\n`;
	const author = await committer(repository);
	await commitChange(repository, { remove: [...GUARDED_FOLDERS], add, message, author });
	return { root_sha256: trust.root_sha256, root_key, finalizer_key };
}

/** Git must never change line ends of what is signed, whatever a person's configuration says. */
export const ATTRIBUTES = GUARDED_FOLDERS.map((folder) => `/${folder}/** -text`);

/** `.gitattributes` with the lines that it lacks, if it lacks any. */
function attributesFor(dir: string): [string, Uint8Array][] {
	const path = join(dir, '.gitattributes');
	const text = existsSync(path) ? onMachine(path, () => readFileSync(path, 'utf8')) : '';
	const missing = ATTRIBUTES.filter((line) => !text.split(/\r?\n/).includes(line));
	if (missing.length === 0) return [];
	const gap = text === '' || text.endsWith('\n') ? '' : '\n';
	return [['.gitattributes', encodeText(`${text}${gap}${missing.join('\n')}\n`)]];
}

/** A path with its links resolved, as far down as it is there. */
function realPath(path: string): string {
	const whole = resolve(path);
	if (existsSync(whole) || dirname(whole) === whole) return realpathSync(whole);
	return join(realPath(dirname(whole)), basename(whole));
}

/** Only a sample may be replaced by a program: every other log is a record. */
export function requireReplaceable(files: Files): void {
	const [first] = readTrustRoots(files);
	const final = readLog(files).length > 0;
	if (first === undefined ? final : first.log !== SAMPLE_LOG) {
		stop({ code: 'log-exists', log: first?.log ?? '' });
	}
}

function proportionalRules(): Uint8Array {
	return formatJson({
		format: 'wattproof/rules/v1',
		basis: 'monthly',
		time_zone: 'UTC',
		allocation: [{ rule: 'proportional' }],
	});
}

const ROOT_LINE = /(<!-- trust root -->\n`)[0-9a-f]{64}(`)/;

/** README.md with the digest of the new trust root in its marked place, if it has one. */
export function readmeWithRoot(dir: string, root_sha256: string): [string, Uint8Array][] {
	const path = join(dir, 'README.md');
	const text = existsSync(path) ? onMachine(path, () => readFileSync(path, 'utf8')) : '';
	if (!ROOT_LINE.test(text)) return [];
	return [['README.md', encodeText(text.replace(ROOT_LINE, `$1${root_sha256}$2`))]];
}
