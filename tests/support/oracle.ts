import type { Allocation, Balance } from '../../src/core/settlement/settle.ts';

/**
 * The definitions of docs/spec/rules.md once more, written as they are read, slowly: rounds instead of a
 * sorted pass, division by repeated comparison instead of prefix sums. Shares no code with the engine.
 */

export type Amounts = Record<string, bigint>;
const total = (amounts: Amounts) => Object.values(amounts).reduce((sum, it) => sum + it, 0n);
const ids = (amounts: Amounts) => Object.keys(amounts).sort();
const least = (...amounts: bigint[]) => amounts.reduce((low, it) => (it < low ? it : low));

export function largestRemainderByHand(amount: bigint, weights: Amounts): Amounts {
	const sum = total(weights);
	const parts = Object.fromEntries(ids(weights).map((id) => [id, 0n]));
	if (sum === 0n) return parts;
	for (const id of ids(weights)) parts[id] = (amount * (weights[id] ?? 0n)) / sum;
	const left = amount - total(parts);
	for (let unit = 0n; unit < left; unit++) {
		// The largest remainder among those not raised yet; the lowest id among equals.
		const open = ids(weights).filter((id) => parts[id] === (amount * (weights[id] ?? 0n)) / sum);
		const rest = (id: string) => (amount * (weights[id] ?? 0n)) % sum;
		const best = open.reduce((a, b) => (rest(b) > rest(a) ? b : a));
		parts[best] = (parts[best] ?? 0n) + 1n;
	}
	return parts;
}

export function fillByHand(amount: bigint, weights: Amounts, caps: Amounts): Amounts {
	const parts = Object.fromEntries(ids(weights).map((id) => [id, 0n]));
	let active = ids(weights).filter((id) => (weights[id] ?? 0n) > 0n && (caps[id] ?? 0n) > 0n);
	let rem = amount;
	for (;;) {
		const sum = active.reduce((all, id) => all + (weights[id] ?? 0n), 0n);
		const full = active.filter((id) => (caps[id] ?? 0n) * sum <= rem * (weights[id] ?? 0n));
		if (full.length === 0) break;
		for (const id of full) {
			parts[id] = caps[id] ?? 0n;
			rem -= caps[id] ?? 0n;
		}
		active = active.filter((id) => !full.includes(id));
	}
	const rest = Object.fromEntries(active.map((id) => [id, weights[id] ?? 0n]));
	return { ...parts, ...largestRemainderByHand(rem, rest) };
}

export function matrixByHand(given: Amounts, taken: Amounts): Record<string, Amounts> {
	const sources = ids(given).filter((id) => (given[id] ?? 0n) > 0n);
	const sinks = ids(taken).filter((id) => (taken[id] ?? 0n) > 0n);
	const sum = total(given);
	const so = Object.fromEntries(sinks.map((id) => [id, 0n]));
	const prefix = sources.map((_, index) =>
		sources.slice(0, index + 1).reduce((all, id) => all + (given[id] ?? 0n), 0n),
	);
	const rows: Record<string, Amounts> = {};
	sources.forEach((source, index) => {
		const x = prefix[index] ?? 0n;
		const lower = Object.fromEntries(
			sinks.map((id) => {
				const floor = (x * (taken[id] ?? 0n)) / sum;
				return [id, floor > (so[id] ?? 0n) ? floor : (so[id] ?? 0n)];
			}),
		);
		const lag = (id: string) => x * (taken[id] ?? 0n) - (lower[id] ?? 0n) * sum;
		const deadline = (id: string) =>
			prefix.findIndex((it) => it * (taken[id] ?? 0n) >= ((lower[id] ?? 0n) + 1n) * sum);
		const order = sinks
			.filter((id) => lag(id) > 0n)
			.sort(
				(a, b) => deadline(a) - deadline(b) || (lag(a) > lag(b) ? -1 : lag(a) < lag(b) ? 1 : 0),
			);
		const need = Number(x - total(lower));
		for (const id of order.slice(0, need)) lower[id] = (lower[id] ?? 0n) + 1n;
		rows[source] = Object.fromEntries(
			sinks.map((id) => [id, (lower[id] ?? 0n) - (so[id] ?? 0n)]).filter(([, it]) => it !== 0n),
		);
		Object.assign(so, lower);
	});
	return rows;
}

/** The caps of the agreements by id, in Wh. */
export function capsByHand({ allocation }: Allocation): Amounts {
	const [first] = allocation;
	const agreements = first?.rule === 'contract' ? first.agreements : [];
	return Object.fromEntries(
		agreements.flatMap(({ id, cap_kwh }) =>
			cap_kwh === undefined ? [] : [[id, BigInt(Math.round(Number(cap_kwh) * 1000))]],
		),
	);
}

/** Who receives how much of the pool after the contracts, stage by stage; caps shrink as they are used. */
export function settleByHand(
	balances: readonly Balance[],
	rules: Allocation,
	caps: Amounts = capsByHand(rules),
) {
	const part = balances.filter(({ entity }) => !rules.excluded?.includes(entity));
	const surplus: Amounts = {};
	const deficit: Amounts = {};
	for (const { entity, generated_wh: g, consumed_wh: c } of part) {
		surplus[entity] = g > c ? g - c : 0n;
		deficit[entity] = c > g ? c - g : 0n;
	}
	const flows: Record<string, bigint> = {};
	const initial = { ...surplus };
	const stages = [...rules.allocation];
	const [first] = stages;
	if (first?.rule === 'contract') {
		for (const { id, from, to, share } of first.agreements) {
			const bounds = [surplus[from] ?? 0n, deficit[to] ?? 0n];
			if (caps[id] !== undefined) bounds.push(caps[id]);
			if (share) bounds.push(((initial[from] ?? 0n) * BigInt(share[0])) / BigInt(share[1]));
			const wh = least(...bounds);
			if (wh === 0n) continue;
			if (caps[id] !== undefined) caps[id] -= wh;
			surplus[from] = (surplus[from] ?? 0n) - wh;
			deficit[to] = (deficit[to] ?? 0n) - wh;
			flows[`${from}>${to}`] = (flows[`${from}>${to}`] ?? 0n) + wh;
		}
		stages.shift();
	}
	const offered = total(surplus);
	let left = offered;
	const received: Amounts = Object.fromEntries(ids(deficit).map((id) => [id, 0n]));
	const give = (parts: Amounts) => {
		for (const [id, wh] of Object.entries(parts)) {
			received[id] = (received[id] ?? 0n) + wh;
			deficit[id] = (deficit[id] ?? 0n) - wh;
			left -= wh;
		}
	};
	for (const stage of stages) {
		if (stage.rule === 'contract') throw new Error('a contract comes first');
		const [num, den] = stage.limit ?? [1, 1];
		let offer = least(left, (offered * BigInt(num)) / BigInt(den));
		const weigh = (weight: (id: string) => bigint) =>
			Object.fromEntries(ids(deficit).map((id) => [id, weight(id)]));
		if (stage.rule === 'proportional') give(fillByHand(offer, { ...deficit }, { ...deficit }));
		if (stage.rule === 'equal')
			give(
				fillByHand(
					offer,
					weigh(() => 1n),
					{ ...deficit },
				),
			);
		if (stage.rule === 'fixed-redistribute') {
			give(
				fillByHand(
					offer,
					weigh((id) => BigInt(stage.keys[id] ?? 0)),
					{ ...deficit },
				),
			);
		}
		if (stage.rule === 'fixed') {
			const keys = weigh((id) => BigInt(stage.keys[id] ?? 0));
			// The slack is a claimant whose id is higher than any other, so that it loses every tie.
			const slack = { '~slack': BigInt(stage.denominator) - total(keys) };
			const parts = largestRemainderByHand(offer, { ...keys, ...slack });
			give(
				Object.fromEntries(ids(keys).map((id) => [id, least(parts[id] ?? 0n, deficit[id] ?? 0n)])),
			);
		}
		if (stage.rule === 'priority') {
			for (const rank of [...new Set(Object.values(stage.ranks))].sort((a, b) => a - b)) {
				const level = ids(deficit).filter((id) => stage.ranks[id] === rank);
				const caps = Object.fromEntries(level.map((id) => [id, deficit[id] ?? 0n]));
				const before = left;
				give(fillByHand(offer, caps, caps));
				offer -= before - left;
			}
		}
	}
	let delivered = largestRemainderByHand(offered - left, surplus);
	if (rules.delivery?.rule === 'priority') {
		const { ranks } = rules.delivery;
		let open = offered - left;
		delivered = {};
		for (const id of ids(surplus).sort(
			(a, b) => (ranks[a] ?? 0) - (ranks[b] ?? 0) || (a < b ? -1 : 1),
		)) {
			delivered[id] = least(open, surplus[id] ?? 0n);
			open -= delivered[id] ?? 0n;
		}
	}
	return { flows, delivered, received };
}
