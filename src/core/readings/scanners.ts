import type { Form } from './header.ts';
import type { IntervalFile } from './interval-file.ts';
import { type IdTable, makeIdTable } from './match-id.ts';
import { learnStyle, makeTimeTable, type TimeTable } from './match-time.ts';
import type { Pass } from './rows.ts';
import { startDays } from './scan-days.ts';
import { startLong } from './scan-long.ts';
import { startWide } from './scan-wide.ts';
import type { Ground } from './tally.ts';

/**
 * Takes lines from one place of the bytes to another while each is exactly as expected, and says where
 * it stopped. What it does not take has changed nothing.
 */
export type Scan = (bytes: Uint8Array, view: DataView, from: number, to: number) => number;

/** What scanners compare bytes with, for all files of a period. */
export interface Scanners {
	readonly ids: IdTable;
	/** By the text of a header without a fault: most files of a period have the same. */
	readonly forms: Map<string, Form>;
	/** Made when first asked for: day rows have no times. */
	times(): TimeTable;
	learn(text: string, interval: number): void;
}

export function makeScanners(ground: Ground): Scanners {
	let table: TimeTable | null = null;
	const times = () => {
		table ??= makeTimeTable(ground);
		return table;
	};
	return {
		ids: makeIdTable(ground),
		forms: new Map(),
		times,
		learn: (text, interval) => learnStyle(times(), text, interval),
	};
}

/** The scanner of a file of plain form; null where no row can count. */
export function scanOf(
	scanners: Scanners,
	pass: Pass,
	file: IntervalFile,
	form: Form,
): Scan | null {
	if (pass.ground.pointOf.size === 0) return null;
	switch (form.kind) {
		case 'long':
			return startLong(scanners, pass, file, form.quality >= 0);
		case 'days':
			return startDays(scanners, pass, file, form.values.length);
		case 'wide':
			return startWide(scanners, pass, file, form);
	}
}
