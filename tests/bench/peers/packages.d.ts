/** As much of the packages of this folder's own lockfile as is used: types pass without them. */

declare module '@duckdb/node-api' {
	export interface DuckDBConnection {
		run(sql: string): Promise<unknown>;
	}
	export const DuckDBInstance: {
		create(path: string): Promise<{ connect(): Promise<DuckDBConnection> }>;
	};
}
