import { diagnosisText, doctorWords } from '../texts/chosen.ts';
import type { Diagnosis, DiagnosisState } from './diagnosis.ts';
import { paint, type Style } from './print.ts';
import { text } from './print-json.ts';

const STYLES: Readonly<Record<DiagnosisState, Style>> = {
	ok: 'green',
	problem: 'red',
	unknown: 'yellow',
};

const count = (diagnoses: readonly Diagnosis[], state: DiagnosisState) =>
	diagnoses.filter((it) => it.state === state).length;

/** One line for each diagnosis, and how many of them ask for something. */
export function doctorText(diagnoses: readonly Diagnosis[]): string {
	const { states, checks, sum } = doctorWords;
	const width = Math.max(...Object.values(states).map((it) => it.length));
	const lines = diagnoses.map((it) => {
		const state = paint(STYLES[it.state], states[it.state].padEnd(width));
		const sentence = diagnosisText(it);
		return `${state}  ${checks[it.check]}\n${' '.repeat(width + 2)}${sentence}`;
	});
	return `${lines.join('\n')}\n\n${sum({
		ok: count(diagnoses, 'ok'),
		problems: count(diagnoses, 'problem'),
		unknown: count(diagnoses, 'unknown'),
	})}`;
}

export function doctorJson(diagnoses: readonly Diagnosis[]): string {
	return text({
		format: 'wattproof/doctor/v1',
		ok: count(diagnoses, 'problem') === 0,
		problems: count(diagnoses, 'problem'),
		unknown: count(diagnoses, 'unknown'),
		checks: diagnoses.map((it) => {
			const { check, state, code, ...details } = it;
			return { check, state, code, message: diagnosisText(it), details };
		}),
	});
}
