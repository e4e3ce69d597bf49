import { beforeAll, describe, expect, test } from 'vitest';
import { digest } from '../../src/core/format/bytes.ts';
import type { Finding, Report, Verdict } from '../../src/core/verification/report.ts';
import { verify } from '../../src/core/verification/verify.ts';
import { type Keys, LOG_KINDS, type LogKind, type MutableFiles, makeKeys, makeLog } from './log.ts';
import type { Mutation } from './mutation.ts';
import { MUTATIONS } from './mutations.ts';

let keys: Keys;
const logs = new Map<LogKind, ReadonlyMap<string, Uint8Array>>();

beforeAll(async () => {
	keys = await makeKeys();
	for (const kind of LOG_KINDS) logs.set(kind, await makeLog(keys, kind));
});

/** The digest that a person noted when the log began. */
function pinOf(kind: LogKind): string {
	return digest(logs.get(kind)?.get('trust/root-1.json') ?? new Uint8Array());
}

async function verifyMutation(mutation: Mutation, pin: string | null): Promise<Report> {
	const files: MutableFiles = new Map(logs.get(mutation.log ?? 'plain'));
	const seen = await mutation.change(files, keys);
	const tree = { files, irregular: [], unavailable: [], ...(seen ?? {}) };
	return verify({ tree, pin });
}

const STATUS = {
	tampered: 'failed',
	untrusted: 'failed',
	unavailable: 'unavailable',
	pending: 'unavailable',
	notice: 'passed',
} as const;

const EFFECT: Readonly<Record<Verdict, Finding['effect'] | null>> = {
	TAMPERED: 'tampered',
	UNTRUSTED: 'untrusted',
	INCOMPLETE: 'unavailable',
	PENDING: 'pending',
	VALID: 'notice',
	UNCONFIRMED: 'notice',
};

describe('every mutation', () => {
	for (const mutation of MUTATIONS) {
		const { name, check, code, path } = mutation;
		test(name, async () => {
			const report = await verifyMutation(mutation, pinOf(mutation.log ?? 'plain'));
			const seen = report.findings.map((it) => `${it.check} ${it.effect} ${it.code} ${it.path}`);
			expect(report.verdict, seen.join('\n')).toBe(mutation.verdict);
			expect(report.runs.at(-1)?.sequence ?? 0).toBe(mutation.last ?? report.runs.at(-1)?.sequence);
			if (check === undefined) {
				expect(seen).toEqual([]);
				return;
			}
			const matching = report.findings.filter(
				(it) => it.check === check && it.code === code && it.path === (path ?? it.path),
			);
			expect(matching, seen.join('\n')).not.toEqual([]);
			expect(matching.map((it) => it.effect)).toContain(EFFECT[mutation.verdict]);
			const effect = EFFECT[mutation.verdict] ?? 'notice';
			expect(report.checks.find(({ id }) => id === check)?.status).toBe(STATUS[effect]);
		});
	}
});

describe('the table', () => {
	test('names every mutation once, in kebab-case', () => {
		const names = MUTATIONS.map(({ name }) => name);
		expect(new Set(names).size).toBe(names.length);
		for (const name of names) expect(name).toMatch(/^[a-z0-9.]+(-[a-z0-9.]+)*$/);
	});

	test('says something about each', () => {
		for (const { says } of MUTATIONS) expect(says).toMatch(/^[A-Z].*\.$/);
	});
});

describe('the pin', () => {
	const [unchanged] = MUTATIONS;
	const verdictWith = async (pin: string | null) =>
		unchanged && (await verifyMutation(unchanged, pin)).verdict;

	test('makes an intact log VALID', async () => {
		expect(await verdictWith(pinOf('plain'))).toBe('VALID');
	});

	test('of nothing leaves it UNCONFIRMED', async () => {
		expect(await verdictWith(null)).toBe('UNCONFIRMED');
	});

	test('of another trust root makes it UNTRUSTED', async () => {
		expect(await verdictWith(pinOf('approved'))).toBe('UNTRUSTED');
	});

	test('of a self-made trust root makes it VALID: everything rests on the pin', async () => {
		const takeover = MUTATIONS.find(({ name }) => name === 'trust-root-self-made');
		if (takeover === undefined) throw new Error('no such row');
		const { trust_roots } = await verifyMutation(takeover, null);
		const pin = trust_roots.at(0)?.sha256 ?? '';
		expect((await verifyMutation(takeover, null)).verdict).toBe('UNCONFIRMED');
		expect((await verifyMutation(takeover, pin)).trust_roots).toHaveLength(1);
	});

	test('of the second trust root holds the first as well', async () => {
		const files = logs.get('successor') ?? new Map<string, Uint8Array>();
		const pin = digest(files.get('trust/root-2.json') ?? new Uint8Array());
		const tree = { files, irregular: [], unavailable: [] };
		expect((await verify({ tree, pin })).verdict).toBe('VALID');
	});
});
