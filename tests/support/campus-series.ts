import { parseEnergy } from '../../src/core/format/energy.ts';
import type { Series } from '../../src/core/readings/series.ts';
import { sharedRows } from './shared.ts';

/** A month of a real campus from its long file; what a meter lacks counts as nothing. */
export function campusSeries(name: string, period: string): Series {
	const meters = new Map(sharedRows(`data/${name}/meters.csv`).map((it) => [it['meter'], it]));
	const rows = sharedRows(`data/${name}/interval/${period}.long.csv`);
	const starts = [...new Set(rows.map((it) => Date.parse(it['interval_start'] ?? '')))];
	const interval = new Map(starts.toSorted((a, b) => a - b).map((start, at) => [start, at]));
	const entities = [...new Set(rows.map((it) => meters.get(it['meter'])?.['entity'] ?? ''))];
	entities.sort();
	const size = entities.length * starts.length;
	const series = { generated: new Uint32Array(size), consumed: new Uint32Array(size) };
	for (const row of rows) {
		const meter = meters.get(row['meter']);
		const energy = parseEnergy(row['kwh'] ?? '');
		if (!('wh' in energy)) throw new Error(row['kwh']);
		const values = meter?.['kind'] === 'generation' ? series.generated : series.consumed;
		const at = interval.get(Date.parse(row['interval_start'] ?? '')) ?? 0;
		const place = entities.indexOf(meter?.['entity'] ?? '') * starts.length + at;
		values[place] = (values[place] ?? 0) + Number(energy.wh);
	}
	return { intervals: starts.length, entities, ...series };
}
