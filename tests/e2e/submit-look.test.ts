import { resolve } from 'node:path';
import { expect, inject, test } from 'vitest';
import { asDays, intervalMonth, onlyPoints } from '../support/interval-months.ts';
import { scratchData } from '../support/submission-data.ts';
import { useSubmission } from '../support/submission-page.ts';

const open = useSubmission();
const HEADER = 'entity;period;generated_kwh;consumed_kwh';
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const LOOKS = [
	{ colorScheme: 'light', viewport: { width: 320, height: 640 } },
	{ colorScheme: 'dark', viewport: { width: 1280, height: 800 } },
	{ colorScheme: 'dark', viewport: { width: 320, height: 640 } },
	{ colorScheme: 'light', viewport: { width: 1280, height: 800 } },
	{ colorScheme: 'light', viewport: { width: 320, height: 640 }, forcedColors: 'active' },
] as const;

test.each(inject('full') ? LOOKS : LOOKS.slice(0, 2))(
	'has no accessibility fault and no sideways scrolling: $colorScheme, $viewport.width pixels',
	async (look) => {
		const it = await open({}, { ...look, bypassCSP: true });
		const expectGood = async ({ page } = it) => {
			const faults = await page.evaluate(async (values) => {
				const { axe } = globalThis as unknown as { axe: typeof import('axe-core') };
				const { violations } = await axe.run({ runOnly: { type: 'tag', values } });
				return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
			}, RULES);
			expect(faults).toEqual([]);
			const width = await page.evaluate(() => document.documentElement.scrollWidth);
			expect(width).toBeLessThanOrEqual(look.viewport.width);
		};
		const axe = { path: resolve('node_modules/axe-core/axe.min.js') };
		await it.page.addScriptTag(axe);
		await it.page.selectOption('#entity', 'library');
		await it.page.fill('#generated', '4210.5');
		await it.page.fill('#consumed', '3005.25');
		await expectGood();
		await it.page.fill('#consumed', '3,005.25');
		await expectGood();
		const rows = ['libary;Oct-26;1.23E+05;5 kWh', 'library;Oct-26;1.234;12,5'];
		await it.give('x.csv', `${HEADER}\n${rows.join('\n')}\n`);
		await expectGood();
		await it.page.getByLabel('1234 kWh').check();
		await it.page.click('#repair-apply');
		await expectGood();
		await it.page.selectOption('#period', '2026-08');
		await expectGood();

		const interval = await open(scratchData(), { ...look, bypassCSP: true });
		await interval.page.addScriptTag(axe);
		const days = asDays(onlyPoints(intervalMonth('2026-10'), ['h1', 'h2']));
		await interval.give('bad.csv', days.replace(/^(h2,2026-10-04,)[^,]+/m, '$1"1,5"'));
		await expectGood(interval);
		await interval.give('good.csv', days);
		await interval.page.getByLabel('I may write').check();
		await expectGood(interval);
	},
);
