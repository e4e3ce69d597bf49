import { formatJson } from '../format/json.ts';
import type { Report } from './report.ts';

/** Who verified: the program and its version. */
export interface Verifier {
	readonly name: string;
	readonly version: string;
}

/**
 * The report as canonical JSON that an auditor can sign and file
 * (docs/spec/json.md). Energy is in whole Wh, as integers below 2^53.
 */
export function formatReport(report: Report, verifier: Verifier): Uint8Array {
	return formatJson({
		format: 'wattproof/report/v1',
		verifier: { name: verifier.name, version: verifier.version },
		verdict: report.verdict,
		scope: report.scope,
		log: report.log,
		pin: report.pin,
		trust_roots: report.trust_roots,
		history: report.history,
		checkpoint: report.checkpoint,
		checks: report.checks,
		findings: report.findings,
		worth: report.worth.map(({ period, run, basis, entities }) => ({
			period,
			run,
			basis,
			entities: entities.map(({ entity, energy_wh }) => ({
				entity,
				energy_wh: Object.fromEntries(
					Object.entries(energy_wh).map(([quantity, wh]) => [quantity, Number(wh)]),
				),
			})),
		})),
		runs: report.runs,
		not_checked: report.checks.filter(({ status }) => status === 'not-asked').map(({ id }) => id),
	});
}
