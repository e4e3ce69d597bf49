import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { chance } from '../support/communities.ts';
import { act, begin } from './honest/history.ts';
import { byCommands, inMemory, type Keeper, type Root } from './honest/keeper.ts';
import { check } from './honest/truth.ts';
import { makeSigner, pinned, type Signer } from './log.ts';

/** Logs in which nobody did wrong: whatever happened in them, no verifier may object. */
const full = inject('full');
const seed = Number(process.env['WATTPROOF_SEED'] ?? Date.now() % 2 ** 31);
const BATCH = 40;
const counted = { histories: 0, acts: 0, runs: 0, roots: 0, verifications: 0, refused: 0 };

let people: readonly Signer[] = [];
beforeAll(async () => {
	const names = Array.from({ length: 24 }, (_, index) => `person ${index}`);
	people = await Promise.all(names.map(makeSigner));
});
afterAll(() => {
	console.info(`honest: WATTPROOF_SEED=${seed}, ${JSON.stringify(counted)}`);
});

/** A first root with several root keys, deputies for some sequence numbers, and roles or none. */
function firstRoot(next: (range: number) => number): Root {
	const [root, second, finalizer, deputy, ...others] = people.map(pinned);
	if (!root || !second || !finalizer || !deputy) throw new Error('too few people');
	const root_keys = next(2) === 0 ? [root] : [root, second];
	const roles = ['audit', 'audit', 'controller'].slice(0, next(4));
	const [from, until] = [1 + next(3), 4 + next(3)];
	return {
		log: 'example.org/test',
		version: 1,
		previous_sha256: null,
		effective_from_sequence: 1,
		root_threshold: 1 + next(root_keys.length),
		root_keys,
		finalizer_keys: [
			{ ...finalizer, from_sequence: 1, to_sequence: null },
			...(next(2) === 0 ? [{ ...deputy, from_sequence: from, to_sequence: until }] : []),
		],
		approvals: roles.flatMap((role, index) => {
			const key = others[index];
			return key === undefined ? [] : [{ role, ...key }];
		}),
	};
}

async function live(keeper: Keeper, number: number, acts: number): Promise<void> {
	const history = await begin(keeper, chance(number));
	try {
		await check(history);
		for (let done = 0; done < acts; done++) {
			const before = [history.sequence, history.missing, history.roots.length].join();
			await act(history);
			const after = [history.sequence, history.missing, history.roots.length].join();
			// Where nobody signed anything, a look now and then is enough.
			if (before !== after || done % 3 === 0) await check(history);
		}
		await check(history);
	} catch (error) {
		throw new Error(`WATTPROOF_SEED=${number}\n${history.acts.join('\n')}`, { cause: error });
	}
	counted.histories++;
	counted.acts += acts;
	counted.runs += history.sequence;
	counted.roots += history.roots.length;
	counted.verifications += history.verifications;
	counted.refused += history.acts.filter((it) => /: [a-z]+-|: locked/.test(it)).length;
}

describe('an honest log is what it is after every act', () => {
	const batches = Array.from({ length: full ? 20 : 1 }, (_, index) => index);
	test.each(batches)('in memory, batch %i', async (batch) => {
		for (let index = 0; index < (full ? BATCH : 3); index++) {
			const number = seed + batch * BATCH + index;
			await live(await inMemory(people, firstRoot(chance(number))), number, full ? 24 : 16);
		}
		expect(counted.runs).toBeGreaterThan(0);
	});

	test.each(Array.from({ length: full ? 40 : 1 }, (_, index) => index))(
		'by the commands, log %i',
		async (index) => {
			await live(await byCommands(people), seed + index, full ? 25 : 8);
		},
	);
});
