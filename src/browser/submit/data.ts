import type { BasisRules } from '../../core/data/basis.ts';
import type { Period } from '../../core/format/period.ts';

/** What the page knows of the repository as of the build, and where to send what is new. */
export interface SubmitData {
	readonly locale: string;
	readonly forge: Forge;
	/** Of the repository, without a slash at its end; empty where there is none to name. */
	readonly repository: string;
	readonly branch: string;
	/** Id, name, first and last month of each row of the register. */
	readonly entities: readonly (readonly [string, string, Period, Period | ''])[];
	/** Ids of rows that cannot be read. */
	readonly doubtful: readonly string[];
	/** The month with which the log begins. */
	readonly first: Period | null;
	/** The highest run of each final month. */
	readonly finals: Readonly<Record<Period, number>>;
	/**
	 * Figures of open months and of the final ones before them: generated, consumed and, where it is not
	 * the smaller of both, own use in kWh by entity.
	 */
	readonly earlier: readonly {
		readonly period: Period;
		readonly final: boolean;
		readonly figures: Readonly<Record<string, readonly string[]>>;
	}[];
	/**
	 * Files of open months by path, without private columns, and with a 0 for each reading of an
	 * interval that no other file is settled with; empty where their size forbids it.
	 */
	readonly open: Readonly<Record<string, string>>;
	/** What rule sets say of the basis, by the month from which they are in force, the latest first. */
	readonly bases: readonly (readonly [Period, BasisRules])[];
	/** The register of metering points without private columns; empty where no rule set asks for it. */
	readonly points: string;
}

export type Forge = 'github' | 'gitlab' | 'forgejo' | 'none';

/** What the rules in force in a month settle; monthly where no rule set can be read. */
export function basisIn({ bases }: SubmitData, period: Period): BasisRules['basis'] {
	return bases.find(([from]) => from <= period)?.[1].basis ?? 'monthly';
}
