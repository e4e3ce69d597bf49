/** As much of the packages of this folder's own lockfile as is used: types pass without them. */

declare module '@duckdb/node-api' {
	interface Connection {
		run(sql: string): Promise<unknown>;
	}
	export const DuckDBInstance: {
		create(path: string): Promise<{ connect(): Promise<Connection> }>;
	};
}

declare module 'nodejs-polars' {
	type Value = Expr | number | string | null;
	export interface Expr {
		add(value: Value): Expr;
		plus(value: Value): Expr;
		minus(value: Value): Expr;
		mul(value: Value): Expr;
		div(value: Value): Expr;
		modulo(value: Value): Expr;
		eq(value: Value): Expr;
		neq(value: Value): Expr;
		gt(value: Value): Expr;
		lt(value: Value): Expr;
		ltEq(value: Value): Expr;
		and(value: Expr): Expr;
		or(value: Expr): Expr;
		isNotNull(): Expr;
		round(digits: number): Expr;
		cast(type: Type): Expr;
		alias(name: string): Expr;
		over(...by: string[]): Expr;
		sum(): Expr;
		count(): Expr;
		nUnique(): Expr;
		readonly str: { slice(from: number): Expr };
	}
	interface Type {
		readonly __type?: never;
	}
	type Column = Expr | string;
	interface Sorting {
		readonly by: readonly string[];
		readonly descending: readonly boolean[];
	}
	export interface LazyDataFrame {
		select(...columns: Column[]): LazyDataFrame;
		withColumns(...columns: Expr[]): LazyDataFrame;
		withRowIndex(name: string): LazyDataFrame;
		filter(by: Expr): LazyDataFrame;
		join(other: LazyDataFrame, how: { on: string; how?: 'left' }): LazyDataFrame;
		groupBy(by: readonly string[]): { agg(...columns: Expr[]): LazyDataFrame };
		sort(by: string | Sorting): LazyDataFrame;
		unpivot(
			kept: readonly string[],
			columns: readonly string[],
			names: { variableName: string; valueName: string },
		): LazyDataFrame;
		collectSync(): DataFrame;
	}
	export interface DataFrame {
		readonly height: number;
		lazy(): LazyDataFrame;
		select(...columns: Column[]): DataFrame;
		getColumn(name: string): { nullCount(): number; nUnique(): number };
		toRecords(): Record<string, unknown>[];
	}
	interface Condition {
		then(value: Value): { otherwise(value: Value): Expr };
	}
	interface Reading {
		readonly schema?: Readonly<Record<string, Type>>;
		readonly inferSchemaLength?: number;
	}
	const polars: {
		readonly Int32: Type;
		readonly Int64: Type;
		readonly Float64: Type;
		readonly Utf8: Type;
		col(name: string): Expr;
		lit(value: string | number | boolean | null): Expr;
		len(): Expr;
		when(condition: Expr): Condition;
		intRange(range: { start: number; end: Expr }): Expr;
		concat(frames: readonly LazyDataFrame[]): LazyDataFrame;
		scanCSV(path: string, reading: Reading): LazyDataFrame;
		DataFrame(columns: Readonly<Record<string, readonly unknown[]>>): DataFrame;
	};
	export default polars;
}
