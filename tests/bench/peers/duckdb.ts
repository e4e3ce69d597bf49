import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';

/** The whole job by DuckDB: arguments are repository, SQL of the layout, folder of SQL, output. */
const [dir = '', reading = '', sql = '', out = ''] = process.argv.slice(2);
mkdirSync(out, { recursive: true });
const connection = await (await DuckDBInstance.create(':memory:')).connect();
const run = async () => {
	for (const name of ['configuration', reading, 'settle']) {
		const text = readFileSync(join(sql, `${name}.sql`), 'utf8');
		await connection.run(text.replaceAll('{dir}', dir).replaceAll('{out}', out));
	}
};
const settled = run();
// Meanwhile, on this thread.
const folder = join(dir, 'data/2025-10');
const digests = readdirSync(folder)
	.toSorted()
	.map((name) => {
		const digest = createHash('sha256')
			.update(readFileSync(join(folder, name)))
			.digest('hex');
		return `${digest}  data/2025-10/${name}\n`;
	});
writeFileSync(join(out, 'SHA256SUMS'), digests.join(''));
await settled;
