import { digest } from '../../src/core/format/bytes.ts';
import { relist, remove, replaceText, resign, rewriteList } from './forge.ts';
import { CORRECTED, FIRST, type Keys, MIDDLE, type MutableFiles, NEWEST } from './log.ts';
import type { Mutation } from './mutation.ts';

/** The newest list rewritten and signed properly: only the check of the list itself can see it. */
const forged = (
	name: string,
	change: (lines: readonly string[], files: MutableFiles) => readonly string[],
) =>
	({
		name,
		actor: 'operator',
		verdict: 'TAMPERED',
		check: 'contents',
		path: `${NEWEST}/SHA256SUMS`,
		change: async (files: MutableFiles, keys: Keys) => {
			rewriteList(files, NEWEST, (lines) => change(lines, files));
			await resign(files, keys.finalizer, 5);
		},
	}) as const;

const line = (files: MutableFiles, path: string, shown = path) =>
	`${digest(files.get(path) ?? new Uint8Array())}  ${shown}`;

const insert = (lines: readonly string[], added: string) =>
	[...lines, added].toSorted((a, b) => (a.slice(66) < b.slice(66) ? -1 : 1));

/** Lists that the operator signs, and that are not what docs/spec/log.md says. */
export const LIST_MUTATIONS: readonly Mutation[] = [
	{
		...forged('signed-list-path-climbs', (lines, files) =>
			insert(lines, line(files, 'data/entities.csv', '../data/entities.csv')),
		),
		code: 'list-malformed',
		says: 'A path that climbs out of the repository is no path of the log.',
	},
	{
		...forged('signed-list-path-absolute', (lines, files) =>
			insert(lines, line(files, 'data/entities.csv', '/data/entities.csv')),
		),
		code: 'list-malformed',
		says: 'Paths begin at the root of the repository.',
	},
	{
		...forged('signed-list-line-twice', (lines) => [lines[0] ?? '', ...lines]),
		code: 'list-malformed',
		says: 'A path has one digest.',
	},
	{
		...forged('signed-list-order', (lines) => lines.toReversed()),
		code: 'list-malformed',
		says: 'The same files make the same list everywhere.',
	},
	{
		...forged('signed-list-upper-case', ([first = '', ...rest]) => [
			first.slice(0, 64).toUpperCase() + first.slice(64),
			...rest,
		]),
		code: 'list-malformed',
		says: 'The same files make the same list everywhere.',
	},
	{
		...forged('signed-list-binary-mark', (lines) => lines.map((it) => it.replace('  ', ' *'))),
		code: 'list-malformed',
		says: 'GNU tools would accept it; one form is enough.',
	},
	{
		...forged('signed-list-escaped-name', ([first = '', ...rest]) => [`\\${first}`, ...rest]),
		code: 'list-malformed',
		says: 'GNU tools read a backslash as the sign of an escaped name.',
	},
	{
		...forged('signed-list-crlf', (lines) => lines.map((it) => `${it}\r`)),
		code: 'list-malformed',
		says: 'A carriage return would be part of the name.',
	},
	{
		...forged('signed-list-blank-line', (lines) => ['', ...lines]),
		code: 'list-malformed',
		says: 'The list holds nothing but lines.',
	},
	{
		...forged('signed-list-comment', (lines) => ['# reviewed', ...lines]),
		code: 'list-malformed',
		says: 'The list holds nothing but lines.',
	},
	{
		...forged('signed-list-names-register', (lines, files) =>
			insert(lines, line(files, 'data/entities.csv')),
		),
		code: 'list-foreign',
		says: 'The register evolves: a list that names it would break at its next edit.',
	},
	{
		...forged('signed-list-names-other-month', (lines, files) =>
			insert(lines, line(files, 'data/2026-03/north.csv')),
		),
		code: 'list-foreign',
		says: 'A run is bound to its own month.',
	},
	{
		...forged('signed-list-names-other-run', (lines, files) =>
			insert(lines, line(files, `${MIDDLE}/statement.csv`)),
		),
		code: 'list-foreign',
		says: 'A run is bound to its own folder.',
	},
	{
		...forged('signed-list-names-trust-root', (lines, files) =>
			insert(lines, line(files, 'trust/root-1.json')),
		),
		code: 'list-foreign',
		says: 'The trust root stands above the runs.',
	},
	{
		...forged('signed-list-names-manifest', (lines, files) =>
			insert(lines, line(files, `${NEWEST}/manifest.json`)),
		),
		code: 'list-foreign',
		says: 'The manifest holds the digest of the list, so the list cannot hold its own.',
	},
	{
		name: 'signed-list-without-an-input',
		actor: 'operator',
		change: async (files, keys) => {
			relist(files, NEWEST, (path) => path !== 'data/2026-04/south.csv');
			await resign(files, keys.finalizer, 5);
		},
		verdict: 'TAMPERED',
		check: 'contents',
		code: 'file-unlisted',
		path: 'data/2026-04/south.csv',
		says: 'The list of a run names every file that was sent for the month.',
	},
	{
		name: 'signed-list-without-a-record',
		actor: 'operator',
		change: async (files, keys) => {
			remove(files, `${NEWEST}/exceptions.csv`);
			relist(files, NEWEST);
			await resign(files, keys.finalizer, 5);
		},
		verdict: 'TAMPERED',
		check: 'recomputation',
		code: 'record-differs',
		path: `${NEWEST}/exceptions.csv`,
		says: 'A run has all of its records: exceptions cannot be kept silent.',
	},
	{
		name: 'signed-list-with-another-record',
		actor: 'operator',
		change: async (files, keys) => {
			files.set(`${NEWEST}/invoice.csv`, files.get(`${NEWEST}/journal.csv`) ?? new Uint8Array());
			relist(files, NEWEST);
			await resign(files, keys.finalizer, 5);
		},
		verdict: 'TAMPERED',
		check: 'recomputation',
		code: 'record-differs',
		path: `${NEWEST}/invoice.csv`,
		says: 'A run has only the records that follow from its inputs.',
	},
	{
		name: 'correction-list-without-replaced-input',
		actor: 'operator',
		change: async (files, keys) => {
			relist(files, CORRECTED, (path) => path !== 'data/2026-02/north.csv');
			await resign(files, keys.finalizer, 3);
		},
		verdict: 'TAMPERED',
		check: 'contents',
		code: 'list-incomplete',
		path: `${CORRECTED}/SHA256SUMS`,
		says: 'A correction binds what it replaces.',
	},
	{
		name: 'correction-changes-replaced-input',
		actor: 'operator',
		change: async (files, keys) => {
			replaceText(files, 'data/2026-02/north.csv', '120.500', '130.500');
			relist(files, CORRECTED);
			await resign(files, keys.finalizer, 3);
		},
		verdict: 'TAMPERED',
		check: 'contents',
		code: 'list-incomplete',
		path: `${CORRECTED}/SHA256SUMS`,
		says: 'A correction adds files; what it replaces stays as it was.',
	},
	{
		name: 'correction-adds-to-the-first-run',
		actor: 'operator',
		change: async (files, keys) => {
			files.set('data/2026-02/absent.csv', new TextEncoder().encode('entity,reason,approved_by\n'));
			relist(files, CORRECTED);
			await resign(files, keys.finalizer, 3);
		},
		verdict: 'TAMPERED',
		check: 'contents',
		code: 'list-foreign',
		says: 'What a correction adds lies in its own folder: the first run had no such file.',
	},
	{
		name: 'signed-list-of-another-month',
		actor: 'operator',
		change: async (files, keys) => {
			files.set(`${NEWEST}/SHA256SUMS`, files.get(`${FIRST}/SHA256SUMS`) ?? new Uint8Array());
			await resign(files, keys.finalizer, 5);
		},
		verdict: 'TAMPERED',
		check: 'contents',
		code: 'list-foreign',
		path: `${NEWEST}/SHA256SUMS`,
		says: 'A run is bound to its own month.',
	},
];
