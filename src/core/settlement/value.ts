import type { Price } from '../data/rules.ts';
import { impossible } from '../problem.ts';
import { apportion, sumUnits } from './apportion.ts';
import { type Flow, matrix } from './matrix.ts';
import type { Settlement } from './settle.ts';

/** What the shared energy is worth, in minor units (cents) of one currency. No invoice, no tax. */
export interface Value {
	readonly currency: string;
	readonly minor_digits: number;
	/** By receiving entity. */
	readonly debits: ReadonlyMap<string, bigint>;
	/** By delivering entity; adds up to the same value as the debits. */
	readonly credits: ReadonlyMap<string, bigint>;
	readonly amounts: readonly Flow[];
}

/** Millionths of a currency unit in a price string of at most 6 decimals. */
function priceOf(perKwh: string): bigint {
	const [whole = '', decimals = ''] = perKwh.split('.');
	return BigInt(whole) * 1_000_000n + BigInt(decimals.padEnd(6, '0'));
}

/** The value of a settlement at a price (docs/spec/rules.md): balanced to the minor unit. */
export function appraise(settlement: Settlement, price: Price, method: 'exact' | 'chain'): Value {
	// Wh * (10^-6 units per kWh) * minor units per unit, over 10^9; half a minor unit rounds up.
	const scaled = settlement.shared_wh * priceOf(price.per_kwh) * 10n ** BigInt(price.minor_digits);
	const worth = (2n * scaled + 1_000_000_000n) / 2_000_000_000n;
	const { positions } = settlement;
	const share = (field: 'received_wh' | 'delivered_wh') => {
		const parts = apportion(
			worth,
			positions.map((it) => it[field]),
		);
		return new Map(positions.map(({ entity }, row) => [entity, parts[row] ?? 0n]));
	};
	const debits = share('received_wh');
	const credits = share('delivered_wh');
	if (sumUnits(debits.values()) !== worth || sumUnits(credits.values()) !== worth) {
		impossible('debits and credits differ (I23)');
	}
	const { currency, minor_digits } = price;
	return { currency, minor_digits, debits, credits, amounts: matrix(method, credits, debits) };
}
