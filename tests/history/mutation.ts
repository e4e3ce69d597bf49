import type { CheckId, FindingCode, Verdict } from '../../src/core/verification/report.ts';
import type { Actor } from '../tamper/mutation.ts';
import type { LogKind } from './honest-log.ts';
import type { Site } from './site.ts';

/** One thing done to the history of an honest log, and what a verifier with its pin must say. */
export interface HistoryMutation {
	/** Kebab-case. */
	readonly name: string;
	readonly actor: Actor;
	/** `approved` unless stated. */
	readonly log?: LogKind;
	// biome-ignore lint/suspicious/noConfusingVoidType: most rows have nothing to add
	readonly change: (site: Site) => void | Setting | Promise<void | Setting>;
	/** What no copy carries: it is seen in the folder, or in the bundle, alone. */
	readonly only?: 'folder' | 'bundle';
	readonly verdict: Verdict;
	/** The check that decides; absent where the verdict is VALID. */
	readonly check?: CheckId;
	/** Every code that the report has, notices too. */
	readonly codes: readonly FindingCode[];
	/** For people: what was done, and why it shows, or why it cannot. */
	readonly says: string;
}

/** How the verifier goes about it, where not as usual. */
export interface Setting {
	/** The folder to verify. */
	readonly dir?: string;
	/** A bundle to verify instead of one of `main`. */
	readonly bundle?: string;
	/** Path of a checkpoint that was kept. */
	readonly checkpoint?: string;
	readonly pin?: string;
}
