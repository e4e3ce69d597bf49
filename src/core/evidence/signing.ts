import type { PrivateKey } from 'openpgp';

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
