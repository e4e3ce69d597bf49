import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** One whole verification: how long it took by the clock, of the processors, and in its parts. */
export interface Measurement {
	readonly wall_ms: number;
	readonly cpu_ms: number;
	readonly parts_ms: Readonly<Record<string, number>>;
}

/** What a person does by hand, as one script, without a pause between two commands. */
const SCRIPT = `set -eu
now=$(date +%s%N)
lap() { then=$now; now=$(date +%s%N); echo "$1 $((now - then))"; }
git clone -q "$1" log
lap clone
cd log
git fsck --full --no-progress
lap fsck
git log --first-parent --name-status -- data settlements trust > ../changes
lap log
for manifest in settlements/*/r*/manifest.json; do
	gpgv -q --keyring "$2" "$manifest.asc" "$manifest" 2> /dev/null
done
lap gpgv
cat settlements/*/r*/SHA256SUMS | sha256sum --strict --quiet -c -
lap sha256sum
times
`;

/** A clone writes thousands of files: in memory, so that no disk is measured. */
const MEMORY = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** Runs the script in a folder of its own; throws where one of its commands objects. */
export function verifyByHand(bundle: string, keyring: string): Measurement {
	const dir = mkdtempSync(join(MEMORY, 'wattproof-bench-'));
	try {
		const started = performance.now();
		const run = spawnSync('bash', ['-c', SCRIPT, 'bash', bundle, keyring], {
			cwd: dir,
			encoding: 'utf8',
			env: { ...process.env, LC_ALL: 'C', GIT_CONFIG_GLOBAL: '/dev/null', GNUPGHOME: dir },
		});
		const wall_ms = performance.now() - started;
		if (run.status !== 0) throw new Error(`by hand: ${run.stderr}${run.stdout}`);
		const laps = run.stdout.matchAll(/^([a-z0-9]+) ([0-9]+)$/gm);
		const parts_ms = Object.fromEntries(
			[...laps].map(([, part = '', nanoseconds]) => [part, Number(nanoseconds) / 1e6]),
		);
		const times = run.stdout.matchAll(/([0-9]+)m([0-9.]+)s/g);
		const seconds = [...times].reduce(
			(sum, [, minutes, rest]) => sum + Number(minutes) * 60 + Number(rest),
			0,
		);
		return { wall_ms, cpu_ms: seconds * 1000, parts_ms };
	} finally {
		rmSync(dir, { recursive: true, force: true });
	}
}
