import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { questionAddress } from '../../src/node/question.ts';
import { parseSiteSettings } from '../../src/node/site-settings.ts';

const settings = {
	...parseSiteSettings(readFileSync('src/site.json', 'utf8')),
	contact: 'energy@north.example',
	repository_url: 'https://github.com/north/energy/',
};
const statement = { about: 'S-2026-05-r1', period: '2026-05', entity: '' };
const account = { about: 'hall', period: '2026-05', entity: 'hall' };
const title = 'Question%20about%20a%20figure%20in%20S-2026-05-r1';

test('on GitHub the form opens, with the fields that are known', () => {
	const github = { ...settings, forge: 'github' } as const;
	expect(questionAddress(github, statement)).toBe(
		`https://github.com/north/energy/issues/new?template=question.yml&period=2026-05&title=${title}`,
	);
	const url = new URL(questionAddress(github, account));
	const { template = '', title: subject, ...fields } = Object.fromEntries(url.searchParams);
	expect(subject).toBe('Question about a figure in hall');
	expect(fields).toEqual({ period: '2026-05', entity: 'hall' });
	// A name that is no field of the form would be dropped without a word.
	const form = parse(readFileSync(`.github/ISSUE_TEMPLATE/${template}`, 'utf8'));
	const ids = form.body.map(({ id }: { id?: string }) => id);
	for (const id of Object.keys(fields)) expect(ids).toContain(id);
});

test('what a link takes from a record stays one value of it', () => {
	const github = { ...settings, forge: 'github' } as const;
	const asked = { about: 'a&b=c#d', period: '2026-05', entity: 'x&labels=y' };
	const { searchParams, hash } = new URL(questionAddress(github, asked));
	expect([...searchParams.keys()]).toEqual(['template', 'period', 'entity', 'title']);
	expect([searchParams.get('entity'), hash]).toEqual(['x&labels=y', '']);
});

test('elsewhere the title is filled in, and without a forge it is a message', () => {
	const at = (forge: 'gitlab' | 'forgejo' | 'none') =>
		questionAddress({ ...settings, forge }, statement);
	expect(at('gitlab')).toBe(`https://github.com/north/energy/-/issues/new?issue[title]=${title}`);
	expect(at('forgejo')).toBe(`https://github.com/north/energy/issues/new?title=${title}`);
	const message = `mailto:energy@north.example?subject=${title}`;
	expect(at('none')).toBe(message);
	const nowhere = { ...settings, forge: 'github', repository_url: '' } as const;
	expect(questionAddress(nowhere, statement)).toBe(message);
});
