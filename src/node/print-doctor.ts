import { diagnosisText, doctorWords } from '../texts/chosen.ts';
import type { Diagnosis, DiagnosisState } from './diagnosis.ts';
import { grouped } from './grouped.ts';
import { paint, type Style } from './print.ts';
import { text } from './print-json.ts';

const STYLES: Readonly<Record<DiagnosisState, Style>> = {
	ok: 'green',
	problem: 'red',
	unknown: 'yellow',
};

const count = (diagnoses: readonly Diagnosis[], state: DiagnosisState) =>
	diagnoses.filter((it) => it.state === state).length;

/** Every diagnosis with its sentence, said once where it is the same; and how many ask for something. */
export function doctorText(diagnoses: readonly Diagnosis[]): string {
	const { states, checks, sum } = doctorWords;
	const width = Math.max(...Object.values(states).map((it) => it.length));
	const said = grouped(diagnoses, (it) => `${it.state} ${diagnosisText(it)}`);
	const lines = [...said.values()].flatMap((same) => {
		const [first] = same;
		if (first === undefined) return [];
		const state = paint(STYLES[first.state], states[first.state].padEnd(width));
		const names = same.map(({ check }) => checks[check]).join(', ');
		return `${state}  ${names}\n${' '.repeat(width + 2)}${diagnosisText(first)}`;
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
