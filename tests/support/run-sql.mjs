// Runs a file of SQL statements with DuckDB in the working folder, as its own command line does.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const installed = createRequire(new URL('../bench/package.json', import.meta.url));
const { DuckDBInstance } = installed('@duckdb/node-api');
// Nothing is fetched on the way.
const settings = { autoinstall_known_extensions: 'false' };
const database = await DuckDBInstance.create(':memory:', settings);
const connection = await database.connect();
try {
	await connection.run(readFileSync(process.argv[2] ?? '', 'utf8'));
} catch (error) {
	console.error(error instanceof Error ? error.message : error);
	process.exitCode = 1;
}
