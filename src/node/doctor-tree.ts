import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
	CORRECTION,
	DIGEST_LIST,
	inputFolder,
	MANIFEST,
	METERING_POINTS,
	REGISTER,
	rootPath,
	rulesPath,
	runFolder,
	SIGNATURE,
	SUBSTITUTES,
} from '../core/paths.ts';
import { type Diagnosis, ok, problem, unknown } from './diagnosis.ts';
import { ATTRIBUTES } from './new-log.ts';
import { errorCode } from './stop.ts';

/** Of OpenPGP, OpenSSH and others, as a line of its own: code that only names one is no key. */
const PRIVATE_KEY = /^-----BEGIN [A-Z ]*PRIVATE KEY( BLOCK)?-----\r?$/m;
/** No key is so large. */
const KEY_LIMIT = 1024 * 1024;
/** What Git and npm keep, and nobody commits. */
const NOT_OURS: ReadonlySet<string> = new Set(['.git', 'node_modules']);

/** Whether a private key lies in the repository, where every copy of it takes it along. */
export function examinePrivateKeys(dir: string): Diagnosis[] {
	const inside: string[] = [];
	const unread: string[] = [];
	const visit = (path: string) => {
		try {
			const stats = lstatSync(join(dir, path));
			if (stats.isDirectory()) {
				for (const name of readdirSync(join(dir, path)).toSorted()) {
					if (!NOT_OURS.has(name)) visit(path === '' ? name : `${path}/${name}`);
				}
			} else if (stats.isFile() && stats.size <= KEY_LIMIT) {
				if (PRIVATE_KEY.test(readFileSync(join(dir, path), 'latin1'))) inside.push(path);
			}
		} catch (error) {
			if (errorCode(error) === null) throw error;
			unread.push(path);
		}
	};
	visit('');
	if (inside.length > 0) {
		return [problem('private-keys', { code: 'private-keys-inside', paths: inside })];
	}
	if (unread.length > 0) {
		return [unknown('private-keys', { code: 'file-unreadable', paths: unread })];
	}
	return [ok('private-keys', { code: 'private-keys-none' })];
}

/** What Git would do to files of the log; anything but these values can change their bytes. */
const PLAIN: Readonly<Record<string, string>> = {
	text: 'unset',
	ident: 'unspecified',
	filter: 'unspecified',
	'working-tree-encoding': 'unspecified',
};

/** A file of each kind that a log has: a line may be about the ends of names. */
const KINDS = [
	REGISTER,
	METERING_POINTS,
	rulesPath('2026-01'),
	...['any.csv', SUBSTITUTES, `r2/${CORRECTION}`].map((it) => `${inputFolder('2026-01')}/${it}`),
	...[MANIFEST, SIGNATURE, DIGEST_LIST, 'statement.csv', 'rules.json', 'approvals/any.asc'].map(
		(it) => `${runFolder('2026-01', 1)}/${it}`,
	),
	rootPath(1),
	`${rootPath(1)}.any.asc`,
];

/** Whether Git leaves line ends alone, whatever a person's configuration says. */
export function examineAttributes(dir: string): Diagnosis[] {
	const path = join(dir, '.gitattributes');
	const lines = existsSync(path) ? readFileSync(path, 'utf8').split(/\r?\n/) : [];
	const missing = ATTRIBUTES.filter((line) => !lines.includes(line));
	if (missing.length > 0) {
		return [problem('attributes', { code: 'attributes-missing', lines: missing })];
	}
	// A later line, or a file in a folder, may say otherwise: Git knows who wins.
	const asked = ['-C', dir, 'check-attr', '-z', ...Object.keys(PLAIN), '--', ...KINDS];
	const { status, stdout, error } = spawnSync('git', asked, { encoding: 'utf8' });
	if (error !== undefined || status !== 0) {
		return [unknown('attributes', { code: 'attributes-unread' })];
	}
	const words = stdout.split('\0');
	const found = new Set<string>();
	for (let at = 0; at + 2 < words.length; at += 3) {
		const [name = '', attribute = '', value = ''] = words.slice(at, at + 3);
		if (PLAIN[attribute] === value) continue;
		found.add(`${name.split('/')[0]}/: ${attribute} ${value}`);
	}
	if (found.size > 0) {
		return [problem('attributes', { code: 'attributes-overridden', found: [...found] })];
	}
	return [ok('attributes', { code: 'attributes-set' })];
}
