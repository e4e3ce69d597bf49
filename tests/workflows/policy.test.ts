import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import {
	convertWorkflowTemplate,
	NoOperationTraceWriter,
	parseWorkflow,
} from '@actions/workflow-parser';
import { expect, test } from 'vitest';
import { breaches, RULE_NAMES } from '../../src/node/workflow-rules.ts';

/** The workflows as GitHub itself reads them, and rules that its parser does not know. */

const HOME = '.github/workflows';
const BAD = 'tests/workflows/bad';
const WORKFLOWS = readdirSync(HOME).map((name) => join(HOME, name));
const read = (path: string) => readFileSync(path, 'utf8');

/** What GitHub's parser says of a workflow. */
async function complaints(path: string, content = read(path)): Promise<string[]> {
	const trace = new NoOperationTraceWriter();
	const { context, value } = parseWorkflow({ name: path, content }, trace);
	if (value !== undefined) await convertWorkflowTemplate(context, value);
	return context.errors.getErrors().map(({ message }) => message);
}

test('there are the five workflows', () => {
	expect(WORKFLOWS.map((path) => basename(path, '.yml')).toSorted()).toEqual(
		['check', 'ci', 'finalize', 'publish', 'verify'].toSorted(),
	);
});

test.each(WORKFLOWS)("%s passes GitHub's own parser and every rule", async (path) => {
	expect(await complaints(path)).toEqual([]);
	expect(breaches(read(path))).toEqual([]);
});

test("GitHub's parser finds what it would refuse", async () => {
	const good = read(join(HOME, 'publish.yml'));
	for (const [was, is, message] of [
		['contents: read', 'contents: writ', /Unexpected value 'writ'/],
		['shell: bash', 'shel: bash', /Unexpected value 'shel'/],
		['steps.deployment', 'nosuch.deployment', /Unrecognized named-value: 'nosuch'/],
		['needs: build', 'needs: built', /built/],
	] as const) {
		const found = await complaints('bad.yml', good.replace(was, is));
		expect(found.join('\n')).toMatch(message);
	}
});

test('every rule has a bad workflow, which breaks that rule alone', async () => {
	const files = readdirSync(BAD);
	expect(files.map((name) => basename(name, '.yml')).toSorted()).toEqual(RULE_NAMES.toSorted());
	for (const name of files) {
		const path = join(BAD, name);
		const rules = breaches(read(path)).map(({ rule }) => rule);
		expect(new Set(rules), name).toEqual(new Set([basename(name, '.yml')]));
		// GitHub would run them all: that is why there are rules.
		expect(await complaints(path), name).toEqual([]);
	}
});
