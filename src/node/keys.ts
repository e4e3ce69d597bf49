import { readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import type { PrivateKey } from 'openpgp';
import { decodeText } from '../core/format/bytes.ts';
import { errorCode, onMachine, StopError, stop } from './stop.ts';

export { generateKeyPair, type KeyPair, signDetached } from '../core/evidence/signing.ts';

/** What a certificate says of its holder: words of whoever made it, vouched for by nobody. */
export async function holderOf(certificate: Uint8Array): Promise<string> {
	const { readKey } = await import('openpgp');
	const armoredKey = decodeText(certificate) ?? '';
	const key = await readKey({ armoredKey }).catch(() => null);
	return key?.users[0]?.userID?.userID ?? '';
}

/** The private key of an armored file, ready to sign. */
export async function unlockKey(
	path: string,
	passphrase: () => Promise<string>,
): Promise<PrivateKey> {
	const armored = onMachine(path, () => readFileSync(path, 'utf8'));
	const { decryptKey, readPrivateKey } = await import('openpgp');
	if (armored.includes('BEGIN PGP PUBLIC KEY')) stop({ code: 'key-public', path });
	const key = await readPrivateKey({ armoredKey: armored }).catch(() => null);
	if (key === null) return stop({ code: 'key-unreadable', path });
	if (key.isDecrypted()) return key;
	const words = await passphrase();
	const open = await decryptKey({ privateKey: key, passphrase: words }).catch(() => null);
	return open ?? stop({ code: 'passphrase-wrong', path });
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
