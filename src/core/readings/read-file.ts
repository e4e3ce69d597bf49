import { wholeFile } from '../problem.ts';
import { readBlocks } from './blocks.ts';
import { formOf } from './header.ts';
import { type IntervalFile, openFile, takeLine, tellBlank } from './interval-file.ts';
import { tell } from './problem-list.ts';
import { type Learn, type Pass, readRow } from './rows.ts';
import { type Scan, type Scanners, scanOf } from './scanners.ts';

const LINE_FEED = 10;

/**
 * Reads one interval file. The scanners take the lines that they know exactly; every other line goes
 * through the specification. Without scanners every line does.
 */
export function readFile(
	pass: Pass,
	path: string,
	number: number,
	parts: Iterable<Uint8Array>,
	scanners: Scanners | null,
): IntervalFile {
	const file = openFile(path, number);
	let scan: Scan | null = null;
	const learn: Learn = (text, interval) => scanners?.learn(text, interval);
	const take = (bytes: Uint8Array, ended: boolean) => {
		if (file.refused) return;
		tellBlank(file);
		const line = takeLine(file, bytes, ended);
		if (file.line > 1) {
			if (line !== null && file.form !== null) readRow(pass, file, file.form, line, learn);
			return;
		}
		file.form =
			line === null ? null : (scanners?.forms.get(line.text) ?? formOf(file, pass.ground, line));
		// Columns of a wide file may be told although they refuse nothing of the others.
		if (line !== null && file.form !== null && file.form.kind !== 'wide')
			scanners?.forms.set(line.text, file.form);
		file.refused = file.form === null;
		if (file.form?.plain && scanners !== null) scan = scanOf(scanners, pass, file, file.form);
	};
	readBlocks(parts, {
		block: (bytes, view, from, to) => {
			let at = from;
			while (at < to && !file.refused) {
				if (scan !== null) {
					tellBlank(file);
					at = scan(bytes, view, at, to);
					if (at >= to) break;
				}
				const end = bytes.indexOf(LINE_FEED, at);
				take(bytes.subarray(at, end), true);
				at = end + 1;
			}
		},
		rest: (bytes) => take(bytes, false),
	});
	if (file.line === 0) tell(file.list, { code: 'csv-empty', location: wholeFile(path) });
	return file;
}
