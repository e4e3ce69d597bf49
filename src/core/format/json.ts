import { type AnyNode, type ObjectNode, parse } from '@humanwhocodes/momoa';
import * as z from 'zod/mini';
import type { $ZodType, output } from 'zod/v4/core';
import {
	append,
	type Expectation,
	type Location,
	type Problem,
	type Result,
	wholeFile,
} from '../problem.ts';
import { decodeText, encodeText } from './bytes.ts';

const BYTE_LIMIT = 1_000_000;
const DEPTH_LIMIT = 20;

/**
 * The value of a strict JSON file that people write, or every problem with its place: duplicate and
 * unknown keys, wrong types. The schema's messages are `Expectation`s.
 */
export function readJson<Schema extends $ZodType>(
	path: string,
	bytes: Uint8Array,
	schema: Schema,
): Result<output<Schema>> & { readonly locate: (keys: readonly PropertyKey[]) => Location } {
	const text = bytes.length > BYTE_LIMIT ? null : decodeText(bytes);
	const parsed = text === null ? malformed(wholeFile(path), '') : parseText(path, text);
	if ('code' in parsed) return { ok: false, problems: [parsed], locate: () => wholeFile(path) };
	const { root, value } = parsed;
	const locate = (keys: readonly PropertyKey[]) => locateNode(path, root, keys);
	const problems = keyProblems(path, root);
	const checked = z.safeParse(schema, value);
	if (!checked.success) {
		for (const issue of checked.error.issues) append(problems, issueProblems(issue, locate, root));
	}
	if (!checked.success || problems.length > 0) return { ok: false, problems, locate };
	return { ok: true, value: checked.data, locate };
}

function malformed(location: Location, found: string): Problem {
	return { code: 'json-malformed', location, found };
}

/** The document as positions (`root`) and as a value: both parsers have to accept it. */
function parseText(path: string, text: string): { root: AnyNode; value: unknown } | Problem {
	const lines = text.split('\n');
	const at = (line: number, column: number) =>
		malformed({ path, line, column }, lines[line - 1]?.trim().slice(0, 60) ?? '');
	const deep = tooDeep(text);
	if (deep >= 0) {
		const before = text.slice(0, deep).split('\n');
		return at(before.length, (before.at(-1) ?? '').length + 1);
	}
	try {
		const root = parse(text, { mode: 'json' }).body;
		return { root, value: JSON.parse(text) };
	} catch (error) {
		if (isPlaced(error)) return at(error.line, error.column);
		// Only JSON.parse objects to raw control characters, and it names no line.
		const line = lines.findIndex((it) => CONTROL_IN_STRING.test(it));
		return at(line + 1, (lines[line]?.search(CONTROL_IN_STRING) ?? -1) + 1);
	}
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it finds
const CONTROL_IN_STRING = /[\u0000-\u0008\u000b\u000c\u000e-\u001f]|"[^"\t]*\t/;

function isPlaced(error: unknown): error is { line: number; column: number } {
	return error instanceof Error && 'line' in error && 'column' in error;
}

/** Where brackets nest deeper than any of our files do, -1 for nowhere: stacks differ by machine. */
function tooDeep(text: string): number {
	let depth = 0;
	let quoted = false;
	for (let index = 0; index < text.length; index++) {
		const character = text[index];
		if (quoted && character === '\\') index++;
		else if (character === '"') quoted = !quoted;
		else if (!quoted && (character === '[' || character === '{')) depth++;
		else if (!quoted && (character === ']' || character === '}')) depth--;
		if (depth > DEPTH_LIMIT) return index;
	}
	return -1;
}

type Member = ObjectNode['members'][number];

function keyOf(member: Member): string {
	return member.name.type === 'String' ? member.name.value : member.name.name;
}

/** Members by key, of equal ones the first; a search for each problem would cost the square. */
const indexed = new WeakMap<ObjectNode, ReadonlyMap<string, Member>>();

function memberOf(node: ObjectNode, key: PropertyKey): Member | undefined {
	const known = indexed.get(node);
	const members = known ?? new Map(node.members.toReversed().map((it) => [keyOf(it), it]));
	if (known === undefined) indexed.set(node, members);
	return members.get(String(key));
}

/** Keys that stand twice, and the one key that objects of the language do not keep. */
function keyProblems(path: string, node: AnyNode): Problem[] {
	if (node.type === 'Array') return node.elements.flatMap((it) => keyProblems(path, it.value));
	if (node.type !== 'Object') return [];
	const seen = new Set<string>();
	return node.members.flatMap((member): Problem[] => {
		const found = keyOf(member);
		const { line, column } = member.name.loc.start;
		const location = { path, line, column };
		const inner = keyProblems(path, member.value);
		if (found === '__proto__') inner.push({ code: 'json-key-unknown', location, found });
		if (seen.has(found)) inner.push({ code: 'json-duplicate-key', location, found });
		seen.add(found);
		return inner;
	});
}

/** The node under the keys, as far down as the document goes. */
function nodeAt(root: AnyNode, keys: readonly PropertyKey[]): AnyNode {
	let node = root;
	for (const key of keys) {
		const next: AnyNode | undefined =
			node.type === 'Object'
				? memberOf(node, key)?.value
				: node.type === 'Array'
					? node.elements[Number(key)]?.value
					: undefined;
		if (next === undefined) return node;
		node = next;
	}
	return node;
}

function locateNode(path: string, root: AnyNode, keys: readonly PropertyKey[]): Location {
	const { line, column } = nodeAt(root, keys).loc.start;
	return { path, line, column };
}

function issueProblems(
	issue: z.core.$ZodIssue,
	locate: (keys: readonly PropertyKey[]) => Location,
	root: AnyNode,
): Problem[] {
	const location = locate(issue.path);
	const field = issue.path.join('.');
	if (issue.code === 'unrecognized_keys') {
		return issue.keys.map((key) => ({
			code: 'json-key-unknown',
			location: locateKey(location, nodeAt(root, issue.path), key),
			found: key,
		}));
	}
	const parent = nodeAt(root, issue.path.slice(0, -1));
	const key = issue.path.at(-1);
	if (issue.code === 'invalid_key') {
		const place = locateKey(location, parent, String(key));
		const outer = issue.path.slice(0, -1).join('.');
		const found = String(key);
		return [{ code: 'json-value', location: place, field: outer, found, expected: 'entity' }];
	}
	const absent =
		key !== undefined && parent.type === 'Object' && memberOf(parent, key) === undefined;
	if (absent) return [{ code: 'json-key-missing', location, field }];
	const found = describe(nodeAt(root, issue.path));
	return [{ code: 'json-value', location, field, found, expected: issue.message as Expectation }];
}

function locateKey(outer: Location, node: AnyNode, key: string): Location {
	const member = node.type === 'Object' ? memberOf(node, key) : undefined;
	if (member === undefined) return outer;
	const { line, column } = member.name.loc.start;
	return { path: outer.path, line, column };
}

function describe(node: AnyNode): string {
	switch (node.type) {
		case 'Object':
			return '{...}';
		case 'Array':
			return '[...]';
		case 'String':
			return node.value.slice(0, 60);
		case 'Number':
		case 'Boolean':
			return String(node.value);
		default:
			return node.type.toLowerCase();
	}
}

/** Canonical JSON: two spaces, keys in the order given, final LF. */
export function formatJson(value: unknown): Uint8Array {
	return encodeText(`${JSON.stringify(value, null, 2)}\n`);
}
