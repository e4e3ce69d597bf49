import * as z from 'zod/mini';
import { parseEnergy } from '../format/energy.ts';
import { readJson } from '../format/json.ts';
import { entityFault, TIME_ZONE } from '../format/name.ts';
import type { Location, Problem, Result } from '../problem.ts';
import { WARNING_CODES } from './warning-codes.ts';

const WHOLE_LIMIT = 1_000_000_000;
const entity = z.string('entity').check(z.refine((text) => entityFault(text) === null, 'entity'));
const whole = (least: number) =>
	z.int('integer').check(z.minimum(least, 'integer'), z.maximum(WHOLE_LIMIT, 'integer'));
const fraction = z
	.tuple([whole(0), whole(1)], 'fraction')
	.check(z.refine(([part, all]) => part <= all, 'fraction'));
const energy = z.string('energy').check(z.refine((text) => 'wh' in parseEnergy(text), 'energy'));
const keys = z.record(entity, whole(0), 'object');
const ranks = z.record(entity, whole(1), 'object');
const account = z
	.string('account')
	.check(z.regex(/^[A-Za-z0-9][A-Za-z0-9 .:_-]{0,63}$/, 'account'));
const limit = z.exactOptional(fraction);

const agreement = z.strictObject(
	{
		id: entity,
		from: entity,
		to: entity,
		cap_kwh: z.exactOptional(energy),
		share: z.exactOptional(fraction),
	},
	'object',
);

const stage = z.discriminatedUnion(
	'rule',
	[
		z.strictObject({
			rule: z.literal('contract'),
			agreements: z.array(agreement, 'list').check(z.minLength(1, 'list')),
		}),
		z.strictObject({ rule: z.literal('proportional'), limit }),
		z.strictObject({ rule: z.literal('equal'), limit }),
		z.strictObject({ rule: z.literal('fixed'), keys, denominator: whole(1), limit }),
		z.strictObject({ rule: z.literal('fixed-redistribute'), keys, limit }),
		z.strictObject({ rule: z.literal('priority'), ranks, limit }),
	],
	'rule',
);

const delivery = z.discriminatedUnion(
	'rule',
	[
		z.strictObject({ rule: z.literal('proportional') }),
		z.strictObject({ rule: z.literal('priority'), ranks }),
	],
	'delivery-rule',
);

const price = z.strictObject(
	{
		currency: z.string('currency').check(z.regex(/^[A-Z]{3}$/, 'currency')),
		minor_digits: z.int('integer').check(z.minimum(0, 'integer'), z.maximum(4, 'integer')),
		per_kwh: z.string('price').check(z.regex(/^(0|[1-9][0-9]{0,5})(\.[0-9]{1,6})?$/, 'price')),
		accounts: z.strictObject({ debit: account, credit: account }, 'object'),
	},
	'object',
);

const plausibility = z.strictObject(
	{
		spike_factor: z.exactOptional(whole(1)),
		unit_slip_from: z.exactOptional(whole(2)),
		unit_slip_to: z.exactOptional(whole(2)),
		above_capacity_percent: z.exactOptional(whole(1)),
		estimates_wh: z.exactOptional(whole(0)),
		night_generation_percent: z.exactOptional(whole(0)),
		stuck_meter_hours: z.exactOptional(whole(1)),
		common_zero_run_hours: z.exactOptional(whole(1)),
		common_zero_run_entities: z.exactOptional(whole(2)),
		twin_series_percent: z.exactOptional(whole(1)),
		lump_after_gap_intervals: z.exactOptional(whole(1)),
		lump_after_gap_percent: z.exactOptional(whole(1)),
		waiver_required: z.exactOptional(z.array(z.enum(WARNING_CODES, 'warning'), 'list')),
	},
	'object',
);

const schema = z.strictObject(
	{
		format: z.literal('wattproof/rules/v1', 'format'),
		basis: z.enum(['monthly', 'interval'], 'basis'),
		interval_minutes: z.exactOptional(z.literal([5, 15, 30, 60], 'integer')),
		time_zone: z.string('time-zone').check(z.regex(TIME_ZONE, 'time-zone')),
		allocation: z.array(stage, 'list').check(z.minLength(1, 'list')),
		delivery: z.exactOptional(delivery),
		excluded: z.exactOptional(z.array(entity, 'list')),
		matrix: z.exactOptional(z.enum(['exact', 'chain'], 'matrix')),
		price: z.exactOptional(price),
		lock_after_days: z.exactOptional(whole(1)),
		plausibility: z.exactOptional(plausibility),
	},
	'object',
);

export type RuleSet = z.output<typeof schema>;
export type Stage = RuleSet['allocation'][number];
export type PoolStage = Exclude<Stage, { rule: 'contract' }>;
export type Delivery = NonNullable<RuleSet['delivery']>;
export type Price = NonNullable<RuleSet['price']>;
export type Plausibility = NonNullable<RuleSet['plausibility']>;

/** A rule set (docs/spec/rules.md), or every problem in it. */
export function readRules(path: string, bytes: Uint8Array): Result<RuleSet> {
	const read = readJson(path, bytes, schema);
	if (!read.ok) return read;
	const problems = stageProblems(read.value, read.locate);
	const { basis, interval_minutes } = read.value;
	if ((basis === 'interval') !== (interval_minutes !== undefined)) {
		const key = basis === 'interval' ? 'basis' : 'interval_minutes';
		problems.push({ code: 'rules-basis', location: read.locate([key]), found: basis });
	}
	return problems.length > 0 ? { ok: false, problems } : read;
}

type Locate = (keys: readonly PropertyKey[]) => Location;

function stageProblems(rules: RuleSet, locate: Locate): Problem[] {
	const problems: Problem[] = [];
	const ids = new Set<string>();
	rules.allocation.forEach((stage, index) => {
		if (stage.rule === 'contract' && index > 0) {
			problems.push({ code: 'rules-contract-order', location: locate(['allocation', index]) });
		}
		if (stage.rule === 'fixed') {
			const sum = Object.values(stage.keys).reduce((total, key) => total + key, 0);
			if (sum > stage.denominator) {
				const denominator = String(stage.denominator);
				problems.push({
					code: 'rules-keys-above-denominator',
					location: locate(['allocation', index, 'keys']),
					found: String(sum),
					denominator,
				});
			}
		}
		if (stage.rule !== 'contract') return;
		stage.agreements.forEach(({ id, from, to, cap_kwh, share }, number) => {
			const place = locate(['allocation', index, 'agreements', number]);
			if (ids.has(id)) {
				problems.push({ code: 'rules-agreement-duplicate', location: place, found: id });
			}
			ids.add(id);
			if (cap_kwh === undefined && share === undefined) {
				problems.push({ code: 'rules-agreement-empty', location: place, id });
			}
			if (from === to) problems.push({ code: 'rules-agreement-self', location: place, id });
		});
	});
	return problems;
}

/**
 * The places at which a rule set needs more for a period: entities it names that the register has
 * never had, and keys or ranks missing for entities that take part.
 */
export function rulesGaps(
	path: string,
	bytes: Uint8Array,
	registered: ReadonlySet<string>,
	participants: readonly string[],
): readonly Problem[] {
	const read = readJson(path, bytes, schema);
	if (!read.ok) return read.problems;
	const { value: rules, locate } = read;
	const problems: Problem[] = [];
	const known = (entity: string, keys: readonly PropertyKey[]) => {
		if (registered.has(entity)) return;
		problems.push({ code: 'rules-entity-unknown', location: locate(keys), entity });
	};
	const complete = (map: Readonly<Record<string, number>>, keys: readonly PropertyKey[]) => {
		for (const entity of Object.keys(map)) known(entity, [...keys, entity]);
		for (const entity of participants) {
			if (Object.hasOwn(map, entity)) continue;
			const field = keys.join('.');
			problems.push({ code: 'rules-key-missing', location: locate(keys), entity, field });
		}
	};
	rules.excluded?.forEach((entity, index) => {
		known(entity, ['excluded', index]);
	});
	rules.allocation.forEach((stage, index) => {
		if ('keys' in stage) complete(stage.keys, ['allocation', index, 'keys']);
		if ('ranks' in stage) complete(stage.ranks, ['allocation', index, 'ranks']);
		if (stage.rule !== 'contract') return;
		stage.agreements.forEach(({ from, to }, number) => {
			known(from, ['allocation', index, 'agreements', number, 'from']);
			known(to, ['allocation', index, 'agreements', number, 'to']);
		});
	});
	if (rules.delivery?.rule === 'priority') complete(rules.delivery.ranks, ['delivery', 'ranks']);
	return problems;
}
