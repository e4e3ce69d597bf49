import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readKey, readPrivateKey } from 'openpgp';
import { draftRun } from '../../src/core/evidence/draft.ts';
import { encodeText } from '../../src/core/format/bytes.ts';
import { shiftPeriod } from '../../src/core/format/period.ts';
import { SIGNATURE } from '../../src/core/paths.ts';
import { computeNextRun } from '../../src/core/record/next-run.ts';
import { signDetached } from '../../src/node/keys.ts';
import { createTrust } from '../../src/node/new-log.ts';
import { presentAt } from '../../src/node/present.ts';
import { chance } from '../support/communities.ts';
import { openImport } from './fast-import.ts';

/** The shape of a log whose verification is measured: so many submitters, and what each sends. */
export interface Shape {
	readonly name: string;
	readonly submitters: number;
	/** Entities of each submitter, a row of its file each. */
	readonly entities: number;
	/** Readings in a private column of each row: they make a file as large as those of meters are. */
	readonly readings: number;
	/** `pull-requests`: a side commit and a merge for each file; else so many commits a month. */
	readonly commits: number | 'pull-requests';
}

export interface Repository {
	readonly bundle: string;
	/** The finalizer's certificate as `gpgv` takes it. */
	readonly keyring: string;
	/** Digest of the first trust root. */
	readonly pin: string;
	/** On the main branch and beside it. */
	readonly commits: number;
	readonly objects: number;
}

/** Ten submitters, one megabyte a month. */
export const MANY_BYTES: Shape = {
	name: 'A',
	submitters: 10,
	entities: 5,
	readings: 3300,
	commits: 4,
};
/** Fifty submitters, each file by a pull request. */
export const MANY_COMMITS: Shape = {
	name: 'B',
	submitters: 50,
	entities: 1,
	readings: 0,
	commits: 'pull-requests',
};

const MONTHS = 120;
const FIRST = '2015-01';
const BEGINNING = '2015-01-01T00:00:00Z';
/** Whatever changes the logs changes this: they are made once and kept. */
const VERSION = 1;

/** A finalized log of ten years as one bundle: seeded, but for its keys and so its ids. */
export async function repositoryOf(shape: Shape): Promise<Repository> {
	const home = resolve(`node_modules/.cache/bench-${VERSION}-${shape.name}`);
	const note = join(home, 'made.json');
	if (!existsSync(note)) {
		rmSync(home, { recursive: true, force: true });
		const aside = `${home}.${process.pid}`;
		mkdirSync(aside, { recursive: true });
		writeFileSync(join(aside, 'made.json'), JSON.stringify(await make(shape, aside)));
		renameSync(aside, home);
	}
	const place = { bundle: join(home, 'log.bundle'), keyring: join(home, 'keys.gpg') };
	return { ...JSON.parse(readFileSync(note, 'utf8')), ...place };
}

async function make(shape: Shape, dir: string): Promise<Omit<Repository, 'bundle' | 'keyring'>> {
	const repository = join(dir, 'repository');
	const git = (...args: string[]) =>
		execFileSync('git', args, { cwd: dir, encoding: 'utf8', stdio: 'pipe' }).trimEnd();
	const inside = (...args: string[]) => git('-C', repository, ...args);
	git('init', '-q', '--bare', '-b', 'main', repository);
	const { pin, keyring } = await fill(shape, repository);
	writeFileSync(join(dir, 'keys.gpg'), keyring);
	// What `git clone` gets from a server: packed as a server packs.
	if (shape.commits === 'pull-requests') inside('branch', '-qD', 'side');
	inside('repack', '-q', '-a', '-d', '-f');
	inside('prune', '--expire=now');
	inside('bundle', 'create', '-q', join(dir, 'log.bundle'), 'HEAD', 'main');
	const commits = Number(inside('rev-list', '--count', 'main'));
	const objects = Number(inside('rev-list', '--count', '--objects', 'main'));
	rmSync(repository, { recursive: true });
	return { pin, commits, objects };
}

type Added = ReadonlyMap<string, Uint8Array>;

async function fill(
	shape: Shape,
	repository: string,
): Promise<{ readonly pin: string; readonly keyring: Uint8Array }> {
	const next = chance(shape.submitters);
	const trust = await createTrust('example.org/bench', new Date(BEGINNING), '');
	const key = await readPrivateKey({ armoredKey: trust.finalizer.secret });
	const git = openImport(repository);
	let at = Date.parse(BEGINNING) / 1000;
	const main: number[] = [];
	const commit = (files: Added, message: string, side?: number) => {
		at += 60;
		const parents = [main.at(-1), side].filter((it) => it !== undefined);
		main.push(git.commit({ branch: 'main', at, message, parents, files }));
	};
	const files = new Map([...trust.files, ...configuration(shape)]);
	commit(files, 'trust: begin the log');
	for (let month = 0; month < MONTHS; month++) {
		const period = shiftPeriod(FIRST, month);
		const sent = [...submissions(shape, period, next)];
		const opened = main.length - 1;
		if (shape.commits === 'pull-requests') {
			for (const [path, bytes] of sent) {
				// Somebody begins from what main was some merges ago.
				const fork = main[main.length - 1 - next(Math.min(8, main.length - opened))];
				const added = new Map([[path, bytes]]);
				const parents = fork === undefined ? [] : [fork];
				const message = `data: ${path}`;
				const side = git.commit({ branch: 'side', at, message, parents, files: added });
				commit(added, `Merge ${path}`, side);
			}
		} else {
			const share = Math.ceil(sent.length / shape.commits);
			for (let from = 0; from < sent.length; from += share) {
				commit(new Map(sent.slice(from, from + share)), `data: ${period}`);
			}
		}
		for (const [path, bytes] of sent) files.set(path, bytes);
		at = Date.parse(`${shiftPeriod(period, 1)}-06T08:00:00Z`) / 1000;
		const tip = await git.idOf(main.at(-1) ?? 0);
		const run = await finalized(files, period, tip, key);
		commit(run, `settlement: finalize ${period} run 1`);
		for (const [path, bytes] of run) files.set(path, bytes);
		// Later runs do not look at these.
		for (const [path] of sent) files.delete(path);
	}
	await git.end();
	const certificate = await readKey({ armoredKey: trust.finalizer.certificate });
	return { pin: trust.root_sha256, keyring: certificate.write() };
}

/** The files of a period's run, as `finalize` makes them. */
async function finalized(
	files: Added,
	period: string,
	commit: string,
	key: Parameters<typeof signDetached>[1],
): Promise<Added> {
	const instant = `${shiftPeriod(period, 1)}-06T08:00:00Z`;
	const computed = computeNextRun(files, period, presentAt(instant));
	if (computed.state !== 'computed') throw new Error(`${period}: ${JSON.stringify(computed)}`);
	const drafted = draftRun(files, computed.run, { commit, instant, version: '0.1.0' });
	if (!drafted.ok) throw new Error(`${period}: ${drafted.obstacle.code}`);
	const { draft } = drafted;
	const signature = encodeText(await signDetached(draft.signable, key, new Date(instant)));
	return new Map([...draft.files, [`${draft.folder}/${SIGNATURE}`, signature]]);
}

const number = (index: number) => String(index).padStart(2, '0');
const submitterOf = (index: number) => `submitter-${number(index)}`;
const entityOf = (submitter: number, index: number) => `site-${number(submitter)}-${number(index)}`;

function configuration({ submitters, entities }: Shape): Added {
	const rows = Array.from({ length: submitters * entities }, (_, index) => {
		const id = entityOf(Math.floor(index / entities), index % entities);
		return `${id},Site ${index},${1000 + index},${FIRST},\n`;
	});
	const rules = {
		format: 'wattproof/rules/v1',
		basis: 'monthly',
		time_zone: 'Europe/Berlin',
		allocation: [{ rule: 'proportional' }],
		price: {
			currency: 'EUR',
			minor_digits: 2,
			per_kwh: '0.12',
			accounts: { debit: '6300', credit: '8300' },
		},
	};
	const attributes = ['data', 'settlements', 'trust'].map((it) => `/${it}/** -text\n`);
	return new Map([
		['.gitattributes', encodeText(attributes.join(''))],
		[
			'data/entities.csv',
			encodeText(`entity,name,cost_center,valid_from,valid_to\n${rows.join('')}`),
		],
		[`data/rules/${FIRST}.json`, encodeText(`${JSON.stringify(rules, null, 2)}\n`)],
	]);
}

/** What all submitters send for a month: one entity in five generates more than it consumes. */
function* submissions(
	{ submitters, entities, readings }: Shape,
	period: string,
	next: (range: number) => number,
): Iterable<readonly [string, Uint8Array]> {
	const fraction = () => String(next(1000)).padStart(3, '0');
	const series = () => Array.from({ length: readings }, () => `${next(4)}.${fraction()}`).join(' ');
	for (let submitter = 0; submitter < submitters; submitter++) {
		const rows = Array.from({ length: entities }, (_, index) => {
			const generates = (submitter * entities + index) % 5 === 0;
			const generated = generates ? `${4000 + next(3000)}.${fraction()}` : '0';
			const row = `${entityOf(submitter, index)},${period},${generated},${next(2000)}.${fraction()}`;
			return readings === 0 ? `${row}\n` : `${row},${series()}\n`;
		});
		const header = 'entity,period,generated_kwh,consumed_kwh';
		const text = `${header}${readings === 0 ? '' : ',x_readings'}\n${rows.join('')}`;
		yield [`data/${period}/${submitterOf(submitter)}.csv`, encodeText(text)];
	}
}
