import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { fingerprintOf } from '../src/core/evidence/certificate.ts';
import { encodeText, type Files } from '../src/core/format/bytes.ts';
import { CHECKS, FINDING_CODES, type Report } from '../src/core/verification/report.ts';
import { verify } from '../src/core/verification/verify.ts';
import { readTree } from '../src/node/files.ts';
import { chance } from './support/communities.ts';
import { conformanceKeys } from './support/conformance/keys.ts';
import { CASES, makeSuite } from './support/conformance/suite.ts';

/** The published cases: that they are the generated ones, and what this verifier says of them. */

const FOLDER = 'tests/conformance';

/** Everything in the folder, and apart from it what lies beside the cases. */
function readSuite(): Files {
	const entries = readdirSync(FOLDER, { recursive: true, withFileTypes: true });
	const paths = entries.filter((it) => it.isFile()).map((it) => join(it.parentPath, it.name));
	const named = paths.map((path) => [relative(FOLDER, path).replaceAll('\\', '/'), path] as const);
	const cases = named.filter(([name]) => name !== 'README.md' && name !== 'run.mjs');
	return new Map(cases.map(([name, path]) => [name, new Uint8Array(readFileSync(path))]));
}

describe('the folder', () => {
	let made: Files;
	const found = readSuite();
	beforeAll(async () => {
		made = await makeSuite();
	});

	test('holds exactly the generated files', () => {
		const missing = [...made.keys()].filter((path) => !found.has(path));
		const extra = [...found.keys()].filter((path) => !made.has(path));
		const changed = [...found].flatMap(([path, bytes]) => {
			const expected = made.get(path);
			return expected === undefined || Buffer.from(bytes).equals(expected) ? [] : [path];
		});
		expect({ missing, extra, changed }).toEqual({ missing: [], extra: [], changed: [] });
	});

	test('is small, and every name in it means one file on every system', () => {
		const bytes = [...found.values()].reduce((sum, it) => sum + it.length, 0);
		console.log(`${CASES.length} cases, ${found.size} files, ${bytes} bytes`);
		expect(found.size).toBeLessThan(2_500);
		expect(bytes).toBeLessThan(2_500_000);
		const folded = new Set([...found.keys()].map((path) => path.toLowerCase()));
		expect(folded.size).toBe(found.size);
		for (const path of found.keys()) expect(path).toMatch(/^[A-Za-z0-9_./ ()-]{1,140}$/);
	});
});

/** What a report says, as `expected.json` says it. */
function summaryOf({ verdict, checks, findings }: Report) {
	const open = checks.filter(({ status }) => status === 'failed' || status === 'unavailable');
	const codes = new Set(findings.map(({ code }) => code));
	return {
		verdict,
		checks: Object.fromEntries(open.map(({ id, status }) => [id, status])),
		findings: FINDING_CODES.filter((code) => codes.has(code)),
	};
}

const expectedOf = (name: string) =>
	JSON.parse(readFileSync(`${FOLDER}/${name}/expected.json`, 'utf8'));

test.each(CASES.map(({ name }) => name))('%s', async (name) => {
	const { pin, verdict, checks, findings } = expectedOf(name);
	const report = await verify({ tree: readTree(`${FOLDER}/${name}/repo`), pin });
	expect(summaryOf(report)).toEqual({ verdict, checks, findings });
});

describe('the table', () => {
	test('has every verdict and every check of its scope', () => {
		const verdicts = ['VALID', 'TAMPERED', 'UNTRUSTED', 'INCOMPLETE', 'PENDING', 'UNCONFIRMED'];
		expect(new Set(CASES.map(({ verdict }) => verdict))).toEqual(new Set(verdicts));
		const checks = new Set(CASES.flatMap((row) => Object.keys(row.checks ?? {})));
		const beyond = ['history', 'source-commits', 'checkpoint'];
		expect(CHECKS.filter((id) => !checks.has(id))).toEqual(beyond);
	});

	test('has every finding of the specification that plain files show on every system', () => {
		const table = readFileSync('docs/spec/verification.md', 'utf8').split('## Findings')[1] ?? '';
		const rows = [...table.matchAll(/^\| (`.+`) \| ([a-z, -]+) \| /gm)];
		const inScope = rows.filter(([, , check = '']) => !/history|source|checkpoint/.test(check));
		const codes = inScope.flatMap(([, names = '']) => names.replaceAll('`', '').split(', '));
		expect(codes.length).toBeGreaterThan(50);
		const covered = new Set<string>(CASES.flatMap(({ findings = [] }) => findings));
		const beyond = ['check-crashed', 'path-collision', 'file-irregular', 'file-unavailable'];
		const elsewhere = [...beyond, 'time-zone-differs'];
		expect(codes.filter((code) => !covered.has(code))).toEqual(elsewhere);
	});

	test('names checks and findings in the order of the specification', () => {
		for (const { name, checks = {}, findings = [] } of CASES) {
			expect(Object.keys(checks), name).toEqual(CHECKS.filter((id) => id in checks));
			expect(findings, name).toEqual(FINDING_CODES.filter((code) => findings.includes(code)));
		}
	});

	test('names every case once, in kebab-case, and says something about each', () => {
		expect(new Set(CASES.map(({ name }) => name)).size).toBe(CASES.length);
		expect(new Set(CASES.map(({ title }) => title)).size).toBe(CASES.length);
		for (const { name, title } of CASES) {
			expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
			expect(title).toMatch(/^[A-Z].{10,98}\.$/);
		}
	});
});

test('every key is of the accepted kind', async () => {
	for (const { fingerprint, certificate } of Object.values(await conformanceKeys())) {
		expect(await fingerprintOf(encodeText(certificate))).toBe(fingerprint);
	}
});

test('README.md shows the expectation of a case as it is', () => {
	const readme = readFileSync(`${FOLDER}/README.md`, 'utf8');
	expect(readme).toContain(readFileSync(`${FOLDER}/reading-changed/expected.json`, 'utf8'));
	expect(readme).toContain(`${CASES.length} cases`);
});

function run(...args: readonly string[]): Promise<{ code: number | null; out: string }> {
	const child = spawn(process.execPath, [`${FOLDER}/run.mjs`, ...args]);
	let out = '';
	for (const stream of [child.stdout, child.stderr]) {
		stream.on('data', (chunk) => {
			out += chunk;
		});
	}
	return new Promise((resolve) => child.once('close', (code) => resolve({ code, out })));
}

describe('the runner', () => {
	const seed = Date.now() % 10_000;
	const next = chance(seed);
	const sample = CASES.filter(() => next(CASES.length) < 4).map(({ name }) => name);
	const names = inject('full') ? [] : [...new Set(['nothing-noted', ...sample])];
	const extent = inject('full') ? 'all cases' : `a sample from seed ${seed}`;

	test(`finds that the command agrees (${extent})`, async () => {
		const { code, out } = await run(...names, '--', process.execPath, 'scripts/verify.ts');
		const count = inject('full') ? CASES.length : new Set(names).size;
		expect(out).toMatch(new RegExp(`^(ok {6}[a-z0-9-]+\n){${count}}${count} passed, 0 failed\n$`));
		expect(code).toBe(0);
	});

	const four = ['correction', 'nothing-noted', 'reading-changed', 'rules-equal'];
	const script = (text: string, ...more: string[]) => ['--', process.execPath, '-e', text, ...more];

	test('names each case in which a verifier says something else', async () => {
		const { code, out } = await run(...four, ...script('', '{repo}'));
		expect(out.split('\n')).toEqual([
			'ok      correction',
			'FAILED  nothing-noted: exit 0, expected UNCONFIRMED (5)',
			'FAILED  reading-changed: exit 0, expected TAMPERED (1)',
			'ok      rules-equal',
			'2 passed, 2 failed',
			'',
		]);
		expect(code).toBe(1);
	});

	test('asks a verifier of yes and no only whether it says yes', async () => {
		const ninth = script('process.exitCode = 9', '{repo}');
		expect((await run('--yes-no', 'reading-changed', 'nothing-noted', ...ninth)).code).toBe(0);
		expect((await run('--yes-no', 'correction', ...ninth)).code).toBe(1);
		expect((await run('reading-changed', ...ninth)).code).toBe(1);
	});

	test('puts folder and digest where the command has their place', async () => {
		const { pin } = expectedOf('correction');
		const wanted = JSON.stringify([
			pin,
			`--in=${join(process.cwd(), FOLDER, 'correction', 'repo')}`,
		]);
		const same = `JSON.stringify(process.argv.slice(1)) === ${JSON.stringify(wanted)}`;
		const text = `process.exitCode = ${same} ? 0 : 1`;
		expect((await run('correction', ...script(text, '{root}', '--in={repo}'))).code).toBe(0);
		const alone = 'process.exitCode = process.argv.length === 2 ? 5 : 1';
		const words = ['{repo}', '--root={root}'];
		expect((await run('nothing-noted', ...script(alone, ...words))).code).toBe(0);
	});

	test('never takes a program that does not run, or no case, for agreement', async () => {
		const absent = await run('--yes-no', 'reading-changed', '--', './no-such-program');
		expect(absent).toMatchObject({ code: 1, out: expect.stringContaining('0 passed, 1 failed') });
		const killed = script('process.kill(process.pid, "SIGKILL")', '{repo}');
		expect((await run('--yes-no', 'reading-changed', ...killed)).code).toBe(1);
		for (const args of [[], ['--'], ['no-such-case', ...script('')], ['correction']]) {
			expect((await run(...args)).code).toBe(64);
		}
	});
});
