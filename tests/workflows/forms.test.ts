import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import * as z from 'zod/mini';
import { REASON_CODES } from '../../src/core/data/submission.ts';

/** What people meet on the forge, held to what GitHub documents of these files. */

const FORMS = '.github/ISSUE_TEMPLATE';
const read = (path: string) => readFileSync(path, 'utf8');

/** GitHub's schema of issue forms: keys, types of elements, and what each has to have. */
const text = z.string().check(z.minLength(1));
const id = z.string().check(z.regex(/^[A-Za-z0-9_-]+$/));
const labeled = { label: text, description: z.optional(text) };
const validations = z.optional(z.strictObject({ required: z.optional(z.boolean()) }));
const option = z.strictObject({ label: text, required: z.optional(z.boolean()) });
const typed = { placeholder: z.optional(text), value: z.optional(text) };
const element = z.discriminatedUnion('type', [
	z.strictObject({ type: z.literal('markdown'), attributes: z.strictObject({ value: text }) }),
	z.strictObject({
		type: z.literal('input'),
		id,
		attributes: z.strictObject({ ...labeled, ...typed }),
		validations,
	}),
	z.strictObject({
		type: z.literal('textarea'),
		id,
		attributes: z.strictObject({ ...labeled, ...typed, render: z.optional(text) }),
		validations,
	}),
	z.strictObject({
		type: z.literal('dropdown'),
		id,
		attributes: z.strictObject({
			...labeled,
			multiple: z.optional(z.boolean()),
			options: z.array(text).check(z.minLength(1)),
			default: z.optional(z.int()),
		}),
		validations,
	}),
	z.strictObject({
		type: z.literal('checkboxes'),
		id,
		attributes: z.strictObject({ ...labeled, options: z.array(option).check(z.minLength(1)) }),
	}),
]);
const form = z.strictObject({
	name: text,
	description: text,
	title: z.optional(text),
	labels: z.optional(z.array(text)),
	assignees: z.optional(z.array(text)),
	projects: z.optional(z.array(text)),
	type: z.optional(text),
	body: z.array(element).check(z.minLength(1)),
});
const chooser = z.strictObject({
	blank_issues_enabled: z.optional(z.boolean()),
	contact_links: z.optional(z.array(z.strictObject({ name: text, url: z.url(), about: text }))),
});

const forms = readdirSync(FORMS).filter((name) => name !== 'config.yml');

test('there are the two forms', () => {
	expect(forms.toSorted()).toEqual(['correction.yml', 'question.yml']);
	expect(forms.map((name) => parse(read(join(FORMS, name))).name)).toEqual([
		'Propose a correction',
		'Question a figure',
	]);
	chooser.parse(parse(read(join(FORMS, 'config.yml'))));
});

test.each(forms)('%s is a form that GitHub takes', (name) => {
	const { body, labels = [] } = form.parse(parse(read(join(FORMS, name))));
	const fields = body.flatMap((it) => (it.type === 'markdown' ? [] : [it]));
	expect(fields.length).toBeGreaterThan(0);
	const unique = (words: readonly string[]) => expect(new Set(words).size).toBe(words.length);
	unique(fields.map((it) => it.id));
	unique(fields.map((it) => it.attributes.label));
	unique(labels);
	for (const it of fields) {
		if (it.type === 'dropdown') unique(it.attributes.options);
	}
});

test.each([
	['a type that is none', 'type: input', 'type: number'],
	['a field without a label', /\n {6}label: Month/, ''],
	['an attribute at the wrong place', 'id: period', 'id: period\n    required: true'],
	['a name that is missing', /^name: .*\n/, ''],
])('a form with %s is refused here too', (_, was, is) => {
	const broken = read(join(FORMS, 'question.yml')).replace(was, is);
	expect(form.safeParse(parse(broken)).success).toBe(false);
});

test('the reasons of the form are those of a correction', () => {
	const { body } = form.parse(parse(read(join(FORMS, 'correction.yml'))));
	const options = body.flatMap((it) => (it.type === 'dropdown' ? it.attributes.options : []));
	const codes = options.map((it) => /\(([a-z-]+)\)$/.exec(it)?.[1]);
	expect(codes).toEqual([...REASON_CODES]);
});

test('a pull request asks for three ticks', () => {
	const ticks = read('.github/pull_request_template.md').match(/^- \[ \] /gm);
	expect(ticks).toHaveLength(3);
});

test('every line of CODEOWNERS has a place that is there, and owners by role', () => {
	const lines = read('.github/CODEOWNERS')
		.split('\n')
		.filter((line) => line !== '' && !line.startsWith('#'));
	const owners = new Map(
		lines.map((line) => [line.split(/ +/)[0] ?? '', line.split(/ +/).slice(1)]),
	);
	expect(owners.size).toBe(lines.length);
	for (const [path, people] of owners) {
		if (path !== '*') expect(existsSync(`.${path}`), path).toBe(true);
		// A path without owners would be nobody's.
		expect(people.length, path).toBeGreaterThan(0);
		for (const it of people) expect(it).toMatch(/^@[\w-]+(\/[\w.-]+)?$|^\S+@\S+$/);
	}
	expect([...owners.keys()][0]).toBe('*');
	for (const path of ['/data/', '/settlements/', '/trust/', '/.github/']) {
		expect([...owners.keys()]).toContain(path);
	}
});
