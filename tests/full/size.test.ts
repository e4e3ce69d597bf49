import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { chance } from '../support/communities.ts';
import { type Measured, runMeasured } from '../support/measured.ts';
import { copyPortal } from '../support/portal-copy.ts';
import { type Scratch, scratchLog } from '../support/scratch.ts';
import { serve } from '../support/serve.ts';

/** A month of as many entities as there may be; what it takes is printed and never judged. */

const PERIOD = '2026-01';
const LIMIT = 9000;

/** A log of one month, nothing final, and what its entities generated and consumed in all. */
interface Month {
	readonly log: Scratch;
	readonly generated_wh: bigint;
	readonly consumed_wh: bigint;
}

const idOf = (index: number) => `e${String(index).padStart(4, '0')}`;
const kwh = (wh: bigint) => `${wh / 1000n}.${String(wh % 1000n).padStart(3, '0')}`;

/** `sources` entities only generate and the others only consume; without a number each does both. */
async function month(
	size: number,
	{ matrix, sources }: { matrix: 'chain' | 'exact'; sources?: number },
): Promise<Month> {
	const next = chance(size);
	const rows = Array.from({ length: size }, (_, index) => {
		const [one, other] = [next(1_000_000_000) + 1, next(1_000_000_000) + 1];
		return {
			generated: BigInt(sources === undefined || index < sources ? one : 0),
			consumed: BigInt(sources === undefined || index >= sources ? other : 0),
		};
	});
	const register = rows.map((_, index) => `${idOf(index)},Entity ${index},${index},2026-01,`);
	const totals = rows.map(({ generated, consumed }, index) => {
		return `${idOf(index)},${PERIOD},${kwh(generated)},${kwh(consumed)}`;
	});
	const rules = {
		format: 'wattproof/rules/v1',
		basis: 'monthly',
		time_zone: 'Europe/Berlin',
		allocation: [{ rule: 'proportional' }],
		matrix,
		price: {
			currency: 'EUR',
			minor_digits: 2,
			per_kwh: '0.142',
			accounts: { debit: '6050', credit: '4050' },
		},
	};
	const table = (header: string, lines: readonly string[]) => `${[header, ...lines].join('\n')}\n`;
	const log = await scratchLog([], {
		'data/entities.csv': table('entity,name,cost_center,valid_from,valid_to', register),
		'data/rules/2026-01.json': JSON.stringify(rules),
		[`data/${PERIOD}/all.csv`]: table('entity,period,generated_kwh,consumed_kwh', totals),
	});
	return {
		log,
		generated_wh: rows.reduce((sum, row) => sum + row.generated, 0n),
		consumed_wh: rows.reduce((sum, row) => sum + row.consumed, 0n),
	};
}

const table: string[] = [];

function note(what: string, { seconds, peak_mib }: Measured): void {
	table.push(
		`${what.padEnd(34)}${seconds.toFixed(1).padStart(7)} s${peak_mib.toFixed(0).padStart(7)} MiB`,
	);
}

afterAll(() => console.info(['', ...table, ''].join('\n')));

/** Runs a command over the month and notes what it took. */
function command(what: string, { log }: Month, name: string, ...args: string[]): Measured {
	const script = resolve(`scripts/${name}.ts`);
	const run = runMeasured([script, '--repo', log.dir, ...args]);
	note(`${what}, ${name}`, run);
	return run;
}

/** Settles, finalizes and verifies the month as people do, and by the script that needs none of it. */
function settleAndVerify(what: string, made: Month): void {
	const { key, trust, dir } = made.log;
	const settled = command(what, made, 'settle', '--period', PERIOD);
	expect(settled).toMatchObject({ status: 0, err: '' });
	const finalized = command(what, made, 'finalize', '--period', PERIOD, '--key', key, '--json');
	expect(finalized).toMatchObject({ status: 0, err: '' });
	const verified = command(what, made, 'verify', '--root', trust.root_sha256);
	expect(verified).toMatchObject({ status: 0, err: '' });
	expect(verified.out).toMatch(/^VALID/);
	const started = performance.now();
	const script = [resolve('scripts/verify.sh'), trust.root_sha256, dir];
	const { status, stdout } = spawnSync('sh', script, { encoding: 'utf8' });
	expect(stdout).toMatch(/\nOK: 1 runs/);
	expect(status).toBe(0);
	const seconds = (performance.now() - started) / 1000;
	table.push(`${`${what}, verify.sh`.padEnd(34)}${seconds.toFixed(1).padStart(7)} s`);
	const { totals } = JSON.parse(
		readFileSync(join(dir, `settlements/${PERIOD}/r1/manifest.json`), 'utf8'),
	);
	expect(BigInt(totals.generated_wh)).toBe(made.generated_wh);
	expect(BigInt(totals.consumed_wh)).toBe(made.consumed_wh);
}

/** Builds the site of the month; returns its folder. */
function buildSite(what: string, { log: { dir } }: Month): string {
	copyPortal(dir);
	const site = join(dir, 'dist');
	const astro = resolve('node_modules/astro/bin/astro.mjs');
	const built = runMeasured([astro, 'build', '--outDir', site], dir);
	expect(built.status, built.out + built.err).toBe(0);
	note(`${what}, build`, built);
	const page = readFileSync(join(site, `settlements/${PERIOD}/index.html`));
	table.push(`${`${what}, page`.padEnd(34)}${(page.length / 2 ** 20).toFixed(1).padStart(7)} MiB`);
	return site;
}

test.each([1000, 3000])('%i entities are settled, finalized and verified', async (size) => {
	settleAndVerify(`${size}, chain`, await month(size, { matrix: 'chain' }));
});

test(`${LIMIT} entities are settled, finalized, verified and shown`, async () => {
	const what = `${LIMIT}, chain`;
	const made = await month(LIMIT, { matrix: 'chain' });
	settleAndVerify(what, made);
	const site = buildSite(what, made);
	const server = await serve(site);
	const browser = await launchChromium();
	try {
		const page = await browser.newPage();
		const started = performance.now();
		await page.goto(`${server.url}settlements/${PERIOD}/`);
		const rows = page.locator('section[aria-labelledby=entities] tbody tr');
		expect(await rows.count()).toBe(LIMIT);
		await rows.last().scrollIntoViewIfNeeded();
		const seconds = (performance.now() - started) / 1000;
		table.push(`${`${what}, page in a browser`.padEnd(34)}${seconds.toFixed(1).padStart(7)} s`);
		expect(await rows.last().isVisible()).toBe(true);
		expect(await rows.last().locator('th').innerText()).toBe(`Entity ${LIMIT - 1}`);
		const totals = page.locator('section[aria-labelledby=entities] tfoot td');
		const [generated = '', consumed = ''] = await totals.allTextContents();
		expect(generated.replaceAll(',', '')).toBe(kwh(made.generated_wh));
		expect(consumed.replaceAll(',', '')).toBe(kwh(made.consumed_wh));
	} finally {
		await browser.close();
		await server.close();
	}
});

test('the largest exact matrix is settled, finalized, verified and built', async () => {
	const what = `${LIMIT}, exact, 11 sources`;
	const made = await month(LIMIT, { matrix: 'exact', sources: 11 });
	settleAndVerify(what, made);
	expect(readdirSync(buildSite(what, made))).toContain('settlements');
});

describe('is refused by its stated limit:', () => {
	const refusals = [
		{ what: '9001, chain', size: LIMIT + 1, matrix: 'chain', says: /9001.*9000|9000.*9001/s },
		{ what: '9000, exact', size: LIMIT, matrix: 'exact', says: /rules-matrix-size.*100000/s },
		{ what: '9000, exact, 12', size: LIMIT, matrix: 'exact', sources: 12, says: /107856.*100000/s },
	] as const;
	test.each(refusals)('$what', async ({ what, size, says, ...kind }) => {
		const made = await month(size, kind);
		const { key, dir } = made.log;
		const commands = [
			command(what, made, 'validate'),
			command(what, made, 'settle', '--period', PERIOD),
			command(what, made, 'finalize', '--period', PERIOD, '--key', key),
		];
		for (const { status, out } of commands) {
			expect(status).toBe(1);
			expect(out).toMatch(says);
		}
		expect(existsSync(join(dir, 'settlements'))).toBe(false);
	});
});
