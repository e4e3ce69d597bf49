import { armor, enums, generateKey, readKey, reformatKey, revokeKey } from 'openpgp';
import { beforeAll, describe, expect, test } from 'vitest';
import { fingerprintOf } from '../../../src/core/evidence/certificate.ts';
import { encodeText } from '../../../src/core/format/bytes.ts';
import { makeSigner, type Signer } from '../../tamper/log.ts';

let signer: Signer;

beforeAll(async () => {
	signer = await makeSigner('signer');
});

const date = new Date('2026-01-01T00:00:00Z');
interface Kind {
	type?: 'ecc' | 'rsa' | 'curve25519';
	curve?: 'ed25519Legacy' | 'nistP256';
	userIDs?: { name: string }[];
	subkeys?: { sign?: boolean }[];
	keyExpirationTime?: number;
	config?: { v6Keys: boolean };
}

/** The accepted kind, or one that departs from it. */
function makeKey(kind: Kind = {}) {
	const good: Kind = { type: 'ecc', curve: 'ed25519Legacy', userIDs: [{ name: 'x' }], subkeys: [] };
	return generateKey({ userIDs: [], ...good, ...kind, date, format: 'armored' });
}

const fingerprintOfText = (armored: string) => fingerprintOf(encodeText(armored));

describe('a certificate', () => {
	test('gives the fingerprint of its key', async () => {
		expect(await fingerprintOfText(signer.certificate)).toBe(signer.fingerprint);
	});

	test('is accepted as gpg --quick-gen-key NAME ed25519 sign never would make it', async () => {
		const { publicKey } = await makeKey();
		const key = await readKey({ armoredKey: publicKey });
		expect(await fingerprintOfText(publicKey)).toBe(key.getFingerprint());
	});
});

describe('a certificate is refused', () => {
	test.each<[string, Kind]>([
		['that expires', { keyExpirationTime: 3600 }],
		['of two user ids', { userIDs: [{ name: 'x' }, { name: 'y' }] }],
		['with a subkey', { subkeys: [{}] }],
		['with a subkey that signs', { subkeys: [{ sign: true }] }],
		['of RSA', { type: 'rsa' }],
		['of new Ed25519', { type: 'curve25519' }],
		['of NIST P-256', { curve: 'nistP256' }],
		['of version 6', { type: 'curve25519', config: { v6Keys: true } }],
	])('%s', async (_, kind) => {
		expect(await fingerprintOfText((await makeKey(kind)).publicKey)).toBeNull();
	});

	test('that is a private key', async () => {
		expect(await fingerprintOfText(signer.secret)).toBeNull();
	});

	test('that is revoked', async () => {
		const { publicKey } = await revokeKey({ key: signer.key, date, format: 'armored' });
		expect(await fingerprintOfText(publicKey)).toBeNull();
	});

	test('that was given another name and an expiry', async () => {
		const { publicKey } = await reformatKey({
			privateKey: signer.key,
			userIDs: [{ name: 'z' }],
			keyExpirationTime: 60,
			date,
			format: 'armored',
		});
		expect(await fingerprintOfText(publicKey)).toBeNull();
	});

	test('that is none', async () => {
		expect(await fingerprintOf(new Uint8Array())).toBeNull();
		expect(await fingerprintOf(Uint8Array.of(0xff, 0xfe))).toBeNull();
		expect(await fingerprintOfText('ssh-ed25519 AAAA x')).toBeNull();
		expect(await fingerprintOfText(signer.certificate.replaceAll('BLOCK', 'BLACK'))).toBeNull();
	});

	test('of which a byte was changed', async () => {
		const bytes = encodeText(signer.certificate);
		const at = signer.certificate.indexOf('\n\n') + 70;
		const changed = bytes.map((byte, index) => (index === at ? (byte === 65 ? 66 : 65) : byte));
		expect(await fingerprintOf(changed)).not.toBe(signer.fingerprint);
	});

	test('above 65,535 bytes', async () => {
		const comment = `Comment: ${'x'.repeat(66_000)}`;
		const text = signer.certificate.replace('\n\n', `\n${comment}\n\n`);
		expect(await fingerprintOfText(text)).toBeNull();
	});

	test('that is two', async () => {
		const other = await makeSigner('other');
		const keys = [signer, other].map((it) => readKey({ armoredKey: it.certificate }));
		const binary = (await Promise.all(keys)).flatMap((it) => [...it.write()]);
		const text = armor(enums.armor.publicKey, Uint8Array.from(binary));
		expect(await fingerprintOfText(text)).toBeNull();
	});
});
