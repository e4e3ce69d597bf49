import { digest, encodeText } from '../core/format/bytes.ts';
import { formatEnergy } from '../core/format/energy.ts';
import { visible } from '../core/format/name.ts';
import { isInfo, type Problem } from '../core/problem.ts';
import { problemText, pullRequest } from '../texts/chosen.ts';
import type { Formats } from '../texts/format.ts';
import type { Checked } from './check.ts';
import { nextStep } from './check-report.ts';
import type { OwnBalance } from './open-period.ts';
import { countErrors, exceptionLines, problemLines, statementTable } from './print.ts';
import {
	exceptionAnnotation,
	exceptionValues,
	problemAnnotation,
	problemValues,
	rowValue,
	text,
} from './print-json.ts';

/** GitHub shows so many annotations of each type and step, and drops the others without a word. */
const ANNOTATIONS = 10;
const TYPES = ['error', 'warning', 'notice'] as const;

export const CHECK_FORMATS = ['text', 'github', 'gitlab', 'json'] as const;
export type CheckFormat = (typeof CHECK_FORMATS)[number];

/** What `check` prints in one of its forms. */
export function checkOutput(checked: Checked, format: CheckFormat, formats: Formats): string {
	switch (format) {
		case 'text':
			return checkText(checked, formats);
		case 'github':
			return githubAnnotations(checked);
		case 'gitlab':
			return codeQuality(checked);
		case 'json':
			return checkJson(checked);
	}
}

function conclusion({ ok, problems }: Checked): string {
	return ok ? pullRequest.accepted : pullRequest.refused(countErrors(problems));
}

/** Workflow commands: every line begins as one, and what others wrote can neither end nor begin one. */
function githubAnnotations(checked: Checked): string {
	const lines = [
		...checked.problems.map(problemAnnotation),
		...checked.exceptions.map(exceptionAnnotation),
	];
	const shown = TYPES.flatMap((type) => {
		const all = lines.filter((line) => line.startsWith(`::${type} `));
		if (all.length <= ANNOTATIONS) return all;
		const rest = all.length - ANNOTATIONS + 1;
		const said = `::${type} title=${pullRequest.name}::${pullRequest.further(rest)}`;
		return [...all.slice(0, ANNOTATIONS - 1), said];
	});
	return [...shown, conclusion(checked)].join('\n');
}

/** The report that GitLab shows on the lines of a merge request (Code Quality). */
function codeQuality({ problems, exceptions }: Checked): string {
	const issue = (
		check_name: string,
		severity: 'blocker' | 'minor' | 'info',
		description: string,
		place: { readonly path: string; readonly line: number },
	) => {
		const path = visible(place.path);
		const location = { path, lines: { begin: Math.max(1, place.line) } };
		const fingerprint = digest(encodeText(JSON.stringify([check_name, description, location])));
		return { description, check_name, fingerprint, severity, location };
	};
	const severityOf = (it: Problem) => (isInfo(it) ? 'info' : 'blocker');
	return text([
		...problems.map((it) => issue(it.code, severityOf(it), problemText(it), it.location)),
		...exceptionValues(exceptions).map((it) =>
			issue(it.code, it.severity === 'warning' ? 'minor' : 'info', it.message, it),
		),
	]);
}

function checkJson(checked: Checked): string {
	const { base, head, ok, about, subject, before, month } = checked;
	const waiting = (state: string) =>
		month?.open.submitters.filter((it) => it.state === state).map(({ entity }) => entity) ?? [];
	return text({
		format: 'wattproof/check/v1',
		ok,
		base,
		head,
		about,
		period: subject?.period ?? null,
		run: subject?.run ?? null,
		problems: problemValues(checked.problems),
		problems_before: before,
		exceptions: exceptionValues(checked.exceptions),
		against: month?.against ?? null,
		figures: (month?.figures ?? []).map(({ entity, name, now, before: old }) => {
			return { entity, name, now: balanceValue(now), before: old && balanceValue(old) };
		}),
		readings: (month?.readings?.changes ?? []).map(({ metering_point, interval, ...it }) => {
			return {
				metering_point,
				interval,
				before: energyValue(it.before),
				after: energyValue(it.after),
			};
		}),
		readings_changed: month?.readings?.count ?? 0,
		missing: waiting('missing'),
		faulty: waiting('faulty'),
		preliminary:
			month?.settlement?.lines.map(({ row, before: old }) => {
				return { ...rowValue(row), before: old && rowValue(old) };
			}) ?? null,
	});
}

function energyValue(wh: bigint | null): string | null {
	return wh === null ? null : formatEnergy(wh);
}

function energyText(wh: bigint | null): string {
	return energyValue(wh) ?? pullRequest.readings.nothing;
}

function balanceValue({ generated_wh, consumed_wh, surplus_wh, deficit_wh }: OwnBalance) {
	return {
		generated_kwh: formatEnergy(generated_wh),
		consumed_kwh: formatEnergy(consumed_wh),
		surplus_kwh: formatEnergy(surplus_wh),
		deficit_kwh: formatEnergy(deficit_wh),
	};
}

function checkText(checked: Checked, formats: Formats): string {
	const { problems, exceptions, before, month } = checked;
	const parts: string[] = [];
	if (problems.length > 0) parts.push(problemLines(problems));
	if (exceptions.length > 0) parts.push(exceptionLines(exceptions));
	if (before > 0) parts.push(pullRequest.before(before));
	const missing = month?.open.submitters.filter(({ state }) => state === 'missing') ?? [];
	if (missing.length > 0) {
		parts.push(pullRequest.received.missing(missing.map(({ entity }) => entity).join(', ')));
	}
	const { changes = [], count = 0 } = month?.readings ?? {};
	if (count > 0) {
		const { heading, more } = pullRequest.readings;
		const lines = changes.map(
			(it) =>
				`  ${it.metering_point}  ${it.interval}  ${energyText(it.before)} -> ${energyText(it.after)}`,
		);
		if (count > changes.length) lines.push(`  ${more(formats.count(count - changes.length))}`);
		parts.push([heading(formats.count(count)), ...lines].join('\n'));
	}
	if (month?.settlement) {
		const { heading, note } = pullRequest.settlement;
		const rows = month.settlement.lines.map(({ row }) => row);
		parts.push(`${heading(month.open.period)}\n${note}\n\n${statementTable(rows)}`);
	}
	return [...parts, `${conclusion(checked)}\n\n${nextStep(checked, formats)}`].join('\n\n');
}
