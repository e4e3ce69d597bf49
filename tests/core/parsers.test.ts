import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { readPeriodInput } from '../../src/core/data/period-input.ts';
import { readRegister } from '../../src/core/data/register.ts';
import { readRules, rulesGaps } from '../../src/core/data/rules.ts';
import { readCorrection } from '../../src/core/data/submission.ts';
import { fingerprintOf, signatureFault } from '../../src/core/evidence/certificate.ts';
import { formatDigestList, parseDigestList } from '../../src/core/evidence/digest-list.ts';
import { formatManifest, parseManifest } from '../../src/core/evidence/manifest.ts';
import { readSignature } from '../../src/core/evidence/signature.ts';
import { formatTrustRoot, parseTrustRoot } from '../../src/core/evidence/trust-root.ts';
import { encodeText, type Files } from '../../src/core/format/bytes.ts';
import { formatTable, readTable } from '../../src/core/format/csv.ts';
import { formatJson } from '../../src/core/format/json.ts';
import type { Problem } from '../../src/core/problem.ts';
import { parseAllocations } from '../../src/core/record/allocations.ts';
import { formatDelta, parseDelta } from '../../src/core/record/delta.ts';
import { formatExceptions, parseExceptions } from '../../src/core/record/exceptions.ts';
import { formatStatement, parseStatement } from '../../src/core/record/statement.ts';
import { problemText, problems as sentences } from '../../src/texts/en.ts';
import { chance } from '../support/communities.ts';
import { complete, filesOf, IDS, makeRules, registerText } from '../tamper/honest/data.ts';
import { CORRECTED, makeKeys, makeLog, NEWEST } from '../tamper/log.ts';
import { takeApart, unarmor } from './evidence/packet.ts';
import { mutate } from './mutate.ts';

/** Whatever the bytes are, a parser says what is wrong with them, and writes what it took as it was. */
const full = inject('full');
const seed = Number(process.env['WATTPROOF_SEED'] ?? Date.now() % 2 ** 31);
const counted: Record<string, { trials: number; accepted: number }> = {};

let log: Files;
let certificates: readonly Uint8Array[] = [];
const registers: Uint8Array[] = [];
const totals: Uint8Array[] = [];
const rules: Uint8Array[] = [];

beforeAll(async () => {
	const keys = await makeKeys();
	log = await makeLog(keys, 'successor');
	certificates = Object.values(keys).map((it) => encodeText(it.certificate));
	const next = chance(7);
	const entry = (entity: string) => {
		return { entity, name: '\u00c4, "B"', center: 'A/7', from: '2026-01', to: '', capacity: '4.5' };
	};
	const plain = IDS.map((entity, index) => `${entity},2026-01,${index}.5,7\n`);
	totals.push(encodeText(`entity,period,generated_kwh,consumed_kwh\n${plain.join('')}`));
	for (let count = 0; count < 12; count++) {
		registers.push(encodeText(registerText(IDS.map(entry), count % 2 === 0)));
		rules.push(encodeText(makeRules(next, IDS, count % 3 > 0).text));
		const waivers = new Set(['spike,hall', 'estimates,lab']);
		const month = complete(next, { sheets: new Map(), absent: new Map(), waivers }, IDS);
		totals.push(...[...filesOf('2026-01', month).values()].map(encodeText));
	}
});
afterAll(() => {
	console.info(`parsers: WATTPROOF_SEED=${seed}, ${JSON.stringify(counted)}`);
});

const ofLog = (pattern: RegExp) =>
	[...log].filter(([path]) => pattern.test(path)).map(([, bytes]) => bytes);

/** Problems of a known kind, at a place of the file, each with a sentence; never more than bytes. */
function expectTyped(problems: readonly Problem[], { length }: Uint8Array): void {
	expect(problems.length).toBeLessThanOrEqual(length + 10);
	for (const problem of problems) {
		const { line, column } = problem.location;
		if (!(problem.code in sentences) || problemText(problem) === '') throw new Error(problem.code);
		const inside = line >= 0 && column >= 0 && line <= length + 1 && column <= length + 2;
		if (!inside || !Number.isInteger(line + column)) throw new Error(JSON.stringify(problem));
	}
}

const COLUMNS = {
	required: ['entity', 'period', 'generated_kwh', 'consumed_kwh'],
	optional: ['quality', 'note'],
};

const HEADING = /^csv-(header|separator)/;

function tableAgain(bytes: Uint8Array): boolean {
	const { header, rows, problems } = readTable('data/2026-01/a.csv', bytes, COLUMNS);
	expectTyped(problems, bytes);
	if (header.length === 0 || problems.some(({ code }) => HEADING.test(code))) return false;
	const cells = rows.map((row) => header.map(row.cell));
	const written = encodeText(formatTable(header, cells));
	const again = readTable('data/2026-01/a.csv', written, COLUMNS);
	expect({ ...again, rows: again.rows.map((row) => header.map(row.cell)) }).toEqual({
		...{ header, rows: cells, problems: [] },
	});
	return true;
}

/** One file of a month among good ones; the register has every entity of the seeds. */
function submissionsOf(bytes: Uint8Array, name: string, run = 1): boolean {
	const folder = run === 1 ? 'data/2026-01' : 'data/2026-01/r2';
	const files = new Map([['data/2026-01/all.csv', totals[0] ?? bytes]]).set(
		`${folder}/${name}`,
		bytes,
	);
	const register = readRegister('data/entities.csv', registers[0] ?? bytes);
	const { problems } = readPeriodInput(files, '2026-01', run, register, { kind: 'monthly' });
	expectTyped(problems, Uint8Array.from({ length: bytes.length + 2000 }));
	return problems.length === 0;
}

/** The document a parser has taken, written by its formatter, is the same bytes. */
function documentAgain<Value>(
	parsed: { ok: true; value: Value } | { ok: false; fault: string },
	format: (value: Value) => Uint8Array,
	bytes: Uint8Array,
): boolean {
	if (!parsed.ok) {
		const faults = ['too-large', 'malformed', 'not-canonical', 'unknown-format'];
		expect(faults).toContain(parsed.fault);
		return false;
	}
	expect(format(parsed.value)).toEqual(bytes);
	return true;
}

/** Rows that a parser has taken are the rows of what their formatter writes. */
function rowsAgain<Row>(
	parse: (bytes: Uint8Array) => readonly Row[] | null,
	format: (rows: readonly Row[]) => string,
	bytes: Uint8Array,
): boolean {
	const rows = parse(bytes);
	if (rows === null) return false;
	if (rows.length === 0) return true;
	const written = format(rows);
	expect(format(parse(encodeText(written)) ?? [])).toBe(written);
	return true;
}

const PACKET = [
	'armor',
	'checksum',
	'packet',
	'version',
	'type',
	'algorithm',
	'subpacket',
	'scalar',
];

/** A signature that still holds is the same one, in another of the accepted forms. */
async function signature(bytes: Uint8Array): Promise<boolean> {
	const profile = readSignature(bytes);
	if (!profile.ok) {
		expect(PACKET).toContain(profile.fault);
		return false;
	}
	expect(profile.facts.fingerprint).toMatch(/^[0-9a-f]{40}$/);
	for (const folder of [NEWEST, CORRECTED]) {
		const manifest = log.get(`${folder}/manifest.json`) ?? new Uint8Array();
		const certificate = log.get(`trust/keys/${profile.facts.fingerprint}.asc`);
		const fault = certificate && (await signatureFault(manifest, bytes, certificate));
		if (fault !== null) continue;
		const made = takeApart(unarmor(log.get(`${folder}/manifest.json.asc`) ?? ''));
		const { hashed, scalars, left } = takeApart(profile.facts.packet);
		expect({ hashed, scalars, left }).toEqual({
			...{ hashed: made.hashed, scalars: made.scalars, left: made.left },
		});
	}
	return true;
}

/** What is read, from which good bytes; says whether it was taken. */
const PARSERS: Readonly<
	Record<string, readonly [() => readonly Uint8Array[], (bytes: Uint8Array) => unknown]>
> = {
	table: [() => totals, tableAgain],
	totals: [() => totals, (bytes) => submissionsOf(bytes, 'all.csv')],
	absent: [() => totals, (bytes) => submissionsOf(bytes, 'absent.csv')],
	waivers: [() => totals, (bytes) => submissionsOf(bytes, 'waivers.csv')],
	register: [
		() => registers,
		(bytes) => {
			const { problems } = readRegister('data/entities.csv', bytes);
			expectTyped(problems, bytes);
			return problems.length === 0;
		},
	],
	rules: [
		() => rules,
		(bytes) => {
			const read = readRules('rules.json', bytes);
			if (read.ok)
				expect(readRules('rules.json', formatJson(read.value))).toMatchObject({ ok: true });
			else expect(read.problems.length).toBeGreaterThan(0);
			expectTyped(read.ok ? [] : read.problems, bytes);
			expectTyped(rulesGaps('rules.json', bytes, new Set(['hall']), ['hall', 'toString']), bytes);
			return read.ok;
		},
	],
	'correction of a month': [
		() => ofLog(/correction\.json$/),
		(bytes) => submissionsOf(bytes, 'correction.json', 2),
	],
	correction: [
		() => ofLog(/correction\.json$/),
		(bytes) => {
			const read = readCorrection('correction.json', bytes);
			expectTyped(read.ok ? [] : read.problems, bytes);
			return read.ok;
		},
	],
	manifest: [
		() => ofLog(/manifest\.json$/),
		(bytes) => documentAgain(parseManifest(bytes), formatManifest, bytes),
	],
	'trust root': [
		() => ofLog(/root-[12]\.json$/),
		(bytes) => documentAgain(parseTrustRoot(bytes), formatTrustRoot, bytes),
	],
	'digest list': [
		() => ofLog(/SHA256SUMS$/),
		(bytes) => {
			const parsed = parseDigestList(bytes);
			if (parsed.ok) expect(formatDigestList(parsed.list)).toEqual(bytes);
			else expect(parsed.line).toBeGreaterThan(0);
			return parsed.ok;
		},
	],
	statement: [
		() => ofLog(/statement\.csv$/),
		(bytes) =>
			rowsAgain(
				parseStatement,
				(rows) => formatStatement('2026-01', 1, rows, rows[0]?.money != null),
				bytes,
			),
	],
	delta: [
		() => ofLog(/delta\.csv$/),
		(bytes) => rowsAgain(parseDelta, (rows) => formatDelta('2026-01', 2, 1, rows), bytes),
	],
	exceptions: [
		() => ofLog(/exceptions\.csv$/),
		(bytes) => rowsAgain(parseExceptions, formatExceptions, bytes),
	],
	allocations: [() => ofLog(/allocations\.csv$/), (bytes) => parseAllocations(bytes) !== null],
	signature: [() => ofLog(/manifest\.json\.asc$/), signature],
	certificate: [
		() => certificates,
		async (bytes) => {
			const fingerprint = await fingerprintOf(bytes);
			if (fingerprint !== null) expect(fingerprint).toMatch(/^[0-9a-f]{40}$/);
			return fingerprint !== null;
		},
	],
};

test.each(Object.entries(PARSERS))('%s', async (name, [seeds, read]) => {
	const next = chance(seed);
	const good = seeds();
	const count = (full ? 20_000 : 120) / (name === 'certificate' ? 4 : 1);
	let accepted = 0;
	for (let trial = 0; trial < count; trial++) {
		const bytes = mutate(next, good);
		try {
			if ((await read(bytes)) === true) accepted++;
		} catch (cause) {
			const hex = Buffer.from(bytes).toString('base64');
			throw new Error(`WATTPROOF_SEED=${seed} trial ${trial}: ${hex}`, { cause });
		}
	}
	counted[name] = { trials: count, accepted };
	for (const bytes of good) await read(bytes);
});
