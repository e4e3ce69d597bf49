import { digest } from '../../../src/core/format/bytes.ts';
import { rootPath } from '../../../src/core/paths.ts';
import { pinned, type Signer } from '../log.ts';
import { type Chance, pick, some } from './data.ts';
import { type History, holder, instant } from './history.ts';
import type { Root, Rotation } from './keeper.ts';

const ROLES = ['audit', 'audit-2', 'controller'];

interface Named {
	readonly fingerprint: string;
}
const without = <Key extends Named>(keys: readonly Key[], gone: readonly Signer[]) =>
	keys.filter((key) => !gone.some((it) => it.fingerprint === key.fingerprint));
const shuffled = <Item>(next: Chance, items: readonly Item[]) =>
	items
		.map((item) => ({ item, at: next(1_000_000) }))
		.toSorted((a, b) => a.at - b.at)
		.map(({ item }) => item);

/** Hands trust on: other keys, thresholds and roles from a sequence number that is still to come. */
export async function rotate(history: History): Promise<void> {
	const { next, keeper, roots, sequence } = history;
	const last = roots.at(-1) ?? keeper.root;
	const named = [...last.root_keys, ...last.finalizer_keys, ...last.approvals];
	const free = shuffled(
		next,
		keeper.people.filter((it) => !named.some(({ fingerprint }) => fingerprint === it.fingerprint)),
	);
	const take = (most: number) => free.splice(0, next(most + 1));
	const from = Math.max(sequence, last.effective_from_sequence) + 1 + next(3);
	const whose = (keys: readonly Named[]) => keys.map((it) => holder(history, it.fingerprint));
	const endless = last.finalizer_keys.filter((it) => it.to_sequence === null);
	const addRoots = take(1);
	const addFinalizers = take(1);
	const spare = (keys: readonly Named[], added: number) =>
		whose(some(next, added > 0 ? keys : keys.slice(1)));
	const removeRoots = spare(last.root_keys, addRoots.length);
	const count = last.root_keys.length - removeRoots.length + addRoots.length;
	const change: Rotation = {
		from,
		threshold: 1 + next(count),
		addRoots,
		removeRoots,
		addFinalizers,
		retireFinalizers: spare(endless, addFinalizers.length),
		addApprovers: take(2).map((who) => ({ role: pick(next, ROLES), who })),
		removeApprovers: whose(some(next, last.approvals)),
	};
	const files = keeper.files();
	const root = successor(last, change, files.get(rootPath(last.version)) ?? new Uint8Array());
	const willing = (keys: readonly Named[], threshold: number) =>
		shuffled(next, whose(keys)).slice(0, threshold + next(2));
	const holders = new Set([
		...willing(last.root_keys, last.root_threshold),
		...willing(root.root_keys, root.root_threshold),
	]);
	await keeper.rotate(root, change, [...holders], instant(history.clock));
	roots.push(root);
	history.acts.push(`root ${root.version} from sequence ${from}`);
}

function successor(last: Root, change: Rotation, bytes: Uint8Array): Root {
	const { from, retireFinalizers } = change;
	const retired = new Set(retireFinalizers.map((it) => it.fingerprint));
	return {
		log: last.log,
		version: last.version + 1,
		previous_sha256: digest(bytes),
		effective_from_sequence: from,
		root_threshold: change.threshold,
		root_keys: [...without(last.root_keys, change.removeRoots), ...change.addRoots.map(pinned)],
		finalizer_keys: [
			...last.finalizer_keys.map((key) =>
				retired.has(key.fingerprint) ? { ...key, to_sequence: from - 1 } : key,
			),
			...change.addFinalizers.map((it) => {
				return { ...pinned(it), from_sequence: from, to_sequence: null };
			}),
		],
		approvals: [
			...without(last.approvals, change.removeApprovers),
			...change.addApprovers.map(({ role, who }) => ({ role, ...pinned(who) })),
		],
	};
}
