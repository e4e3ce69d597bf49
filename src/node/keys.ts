import { readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import type { PrivateKey } from 'openpgp';
import { errorCode, StopError, stop } from './stop.ts';

/** A key pair of the kind that GnuPG 2.2 and openpgp.js both read (docs/spec/log.md). */
export interface KeyPair {
	readonly fingerprint: string;
	/** Armored private key, protected by the passphrase unless that was empty. */
	readonly secret: string;
	/** Armored certificate, as `trust/keys/` holds it. */
	readonly certificate: string;
}

/** A new ed25519Legacy key with one user id and no expiry. */
export async function generateKeyPair(
	name: string,
	created: Date,
	passphrase: string,
): Promise<KeyPair> {
	const { generateKey, readKey } = await import('openpgp');
	const { privateKey, publicKey } = await generateKey({
		type: 'ecc',
		curve: 'ed25519Legacy',
		userIDs: [{ name }],
		subkeys: [],
		date: created,
		format: 'armored',
		...(passphrase === '' ? {} : { passphrase }),
	});
	const key = await readKey({ armoredKey: publicKey });
	return { fingerprint: key.getFingerprint(), secret: privateKey, certificate: publicKey };
}

/** The private key of an armored file, ready to sign. */
export async function unlockKey(
	path: string,
	passphrase: () => Promise<string>,
): Promise<PrivateKey> {
	const armored = readKeyFile(path);
	const { decryptKey, readPrivateKey } = await import('openpgp');
	if (armored.includes('BEGIN PGP PUBLIC KEY')) stop({ code: 'key-public', path });
	const key = await readPrivateKey({ armoredKey: armored }).catch(() => null);
	if (key === null) return stop({ code: 'key-unreadable', path });
	if (key.isDecrypted()) return key;
	const words = await passphrase();
	const open = await decryptKey({ privateKey: key, passphrase: words }).catch(() => null);
	return open ?? stop({ code: 'passphrase-wrong', path });
}

function readKeyFile(path: string): string {
	try {
		return readFileSync(path, 'utf8');
	} catch (error) {
		if (errorCode(error) === null) throw error;
		return stop({ code: 'key-unreadable', path });
	}
}

/** An armored detached signature over exactly these bytes, the same bytes at every call. */
export async function signDetached(
	bytes: Uint8Array,
	key: PrivateKey,
	date: Date,
): Promise<string> {
	const { createMessage, sign } = await import('openpgp');
	return sign({
		message: await createMessage({ binary: bytes }),
		signingKeys: key,
		detached: true,
		date,
		format: 'armored',
		config: { nonDeterministicSignaturesViaNotation: false },
	});
}

/** Writes a private key that only its owner may read; never over an existing file. */
export function writeKeyFile(path: string, secret: string): void {
	try {
		writeFileSync(path, secret, { mode: 0o600, flag: 'wx' });
	} catch (error) {
		const reason = errorCode(error);
		if (reason === null) throw error;
		stop(reason === 'EEXIST' ? { code: 'keys-exist', path } : { code: 'machine', path, reason });
	}
}

/** The passphrase from `WATTPROOF_PASSPHRASE`, else typed at a prompt that does not show it. */
export async function askPassphrase(prompt: string): Promise<string> {
	const given = process.env['WATTPROOF_PASSPHRASE'];
	if (given !== undefined) return given;
	if (!process.stdin.isTTY) return stop({ code: 'passphrase-missing' });
	process.stderr.write(prompt);
	const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
	const lines = createInterface({ input: process.stdin, output: silent, terminal: true });
	return new Promise((resolve, reject) => {
		// Ctrl-C and Ctrl-D close the prompt without an answer.
		lines.once('close', () => reject(new StopError({ code: 'passphrase-missing' })));
		lines.question('', (answer) => {
			resolve(answer);
			lines.close();
			process.stderr.write('\n');
		});
	});
}

/** A new passphrase: from the environment, else typed twice. */
export async function askNewPassphrase(prompt: string, again: string): Promise<string> {
	const passphrase = await askPassphrase(prompt);
	if (process.env['WATTPROOF_PASSPHRASE'] !== undefined) return passphrase;
	if ((await askPassphrase(again)) !== passphrase) stop({ code: 'passphrase-differs' });
	return passphrase;
}
