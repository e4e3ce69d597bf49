import { type AnyNode, type ObjectNode, parse } from '@humanwhocodes/momoa';
import * as z from 'zod/mini';
import type { $ZodType, output } from 'zod/v4/core';
import {
	type Expectation,
	type Location,
	type Problem,
	type Result,
	wholeFile,
} from '../problem.ts';
import { decodeText, encodeText } from './bytes.ts';

const BYTE_LIMIT = 1_000_000;

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
	const parsed = text === null ? null : parseText(path, text);
	if (parsed === null || 'code' in parsed) {
		const problem = parsed ?? {
			code: 'json-malformed' as const,
			location: wholeFile(path),
			found: '',
		};
		return { ok: false, problems: [problem], locate: () => wholeFile(path) };
	}
	const locate = (keys: readonly PropertyKey[]) => locateNode(path, parsed, keys);
	const problems = duplicateKeys(path, parsed);
	const checked = z.safeParse(schema, JSON.parse(text ?? ''));
	if (!checked.success) {
		for (const issue of checked.error.issues)
			problems.push(...issueProblems(issue, locate, parsed));
	}
	if (!checked.success || problems.length > 0) return { ok: false, problems, locate };
	return { ok: true, value: checked.data, locate };
}

function parseText(path: string, text: string): AnyNode | Problem {
	try {
		return parse(text, { mode: 'json' }).body;
	} catch (error) {
		const place = error as { line?: number; column?: number; message?: string };
		// Nesting deep enough to exhaust the stack carries no line.
		const location = { path, line: place.line ?? 0, column: place.column ?? 0 };
		const found = text.split('\n')[location.line - 1]?.trim().slice(0, 60) ?? '';
		return { code: 'json-malformed', location, found };
	}
}

function keyOf(member: ObjectNode['members'][number]): string {
	return member.name.type === 'String' ? member.name.value : member.name.name;
}

function duplicateKeys(path: string, node: AnyNode): Problem[] {
	if (node.type === 'Array') return node.elements.flatMap((it) => duplicateKeys(path, it.value));
	if (node.type !== 'Object') return [];
	const seen = new Set<string>();
	return node.members.flatMap((member): Problem[] => {
		const key = keyOf(member);
		const inner = duplicateKeys(path, member.value);
		if (!seen.has(key)) {
			seen.add(key);
			return inner;
		}
		const { line, column } = member.name.loc.start;
		return [{ code: 'json-duplicate-key', location: { path, line, column }, found: key }, ...inner];
	});
}

/** The node under the keys, as far down as the document goes. */
function nodeAt(root: AnyNode, keys: readonly PropertyKey[]): AnyNode {
	let node = root;
	for (const key of keys) {
		const next: AnyNode | undefined =
			node.type === 'Object'
				? node.members.find((member) => keyOf(member) === key)?.value
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
	const absent =
		parent.type === 'Object' && !parent.members.some((member) => keyOf(member) === key);
	if (absent && issue.path.length > 0) return [{ code: 'json-key-missing', location, field }];
	const found = describe(nodeAt(root, issue.path));
	return [{ code: 'json-value', location, field, found, expected: issue.message as Expectation }];
}

function locateKey(outer: Location, node: AnyNode, key: string): Location {
	const member = node.type === 'Object' ? node.members.find((it) => keyOf(it) === key) : undefined;
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
