import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, inject, onTestFinished, test } from 'vitest';
import { chance } from '../support/communities.ts';
import { type GitServerOptions, serveGit } from '../support/git-server.ts';
import { scratchLog, totalsText } from '../support/scratch.ts';
import { useVerifier, type VerifierPage } from '../support/verifier-page.ts';

const evidence = inject('evidence');
const { pin, foreign, folder } = evidence;
const published = new Map<string, Uint8Array>();
const verifier = useVerifier(published);
beforeEach(() => published.clear());

const [SMALL, WHOLE] = ['verify/evidence.bundle', 'verify/evidence-full.bundle'];

/** A clone with a working tree of what a bundle holds, made once. */
function cloneOf(name: string, bundle: string): string {
	if (name === 'shallow') return evidence.shallowClone;
	const dir = join(folder, `${name}-clone-${clones++}`);
	execFileSync('git', ['clone', '-q', '-b', 'main', bundle, dir]);
	return dir;
}
let clones = 0;

async function gitServer(dir: string, options: GitServerOptions = {}) {
	const server = await serveGit(join(dir, '.git'), options);
	onTestFinished(() => server.close());
	return server;
}

/** Points the page to evidence, each in its own way. */
const SOURCES = {
	bundle: (it: VerifierPage, _: string, bundle: string) => it.give('bundle', bundle),
	folder: (it: VerifierPage, name: string, bundle: string) =>
		it.give('folder', cloneOf(name, bundle)),
	site: async (it: VerifierPage, _: string, bundle: string) => {
		published.set(WHOLE, new Uint8Array(readFileSync(bundle)));
		await it.page.check('input[value=site]');
	},
	server: async (it: VerifierPage, name: string, bundle: string) => {
		const { url } = await gitServer(cloneOf(name, bundle));
		await it.page.fill('#server', url);
	},
} as const;

const SITUATIONS = [
	['VALID', 'honest', pin],
	['UNCONFIRMED', 'honest', ''],
	['UNTRUSTED', 'honest', foreign],
	['PENDING', 'pending', pin],
	['TAMPERED', 'tampered', pin],
	['INCOMPLETE', 'shallow', pin],
] as const;

const seed = Date.now() % 10_000;
const next = chance(seed);
const all = Object.entries(SOURCES).flatMap(([source, choose]) =>
	SITUATIONS.map(([verdict, name, accepted]) => ({ source, choose, verdict, name, accepted })),
);
const full = inject('full');
const rows = [...all];
while (!full && rows.length > 2) rows.splice(next(rows.length), 1);

test.each(rows)(`$source: $verdict (seed ${seed})`, async ({ choose, verdict, name, accepted }) => {
	const it = await verifier.open();
	await choose(it, name, evidence[name]);
	await it.page.fill('#pin', accepted);
	expect(await it.check()).toBe(verdict);
	expect(it.complaints).toEqual([]);
});

describe('the bundle of this site', () => {
	test('is the smaller one where it is there', async () => {
		published.set(SMALL, new Uint8Array(readFileSync(evidence.honest)));
		const it = await verifier.open();
		await it.page.fill('#pin', pin);
		verifier.asked();
		expect(await it.check()).toBe('VALID');
		expect(verifier.asked()).toEqual(['verify/verifier.js', SMALL]);
		expect(it.complaints).toEqual([]);
	});

	test('that is missing makes nothing VALID, and the page says so', async () => {
		const it = await verifier.open();
		verifier.asked();
		expect(await it.check()).toBe('INCOMPLETE');
		expect(verifier.asked()).toEqual(['verify/verifier.js', SMALL, WHOLE]);
		expect(await it.page.locator('.finding.open').first().innerText()).toMatch(
			/The Git evidence cannot be read: it could not be had\. .*evidence-full\.bundle/,
		);
	});
});

describe('a Git server', () => {
	const ask = async (options: GitServerOptions, path = '') => {
		const server = await gitServer(evidence.clone, options);
		const it = await verifier.open();
		verifier.asked();
		await it.page.fill('#server', server.url + path);
		await it.page.fill('#pin', pin);
		const verdict = await it.check();
		const reason = it.page.locator('.finding.open').first();
		return {
			verdict,
			asked: server.requests.map((request) => request.replace('/log.git', '')),
			loaded: verifier.asked(),
			reason: verdict === 'VALID' ? '' : await reason.innerText(),
			complaints: it.complaints,
		};
	};
	const REFS = '/info/refs?service=git-upload-pack';

	test.each(full ? [true, false] : [true])(
		'of version 2 answers in three questions; filter offered: %s',
		async (filter) => {
			const { verdict, asked, loaded, complaints } = await ask({ filter });
			expect(verdict).toBe('VALID');
			expect(asked.filter((it) => !it.startsWith('OPTIONS'))).toEqual([
				`GET ${REFS}`,
				'POST /git-upload-pack',
				'POST /git-upload-pack',
			]);
			expect(asked).toContain(`OPTIONS ${REFS}`);
			expect(loaded).toEqual(['verify/verifier.js']);
			expect(complaints).toEqual([]);
		},
	);

	test.each([
		['speaks only the older protocols', { version2: false }],
		['refuses our header', { headers: 'content-type' }],
	])('that %s is asked by the second program', async (_, options) => {
		const { verdict, asked, loaded, reason } = await ask(options);
		expect(reason).toBe('');
		expect(verdict).toBe('VALID');
		expect(asked.at(-1)).toBe('POST /git-upload-pack');
		expect(loaded).toEqual(['verify/verifier.js', 'verify/classic-git.js']);
	});

	const largeFiles = async () => {
		const log = await scratchLog(['2026-05']);
		// A private column may hold anything, here more than a filtered answer brings along.
		const [header, ...lines] = totalsText('2026-05').trimEnd().split('\n');
		const wide = [`${header},x_log`, ...lines.map((it) => `${it},${'0123456789'.repeat(50_000)}`)];
		await log.commit({ 'data/2026-05/all.csv': `${wide.join('\n')}\n` });
		expect((await log.finalize('2026-05')).ok).toBe(true);
		for (const [filter, questions] of [
			[true, 4],
			[false, 3],
		] as const) {
			const server = await gitServer(log.dir, { filter });
			const it = await verifier.open();
			await it.page.fill('#server', server.url);
			await it.page.fill('#pin', log.trust.root_sha256);
			expect(await it.check()).toBe('VALID');
			expect(server.requests.filter((it) => !it.startsWith('OPTIONS'))).toHaveLength(questions);
		}
	};
	if (full) test('is asked for a large file that it left out when it is needed', largeFiles);

	test('that does not allow other sites is explained', async () => {
		const { verdict, reason, loaded } = await ask({ cors: false });
		expect(verdict).toBe('INCOMPLETE');
		expect(reason).toContain('a server that does not allow other sites to ask (CORS)');
		expect(reason).toContain('a clone of your own works always');
		expect(loaded).toEqual(['verify/verifier.js']);
	});

	test('without such a repository is explained', async () => {
		const { verdict, reason } = await ask({}, 'x');
		expect(verdict).toBe('INCOMPLETE');
		expect(reason).toContain('HTTP 404');
	});
});
