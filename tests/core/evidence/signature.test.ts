import { createMessage, generateKey, readPrivateKey, sign } from 'openpgp';
import { beforeAll, describe, expect, test } from 'vitest';
import { signatureFault } from '../../../src/core/evidence/certificate.ts';
import { readSignature, type SignatureFault } from '../../../src/core/evidence/signature.ts';
import { encodeText } from '../../../src/core/format/bytes.ts';
import { makeSigner, type Signer, signBytes } from '../../tamper/log.ts';
import {
	armor,
	bodyOf,
	concat,
	crc24,
	integers,
	malleate,
	ORDER,
	type Packet,
	putTogether,
	scalarsOf,
	takeApart,
	unarmor,
} from './packet.ts';

const DATA = encodeText('what is signed\n');
const WHEN = '2026-02-01T00:00:00Z';
let signer: Signer;
let other: Signer;
let good: string;
let packet: Packet;

beforeAll(async () => {
	signer = await makeSigner('signer');
	other = await makeSigner('other');
	good = new TextDecoder().decode(await signBytes(DATA, signer, WHEN));
	packet = takeApart(unarmor(good));
});

const faultOf = (text: string) => {
	const profile = readSignature(encodeText(text));
	return profile.ok ? null : profile.fault;
};
const verifyText = (text: string, data = DATA, by = signer) =>
	signatureFault(data, encodeText(text), encodeText(by.certificate));

const issuer = () => new Uint8Array(Buffer.from(signer.fingerprint.slice(24), 'hex'));
const fingerprint = () => new Uint8Array(Buffer.from(`04${signer.fingerprint}`, 'hex'));
const without = (...kinds: number[]) =>
	packet.hashed.filter((it) => !kinds.includes(it.kind & 0x7f));

describe('a signature of the profile', () => {
	test('says who made it and when', () => {
		const profile = readSignature(encodeText(good));
		expect(profile).toMatchObject({
			ok: true,
			facts: { fingerprint: signer.fingerprint, created: Date.parse(WHEN) / 1000 },
		});
	});

	test('is taken apart and put together here as openpgp.js wrote it', () => {
		const bytes = unarmor(good);
		expect(putTogether(packet)).toEqual(bytes);
		expect(armor(bytes, 60, crc24(bytes))).toBe(good);
		expect(integers(...scalarsOf(packet))).toEqual(packet.scalars);
	});

	test.each<[string, () => string]>([
		['as openpgp.js writes it', () => good],
		['in lines of 64, as GnuPG writes it', () => armor(unarmor(good), 64)],
		['without a checksum', () => armor(unarmor(good))],
		['in the old packet format', () => armor(putTogether(packet, [0x88, bodyOf(packet).length]))],
		[
			'with its issuer unhashed, as GnuPG writes it',
			() => armor(putTogether({ ...packet, unhashed: [{ kind: 16, data: issuer() }] })),
		],
	])('is good %s', async (_, text) => {
		expect(await verifyText(text())).toBeNull();
	});
});

/** Each row departs from the profile in one thing. */
const FAULTS: readonly (readonly [SignatureFault, string, () => string])[] = [
	['armor', 'nothing', () => ''],
	['armor', 'text before', () => `x\n${good}`],
	['armor', 'text after', () => `${good}x\n`],
	['armor', 'an empty line more at the end', () => `${good}\n`],
	['armor', 'no final newline', () => good.trimEnd()],
	['armor', 'CRLF', () => good.replaceAll('\n', '\r\n')],
	['armor', 'a version header', () => good.replace('\n\n', '\nVersion: 1\n\n')],
	['armor', 'no empty line after the header', () => good.replace('\n\n', '\n')],
	['armor', 'a blank in the empty line', () => good.replace('\n\n', '\n \n')],
	['armor', 'another block', () => good.replaceAll('SIGNATURE', 'MESSAGE')],
	['armor', 'lines of 48', () => armor(unarmor(good), 48)],
	['armor', 'lines of 76', () => armor(unarmor(good), 76)],
	['armor', 'no lines', () => armor(new Uint8Array())],
	['armor', 'a blank after a line', () => good.replace(/([A-Za-z0-9+/]{60})\n/, '$1 \n')],
	['armor', 'base64 of URLs', () => armor(concat([0xfb, 0xff])).replace('+', '-')],
	['armor', 'spare bits in base64', () => armor(concat([0xc2])).replace('wg==', 'wh==')],
	['armor', 'no padding', () => armor(concat([0xc2])).replace('wg==', 'wg')],
	['armor', 'more than 4 KB', () => armor(new Uint8Array(4096))],
	['checksum', 'another checksum', () => armor(unarmor(good), 64, 'AAAA')],
	['checksum', 'a checksum without padding rules', () => armor(unarmor(good), 64, 'AAA=')],
	['packet', 'a marker before', () => armor(concat([0xca, 3, 80, 71, 80], unarmor(good)))],
	['packet', 'two packets', () => armor(concat(unarmor(good), unarmor(good)))],
	['packet', 'a byte more', () => armor(concat(unarmor(good), [0]))],
	['packet', 'a byte less', () => armor(unarmor(good).slice(0, -1))],
	['packet', 'a one-pass tag', () => armor(putTogether(packet, [0xc4, bodyOf(packet).length]))],
	['packet', 'a partial length', () => armor(putTogether(packet, [0xc2, 0xe6]))],
	[
		'packet',
		'a length of five octets',
		() => armor(putTogether(packet, [0xc2, 255, 0, 0, 0, bodyOf(packet).length])),
	],
	[
		'packet',
		'an old length of two octets where one will do',
		() => armor(putTogether(packet, [0x89, 0, bodyOf(packet).length])),
	],
	['packet', 'an old indefinite length', () => armor(putTogether(packet, [0x8b]))],
	['packet', 'areas that end beyond it', () => armor(concat([0xc2, 6, 4, 0, 22, 8, 0, 99]))],
	['version', 'version 3', () => armor(putTogether({ ...packet, version: 3 }))],
	['version', 'version 6', () => armor(putTogether({ ...packet, version: 6 }))],
	['type', 'text', () => armor(putTogether({ ...packet, type: 1 }))],
	['type', 'a certification', () => armor(putTogether({ ...packet, type: 0x10 }))],
	['algorithm', 'RSA', () => armor(putTogether({ ...packet, algorithm: 1 }))],
	['algorithm', 'new Ed25519', () => armor(putTogether({ ...packet, algorithm: 27 }))],
	['algorithm', 'SHA-1', () => armor(putTogether({ ...packet, hash: 2 }))],
	['algorithm', 'SHA-384', () => armor(putTogether({ ...packet, hash: 9 }))],
];

describe('a signature is refused with', () => {
	test.each(FAULTS)('%s: %s', async (fault, _, text) => {
		expect(faultOf(text())).toBe(fault);
		expect(await verifyText(text())).toBe(fault);
	});
});

describe('a signature is refused for its subpackets:', () => {
	const data = Uint8Array.of(0);
	test.each<[string, () => Partial<Packet>]>([
		['no fingerprint', () => ({ hashed: without(33) })],
		['two fingerprints', () => ({ hashed: [...packet.hashed, ...without(2, 16)] })],
		['a short fingerprint', () => ({ hashed: [...without(33), { kind: 33, data }] })],
		[
			'a fingerprint of version 6',
			() => ({ hashed: [...without(33), { kind: 33, data: concat([6], new Uint8Array(32)) }] }),
		],
		['no time', () => ({ hashed: without(2) })],
		['a short time', () => ({ hashed: [...without(2), { kind: 2, data }] })],
		['an expiry', () => ({ hashed: [...packet.hashed, { kind: 3, data: new Uint8Array(4) }] })],
		['a policy', () => ({ hashed: [...packet.hashed, { kind: 26, data }] })],
		['an embedded signature', () => ({ hashed: [...packet.hashed, { kind: 32, data }] })],
		['a private kind', () => ({ hashed: [...packet.hashed, { kind: 100, data }] })],
		['a critical notation', () => ({ hashed: [...packet.hashed, { kind: 0x94, data }] })],
		['another issuer', () => ({ hashed: [...without(16), { kind: 16, data: new Uint8Array(8) }] })],
		['an unhashed notation', () => ({ unhashed: [{ kind: 20, data }] })],
		['an unhashed fingerprint', () => ({ unhashed: [{ kind: 33, data: fingerprint() }] })],
		['an unhashed time', () => ({ unhashed: [{ kind: 2, data: new Uint8Array(4) }] })],
		['another unhashed issuer', () => ({ unhashed: [{ kind: 16, data: new Uint8Array(8) }] })],
		[
			'two unhashed issuers',
			() => ({ unhashed: [16, 16].map((kind) => ({ kind, data: issuer() })) }),
		],
	])('%s', (_, change) => {
		expect(faultOf(armor(putTogether({ ...packet, ...change() })))).toBe('subpacket');
	});

	test('a length of nothing', () => {
		const body = concat([4, 0, 22, 8, 0, 1, 0, 0, 0, 0, 0]);
		expect(faultOf(armor(concat([0xc2, body.length], body)))).toBe('subpacket');
	});

	test('a critical unhashed issuer', () => {
		const unhashed = [{ kind: 0x90, data: issuer() }];
		expect(faultOf(armor(putTogether({ ...packet, unhashed })))).toBe('subpacket');
	});

	test('but not for a signer, a plain notation or a time that is not critical', () => {
		const more = [
			{ kind: 28, data: encodeText('somebody') },
			{ kind: 20, data },
		];
		const hashed = [...packet.hashed, ...more].map((it) =>
			it.kind === 0x82 ? { ...it, kind: 2 } : it,
		);
		expect(faultOf(armor(putTogether({ ...packet, hashed })))).toBeNull();
	});
});

describe('a signature is refused for its scalars:', () => {
	const of = (scalars: Uint8Array) => faultOf(armor(putTogether({ ...packet, scalars })));
	const little = (value: bigint) =>
		new Uint8Array(Buffer.from(value.toString(16).padStart(64, '0'), 'hex')).reverse();

	test('S + L, which satisfies the same equation', async () => {
		const text = armor(putTogether(malleate(packet)));
		expect(faultOf(text)).toBe('scalar');
	});

	test('S = L, but not S = L - 1', () => {
		const [r] = scalarsOf(packet);
		expect(of(integers(r, little(ORDER)))).toBe('scalar');
		expect(of(integers(r, little(ORDER - 1n)))).toBeNull();
	});

	test.each<[string, (r: Uint8Array, s: Uint8Array) => Uint8Array]>([
		['none', () => new Uint8Array()],
		['one', (r) => integers(r)],
		['three', (r, s) => integers(r, s, s)],
		['zero', (r) => integers(r, new Uint8Array(32))],
		['a zero in front', (r, s) => concat(integers(r), [1, 8], [0], s)],
		['a wrong count of bits', (r, s) => concat(integers(r), [0, 249], s)],
		['more than 256 bits', (r, s) => integers(r, concat([1], s))],
		['a byte after them', (r, s) => concat(integers(r, s), [0])],
	])('%s', (_, change) => {
		const [r, s] = scalarsOf(packet);
		const scalars = change(r, s);
		expect(faultOf(armor(putTogether({ ...packet, scalars }, [0xc2, 130])))).not.toBeNull();
		expect(of(scalars)).toBe('scalar');
	});
});

describe('a signature of the profile is refused', () => {
	test('over other bytes', async () => {
		expect(await verifyText(good, encodeText('what is signed\r\n'))).toBe('cryptography');
		expect(await verifyText(good, new Uint8Array())).toBe('cryptography');
	});

	test('under the certificate of another', async () => {
		expect(await verifyText(good, DATA, other)).toBe('certificate');
	});

	test('that names another who did not make it', async () => {
		const hex = Buffer.from(`04${other.fingerprint}`, 'hex');
		const hashed = [...without(33, 16), { kind: 33, data: new Uint8Array(hex) }];
		const text = armor(putTogether({ ...packet, hashed }));
		expect(faultOf(text)).toBeNull();
		expect(await verifyText(text, DATA, other)).toBe('cryptography');
	});

	test('with a hashed subpacket added', async () => {
		const hashed = [...packet.hashed, { kind: 28, data: encodeText('somebody') }];
		expect(await verifyText(armor(putTogether({ ...packet, hashed })))).toBe('cryptography');
	});

	test('with another time', async () => {
		const hashed = packet.hashed.map((it) =>
			it.kind === 0x82 ? { ...it, data: it.data.map((byte) => byte ^ 1) } : it,
		);
		expect(await verifyText(armor(putTogether({ ...packet, hashed })))).toBe('cryptography');
	});

	test('with other octets of the hash', async () => {
		const left = packet.left.map((byte) => byte ^ 0x80);
		expect(await verifyText(armor(putTogether({ ...packet, left })))).toBe('cryptography');
	});
});

describe('what openpgp.js signs otherwise is refused:', () => {
	const config = { nonDeterministicSignaturesViaNotation: false };
	const date = new Date(WHEN);

	test('a text', async () => {
		const message = await createMessage({ text: 'what is signed\n' });
		const options = { message, detached: true, date, config, format: 'armored' } as const;
		expect(faultOf(await sign({ ...options, signingKeys: signer.key }))).toBe('type');
	});

	test.each([
		['RSA', { type: 'rsa', rsaBits: 2048 } as const, 'algorithm'],
		['new Ed25519', { type: 'curve25519' } as const, 'algorithm'],
		['NIST P-256', { type: 'ecc', curve: 'nistP256' } as const, 'algorithm'],
	])('%s', async (_, kind, fault) => {
		const { privateKey } = await generateKey({
			...kind,
			userIDs: [{ name: 'x' }],
			format: 'armored',
			date,
		});
		const signingKeys = await readPrivateKey({ armoredKey: privateKey });
		const message = await createMessage({ binary: DATA });
		const text = await sign({ message, signingKeys, detached: true, date, config });
		// RSA signatures have more than 255 bytes, and the profile looks at the algorithm first.
		expect(faultOf(text)).toBe(fault);
	});

	test('two signers at once', async () => {
		const message = await createMessage({ binary: DATA });
		const signingKeys = [signer.key, other.key];
		expect(faultOf(await sign({ message, signingKeys, detached: true, date, config }))).toBe(
			'packet',
		);
	});
});
