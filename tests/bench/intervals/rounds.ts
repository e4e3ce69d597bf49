import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Community, communityOf, type Layout } from './community.ts';
import type { Bout, Contender, ContenderId } from './contenders.ts';
import type { Measured } from './measure.ts';

/** What one contender took: the least of all rounds, and how the rounds lay beside ours. */
export interface Standing {
	readonly id: ContenderId;
	readonly name: string;
	readonly rounds: number;
	readonly wall_ms: number;
	readonly median_ms: number;
	readonly cpu_ms: number | null;
	/** The most of all rounds. */
	readonly peak_mib: number | null;
	/** Median over the rounds of our time as a part of its time in the same round. */
	readonly paired: number | null;
}

export interface Table {
	readonly metering_points: number;
	readonly layout: Layout;
	readonly bytes: number;
	readonly files: number;
	readonly standings: readonly Standing[];
	/** SHA-256 over the records that all have written. */
	readonly records: string;
}

/** Records lie where a write costs no disk: that is the same for all, and the noise of the machine's. */
const MEMORY = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
const RECORDS = ['statement.csv', 'allocations.csv'];

/** Runs a bout in turns, A to Z and Z to A; throws where two do not write the same bytes. */
export function hold(bout: Bout): Table {
	const { metering_points, layout, rounds, contenders, once } = bout;
	const community = communityOf(metering_points, layout);
	const measured = new Map<ContenderId, Measured[]>();
	const written = new Map<string, string[]>();
	const start = (contender: Contender) => {
		const { result, records } = runOnce(contender, community);
		measured.set(contender.id, [...(measured.get(contender.id) ?? []), result]);
		if (records !== null) written.set(records, [...(written.get(records) ?? []), contender.id]);
	};
	for (let round = 0; round < rounds; round++) {
		const order = round % 2 === 0 ? contenders : contenders.toReversed();
		for (const contender of order) start(contender);
	}
	for (const contender of once) start(contender);
	if (written.size !== 1) {
		const groups = [...written].map(
			([digest, ids]) => `${digest}: ${[...new Set(ids)].join(', ')}`,
		);
		throw new Error(`Not the same records of ${metering_points} ${layout}:\n${groups.join('\n')}`);
	}
	const ours = measured.get('ours') ?? [];
	return {
		metering_points,
		layout,
		bytes: community.bytes,
		files: community.paths.length,
		standings: [...contenders, ...once].map((it) => standing(it, measured.get(it.id) ?? [], ours)),
		records: [...written.keys()].join(),
	};
}

function runOnce(contender: Contender, community: Community) {
	const out = mkdtempSync(join(MEMORY, 'wattproof-bench-'));
	try {
		const result = contender.run(community, out);
		if (!contender.settles) return { result, records: null };
		const digest = createHash('sha256');
		for (const name of RECORDS) digest.update(readFileSync(join(out, name)));
		return { result, records: digest.digest('hex') };
	} finally {
		rmSync(out, { recursive: true, force: true });
	}
}

function standing(
	{ id, name }: Contender,
	measured: readonly Measured[],
	ours: readonly Measured[],
): Standing {
	const walls = measured.map((it) => it.wall_ms);
	const known = (values: readonly (number | null)[]) => values.filter((it) => it !== null);
	const cpu = known(measured.map((it) => it.cpu_ms));
	const peak = known(measured.map((it) => it.peak_mib));
	const pairs = walls.flatMap((wall, round) => {
		const own = ours[round]?.wall_ms;
		return own === undefined ? [] : [own / wall];
	});
	return {
		id,
		name,
		rounds: measured.length,
		wall_ms: Math.min(...walls),
		median_ms: median(walls),
		cpu_ms: cpu.length === 0 ? null : Math.min(...cpu),
		peak_mib: peak.length === 0 ? null : Math.max(...peak),
		paired: pairs.length === 0 ? null : median(pairs),
	};
}

export function median(values: readonly number[]): number {
	const sorted = values.toSorted((a, b) => a - b);
	const middle = sorted.length >> 1;
	const [low = 0, high = 0] = sorted.slice(sorted.length % 2 === 0 ? middle - 1 : middle);
	return sorted.length % 2 === 0 ? (low + high) / 2 : low;
}
