import type { Files } from '../core/format/bytes.ts';
import { isPeriod, type Period } from '../core/format/period.ts';
import type { Result } from '../core/problem.ts';
import { computeNextRun } from '../core/record/next-run.ts';
import type { Run } from '../core/record/run.ts';
import { instantOf, presentAt } from './present.ts';
import { stop } from './stop.ts';

/** The next run of a period, or its problems; stops where the period has nothing to settle. */
export function previewRun(files: Files, period: Period, now: Date): Result<Run> {
	if (!isPeriod(period)) stop({ code: 'period-malformed', found: period });
	const next = computeNextRun(files, period, presentAt(instantOf(now)));
	switch (next.state) {
		case 'computed':
			return { ok: true, value: next.run };
		case 'refused':
			return { ok: false, problems: next.problems };
		case 'nothing-submitted':
			return stop({ code: 'nothing-submitted', period });
		case 'already-final': {
			const [run, following] = [String(next.run), String(next.run + 1)];
			return stop({ code: 'already-final', period, run, next: following });
		}
		case 'log-unreadable':
			return stop({ code: 'log-not-intact', verdict: 'TAMPERED', finding: null });
	}
}
