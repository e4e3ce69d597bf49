import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pl, { type Expr, type LazyDataFrame } from 'nodejs-polars';
import { CELLS, DAYS_OF_MONTH, PERIOD, STARTS } from '../intervals/month.ts';

/** The whole job by Polars: columns with types, starts by the month's own list of them. */
const [dir = '', layout = '', out = ''] = process.argv.slice(2);
const K = 1_000_000;
const { Int32, Int64, Float64, Utf8 } = pl;
const col = pl.col;
/** Exact below 2^53: what is divided is a multiple of the divisor. */
const floor = (value: Expr, by: Expr) => value.minus(value.modulo(by)).div(by).cast(Int64);
const text = { inferSchemaLength: 0 };

const register = pl
	.scanCSV(join(dir, 'data/entities.csv'), text)
	.sort('entity')
	.withRowIndex('e')
	.collectSync();
const points = pl
	.scanCSV(join(dir, 'data/metering-points.csv'), text)
	.withColumns(col('direction').eq(pl.lit('generation')).alias('generates'))
	.join(register.select('entity', 'e').lazy(), { on: 'entity' })
	.select('metering_point', 'e', 'generates')
	.withRowIndex('p')
	.collectSync();

const folder = join(dir, 'data', PERIOD);
const columns = Array.from({ length: CELLS }, (_, index) => `c${index + 1}`);

function readLong(): LazyDataFrame {
	const starts = pl.DataFrame({ interval_start: STARTS, t: STARTS.map((_, at) => at) });
	const schema = { metering_point: Utf8, interval_start: Utf8, kwh: Float64 };
	return pl
		.scanCSV(join(folder, '*.csv'), { schema })
		.join(starts.lazy().withColumns(col('t').cast(Int32)), { on: 'interval_start', how: 'left' });
}

function readDays(): LazyDataFrame {
	const days = pl.DataFrame({
		date: DAYS_OF_MONTH.map(({ date }) => date),
		first: DAYS_OF_MONTH.map(({ first }) => first),
		intervals: DAYS_OF_MONTH.map(({ intervals }) => intervals),
	});
	const schema = Object.fromEntries([
		['metering_point', Utf8],
		['date', Utf8],
		...columns.map((name) => [name, Float64]),
	]);
	return pl
		.scanCSV(join(folder, '*.csv'), { schema })
		.join(days.lazy(), { on: 'date', how: 'left' })
		.unpivot(['metering_point', 'first', 'intervals'], columns, {
			variableName: 'cell',
			valueName: 'kwh',
		})
		.withColumns(col('cell').str.slice(1).cast(Int32))
		.filter(col('kwh').isNotNull())
		.withColumns(
			pl
				.when(col('cell').ltEq(col('intervals')))
				.then(col('first').plus(col('cell')).minus(1))
				.otherwise(pl.lit(null))
				.cast(Int32)
				.alias('t'),
		);
}

const readings = (layout === 'long' ? readLong() : readDays())
	.join(points.lazy(), { on: 'metering_point', how: 'left' })
	.select('p', 'e', 'generates', 't', col('kwh').mul(1000).round(0).cast(Int64).alias('wh'))
	.collectSync();
for (const name of ['p', 't', 'wh']) {
	if (readings.getColumn(name).nullCount() > 0) throw new Error(`refused: ${name}`);
}
const counts = readings
	.lazy()
	.groupBy(['p'])
	.agg(col('t').count().alias('n'), col('t').nUnique().alias('different'))
	.filter(col('n').neq(STARTS.length).or(col('different').neq(STARTS.length)))
	.collectSync();
const known = readings.getColumn('p').nUnique();
if (counts.height > 0 || known !== points.height) throw new Error('refused: missing');

const generation = pl.when(col('generates')).then(col('wh')).otherwise(pl.lit(0));
const balances = readings
	.lazy()
	.groupBy(['e', 't'])
	.agg(generation.sum().alias('g'), col('wh').sum().alias('sum'))
	.withColumns(col('sum').minus(col('g')).alias('c'))
	.collectSync();

const surplus = pl
	.when(col('g').gt(col('c')))
	.then(col('g').minus(col('c')))
	.otherwise(pl.lit(0));
const deficit = pl
	.when(col('c').gt(col('g')))
	.then(col('c').minus(col('g')))
	.otherwise(pl.lit(0));
const sides = balances
	.lazy()
	.withColumns(surplus.sum().over('t').alias('s'), deficit.sum().over('t').alias('d'))
	.filter(col('g').neq(col('c')).and(col('s').gt(0)).and(col('d').gt(0)))
	.select(
		't',
		'e',
		col('g').gt(col('c')).alias('gives'),
		surplus.plus(deficit).alias('w'),
		pl
			.when(col('s').lt(col('d')))
			.then(col('s'))
			.otherwise(col('d'))
			.alias('h'),
		pl
			.when(col('g').gt(col('c')))
			.then(col('s'))
			.otherwise(col('d'))
			.alias('total'),
	)
	.collectSync();
const whole = sides
	.lazy()
	.filter(col('total').eq(col('h')))
	.select('e', 'gives', col('w').mul(K).alias('micro'));
const product = col('w').mul(col('h'));
const rest = product.modulo(col('total')).mul(K);
const parts = sides
	.lazy()
	.filter(col('total').gt(col('h')))
	.withColumns(
		floor(product, col('total'))
			.mul(K)
			.plus(floor(rest, col('total')))
			.alias('micro'),
		rest.modulo(col('total')).alias('rest'),
	)
	.sort({ by: ['t', 'rest', 'e'], descending: [false, true, false] })
	.withColumns(
		pl.intRange({ start: 0, end: pl.len() }).over('t').alias('place'),
		col('h').mul(K).minus(col('micro').sum().over('t')).alias('missing'),
	)
	.select(
		'e',
		'gives',
		col('micro')
			.plus(col('place').lt(col('missing')).cast(Int64))
			.alias('micro'),
	);
const month = pl
	.concat([whole, parts])
	.groupBy(['e', 'gives'])
	.agg(col('micro').sum())
	.withColumns(floor(col('micro'), pl.lit(K)).alias('wh'), col('micro').modulo(K).alias('rest'))
	.sort({ by: ['gives', 'rest', 'e'], descending: [false, true, false] })
	.withColumns(
		pl.intRange({ start: 0, end: pl.len() }).over('gives').alias('place'),
		floor(col('micro').sum().over('gives'), pl.lit(K))
			.minus(col('wh').sum().over('gives'))
			.alias('missing'),
	)
	.select(
		'e',
		'gives',
		col('wh')
			.plus(col('place').lt(col('missing')).cast(Int64))
			.alias('wh'),
	)
	.collectSync();

const least = pl
	.when(col('g').lt(col('c')))
	.then(col('g'))
	.otherwise(col('c'));
const part = (gives: boolean, name: string) =>
	month
		.lazy()
		.filter(col('gives').eq(pl.lit(gives)))
		.select('e', col('wh').alias(name));
const sums = balances
	.lazy()
	.groupBy(['e'])
	.agg(col('g').sum(), col('c').sum(), least.sum().alias('self'))
	.join(register.lazy(), { on: 'e' })
	.join(part(true, 'delivered'), { on: 'e', how: 'left' })
	.join(part(false, 'received'), { on: 'e', how: 'left' })
	.sort('e')
	.collectSync()
	.toRecords();

function kwh(wh: unknown): string {
	const digits = String(wh ?? 0).padStart(4, '0');
	return `${digits.slice(0, -3)}.${digits.slice(-3)}`;
}

// A few rows are left: as text, and the chain over them, they are written here.
const statement = sums.map((row) => {
	const [g, c, self, given, taken] = ['g', 'c', 'self', 'delivered', 'received'].map((name) =>
		Number(row[name] ?? 0),
	) as [number, number, number, number, number];
	const figures = [
		g,
		c,
		self,
		g - self,
		c - self,
		given,
		taken,
		g - self - given,
		c - self - taken,
		0,
	];
	const head = [PERIOD, '1', row['entity'], row['name'], row['cost_center'] ?? ''];
	return `${[...head, ...figures.map(kwh)].join(',')}\n`;
});
const allocations: string[] = [];
const open = sums.map((row) => ({ entity: row['entity'], wh: Number(row['received'] ?? 0) }));
let next = 0;
for (const row of sums) {
	let left = Number(row['delivered'] ?? 0);
	while (left > 0) {
		const sink = open[next];
		if (sink === undefined) throw new Error('the sides differ');
		const moved = Math.min(left, sink.wh);
		if (moved > 0) {
			allocations.push(`${PERIOD},1,${row['entity']},${sink.entity},${kwh(moved)}\n`);
		}
		left -= moved;
		sink.wh -= moved;
		if (sink.wh === 0) next++;
	}
}
const QUANTITIES =
	'generated,consumed,self_consumed,surplus,deficit,delivered,received,exported,imported,estimated';
const energies = QUANTITIES.split(',').map((name) => `${name}_kwh`);
const digests = readdirSync(folder)
	.toSorted()
	.map((name) => {
		const digest = createHash('sha256')
			.update(readFileSync(join(folder, name)))
			.digest('hex');
		return `${digest}  data/${PERIOD}/${name}\n`;
	});
mkdirSync(out, { recursive: true });
const head = `period,run,entity,name,cost_center,${energies.join(',')}\n`;
writeFileSync(join(out, 'statement.csv'), head + statement.join(''));
writeFileSync(
	join(out, 'allocations.csv'),
	`period,run,from,to,energy_kwh\n${allocations.join('')}`,
);
writeFileSync(join(out, 'SHA256SUMS'), digests.join(''));
