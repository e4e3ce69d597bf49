import type { CheckId, FindingCode, Verdict } from '../../../src/core/verification/report.ts';
import type { Keys, MutableFiles } from '../../tamper/log.ts';
import type { Plan } from './logs.ts';

/** One log as a verifier finds it, and what it has to say: reasoned from docs/spec/, never measured. */
export interface ConformanceCase {
	/** Kebab-case; its folder. */
	readonly name: string;
	/** One sentence for people. */
	readonly title: string;
	/** The log before anybody touched it; a run of December alone unless told otherwise. */
	readonly plan?: Plan;
	/** What was done to it afterwards. */
	readonly change?: (files: MutableFiles, keys: Keys) => unknown;
	/** The version of the planned trust root that the person noted, 1 unless told otherwise; null: none. */
	readonly pinned?: 1 | 2 | null;
	readonly verdict: Verdict;
	/** The checks that do not pass, in the order of docs/spec/verification.md. */
	readonly checks?: Readonly<Partial<Record<CheckId, 'failed' | 'unavailable'>>>;
	/** Every code of a finding, in the order of docs/spec/verification.md. */
	readonly findings?: readonly FindingCode[];
}
