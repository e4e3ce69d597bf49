import type { Key } from 'openpgp';
import { decodeText, digest } from '../format/bytes.ts';
import { readSignature, type SignatureFault } from './signature.ts';

/** Keys that have been read, by the digest of their certificate: reading one costs milliseconds. */
const known = new Map<string, Promise<Key | null>>();

/**
 * The key of a certificate of the accepted kind (docs/spec/log.md): v4 ed25519Legacy, one user id, no
 * subkeys, no expiry, not revoked, public parts only; null for any other.
 */
function readCertificate(bytes: Uint8Array): Promise<Key | null> {
	const sha256 = digest(bytes);
	const cached = known.get(sha256);
	if (cached !== undefined) return cached;
	const key = parseCertificate(bytes);
	known.set(sha256, key);
	return key;
}

async function parseCertificate(bytes: Uint8Array): Promise<Key | null> {
	const { readKeys } = await import('openpgp');
	const armoredKey = bytes.length > 65_535 ? null : decodeText(bytes);
	if (armoredKey === null) return null;
	try {
		const [key, ...more] = await readKeys({ armoredKeys: armoredKey });
		if (key === undefined || more.length > 0 || (await key.isRevoked())) return null;
		const { algorithm } = key.getAlgorithmInfo();
		const plain = key.users.length === 1 && key.subkeys.length === 0 && !key.isPrivate();
		const endless = (await key.getExpirationTime()) === Number.POSITIVE_INFINITY;
		return plain && endless && algorithm === 'eddsaLegacy' ? key : null;
	} catch {
		// openpgp.js throws on whatever it cannot read: then it is no certificate of ours.
		return null;
	}
}

/** The fingerprint of a certificate of the accepted kind; null for any other. */
export async function fingerprintOf(certificate: Uint8Array): Promise<string | null> {
	return (await readCertificate(certificate))?.getFingerprint() ?? null;
}

/**
 * Null where `signature` is a good signature over exactly `data` by exactly this certificate, else
 * why not. Expiry and the wall clock play no part: authority comes from the trust root.
 */
export async function signatureFault(
	data: Uint8Array,
	signature: Uint8Array,
	certificate: Uint8Array,
): Promise<SignatureFault | null> {
	const profile = readSignature(signature);
	if (!profile.ok) return profile.fault;
	const key = await readCertificate(certificate);
	if (key?.getFingerprint() !== profile.facts.fingerprint) return 'certificate';
	const { createMessage, readSignature: readPackets, verify } = await import('openpgp');
	try {
		const { signatures } = await verify({
			message: await createMessage({ binary: data }),
			signature: await readPackets({ binarySignature: profile.facts.packet }),
			verificationKeys: key,
			date: new Date(profile.facts.created * 1000),
			format: 'binary',
		});
		const [only, ...more] = signatures;
		if (only === undefined || more.length > 0) return 'packet';
		await only.verified;
		return null;
	} catch {
		return 'cryptography';
	}
}
