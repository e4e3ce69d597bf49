import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { decodeText, digest } from '../../../src/core/format/bytes.ts';
import { formatJson } from '../../../src/core/format/json.ts';
import { formatDataPackage } from '../../../src/node/downloads/data-package.ts';
import { readTree } from '../../../src/node/files.ts';
import { readPublished } from '../../../src/node/published.ts';

/** The descriptor held against the files it describes, by the rules of Data Package 2.0. */
const { files } = readTree('.');
const published = readPublished(files);
const bytes = formatDataPackage(files, published, 'Example Campus') ?? new Uint8Array();
const document = JSON.parse(decodeText(bytes) ?? '');

interface Resource {
	readonly name: string;
	readonly path: string;
	readonly bytes: number;
	readonly hash: string;
	readonly schema: {
		readonly fields: readonly { name: string; type: string; description: string }[];
		readonly primaryKey?: readonly string[];
	};
}

// Lexical forms of Table Schema 2.0.
const FORMS: Readonly<Record<string, RegExp>> = {
	yearmonth: /^[0-9]{4}-(0[1-9]|1[0-2])$/,
	integer: /^[+-]?[0-9]+$/,
	number: /^[+-]?[0-9]+(\.[0-9]+)?$/,
	string: /^.*$/,
};

test('is canonical JSON and has what the profile requires', () => {
	expect(formatJson(document)).toEqual(bytes);
	expect(document.$schema).toBe('https://datapackage.org/profiles/2.0/datapackage.json');
	expect(document.created).toMatch(/^[0-9]{4}-[0-9-]+T[0-9:]+Z$/);
	const names = document.resources.map(({ name }: Resource) => name);
	expect(new Set(names).size).toBe(names.length);
	const records = [...files.keys()].filter((path) =>
		/^settlements\/.*\/(statement|allocations|exceptions|delta|journal)\.csv$/.test(path),
	);
	expect(document.resources.map(({ path }: Resource) => path).toSorted()).toEqual(
		records.toSorted(),
	);
});

describe.each(document.resources as readonly Resource[])('$name', (resource) => {
	// The sample's cells hold no quotes, so that splitting by hand is a second reader.
	const text = existsSync(resource.path) ? readFileSync(resource.path, 'utf8') : '';
	const [header = [], ...rows] = text
		.trimEnd()
		.split('\n')
		.map((line) => line.split(','));

	test('is the file that it describes', () => {
		const content = readFileSync(resource.path);
		expect(resource.path).toMatch(/^(?=^[^./~])(^((?!\.{2}).)*$).*$/);
		expect(resource.bytes).toBe(content.length);
		expect(resource.hash).toBe(`sha256:${digest(content)}`);
	});

	test('has the fields of the header, and their types in every row', () => {
		const { fields, primaryKey } = resource.schema;
		expect(text).not.toContain('"');
		expect(fields.map(({ name }) => name)).toEqual(header);
		for (const row of rows) {
			expect(row.length).toBe(header.length);
			fields.forEach(({ type, name }, at) => {
				expect(row[at], name).toMatch(FORMS[type] ?? /^type unknown$/);
			});
		}
		const keys = rows.map((row) => primaryKey?.map((name) => row[header.indexOf(name)]).join());
		if (primaryKey !== undefined) expect(new Set(keys).size).toBe(rows.length);
		for (const { description } of fields) expect(description).not.toBe('');
	});
});

test('there is none before the first run', () => {
	expect(formatDataPackage(new Map(), { runs: [] }, 'Example Campus')).toBe(null);
});
