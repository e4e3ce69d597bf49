import { resolve } from 'node:path';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { expect, inject, test } from 'vitest';
import { useVerifier, type VerifierPage } from '../support/verifier-page.ts';

const evidence = inject('evidence');
const { pin } = evidence;
const verifier = useVerifier();
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const WIDE = { width: 1280, height: 800 };
const NARROW = { width: 320, height: 640 };

/** A page with a result, everything unfolded, and an attempt on the copy. */
async function withResult(bundle: string, options: BrowserContextOptions): Promise<VerifierPage> {
	const it = await verifier.open(options);
	const { page } = it;
	await it.give('bundle', bundle);
	await page.fill('#pin', pin);
	await it.check();
	await page.evaluate(() => {
		for (const details of document.querySelectorAll('details')) details.open = true;
	});
	if (await page.isVisible('#trial')) {
		await page.getByRole('button', { name: 'Try it' }).click();
		await page.locator('#attempt-outcome [data-verdict]').waitFor();
	}
	return it;
}

async function faultsOf(page: Page): Promise<string[]> {
	await page.addScriptTag({ path: resolve('node_modules/axe-core/axe.min.js') });
	return page.evaluate(async (values) => {
		const { axe } = globalThis as unknown as { axe: typeof import('axe-core') };
		const { violations } = await axe.run({ runOnly: { type: 'tag', values } });
		return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
	}, RULES);
}

const looks = [
	{ bundle: 'tampered', colorScheme: 'light', viewport: NARROW },
	{ bundle: 'honest', colorScheme: 'dark', viewport: WIDE },
	{ bundle: 'tampered', colorScheme: 'dark', viewport: WIDE },
	{ bundle: 'honest', colorScheme: 'light', viewport: NARROW },
	{ bundle: 'shallow', colorScheme: 'light', viewport: WIDE },
	{ bundle: 'shallow', colorScheme: 'dark', viewport: NARROW },
] as const;

test.each(inject('full') ? looks : looks.slice(0, 1))(
	'a result has no accessibility fault: $bundle, $colorScheme, $viewport.width pixels',
	async ({ bundle, colorScheme, viewport }) => {
		// Only so that axe itself may run: the page allows no script but its own.
		const { page } = await withResult(evidence[bundle], { viewport, colorScheme, bypassCSP: true });
		expect(await faultsOf(page)).toEqual([]);
		const { scrollWidth } = await page.evaluate(() => ({
			scrollWidth: document.documentElement.scrollWidth,
		}));
		expect(scrollWidth).toBeLessThanOrEqual(viewport.width);
		if (viewport === NARROW) expect(await smallTargets(page)).toEqual([]);
	},
);

/** What can be pressed and is less than 24 pixels high or wide; a label is part of its field. */
function smallTargets(page: Page): Promise<string[]> {
	return page.evaluate(() =>
		[...document.querySelectorAll<HTMLElement>('main :is(input, button, select, summary)')]
			.map((field) => (field instanceof HTMLInputElement && field.labels?.[0]) || field)
			.filter((target) => target.checkVisibility())
			.filter((target) => {
				const { width, height } = target.getBoundingClientRect();
				return Math.min(width, height) < 24;
			})
			.map((target) => target.outerHTML.slice(0, 120)),
	);
}

test('everything can be done by the keyboard alone', async () => {
	const it = await verifier.open();
	const { page } = it;
	const { keyboard } = page;
	await it.give('bundle', evidence.honest);
	const focused = () =>
		page.evaluate(() => {
			const { id = '', tagName = '', textContent } = document.activeElement ?? {};
			return id === '' ? `${tagName} ${textContent?.slice(0, 20)}`.trim() : id;
		});
	await page.focus('#bundle');
	const stops = [];
	for (let stop = 0; stop < 5; stop++) {
		await keyboard.press('Tab');
		stops.push(await focused());
	}
	expect(stops).toEqual(['folder', 'server', 'pin', 'kept', 'BUTTON Check']);

	// The four sources are one stop with four positions.
	await page.focus('input[name=source]:checked');
	const sources = [];
	for (let press = 0; press < 4; press++) {
		sources.push(await page.locator('input[name=source]:checked').inputValue());
		await keyboard.press('ArrowDown');
	}
	expect(sources).toEqual(['bundle', 'folder', 'site', 'server']);
	await page.focus('#pin');
	await keyboard.type(pin);
	await keyboard.press('Enter');
	await page.locator('#outcome [data-verdict=VALID]').waitFor();
	expect(await focused()).toBe('H2 VALID');
	await keyboard.press('Tab');
	expect(await focused()).toMatch(/^SUMMARY/);
	await keyboard.press('Space');
	expect(await page.locator('.checks details[open]').count()).toBe(1);

	await page.focus('#trial-value');
	await keyboard.press('Tab');
	await keyboard.press('ArrowDown');
	await keyboard.press('Tab');
	expect(await focused()).toBe('BUTTON Try it');
	await keyboard.press('Enter');
	await page.locator('#attempt-outcome [data-verdict=TAMPERED]').waitFor();
	expect(await focused()).toBe('H3 TAMPERED');
	expect(it.complaints).toEqual([]);
});

test('on paper it is a certificate: verdict, digests, every check, and nothing to press', async () => {
	const { page } = await withResult(evidence.honest, {});
	await page.emulateMedia({ media: 'print' });
	const text = await page.innerText('main');
	expect(text.trim()).toMatch(/^Certificate of verification\s+VALID\s/);
	const root = page.locator('.outcome .details', { hasText: 'You accept' });
	expect(await root.innerText()).toContain(pin);
	expect(text).toMatch(/Evidence\s+honest\.bundle/);
	expect(text).toMatch(/Checked at\s+20[0-9]{2}-[0-9-]+T[0-9:]+Z/);
	expect(text.match(/\b[0-9a-f]{64}\b/g)?.length).toBeGreaterThan(8);
	expect(text.match(/Shows: /g)).toHaveLength(12);
	const shown = page.locator('main :is(input, button, select)').filter({ visible: true });
	expect(await shown.count()).toBe(0);
	const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
	expect(pdf.slice(0, 5)).toBe('%PDF-');
	expect(pdf.match(/\/Type \/Page\b/g)?.length).toBeLessThan(6);
});

test('with forced colors the verdict, its sign and its border stay', async () => {
	const { page } = await withResult(evidence.tampered, { forcedColors: 'active' });
	const seen = await page.evaluate(() => {
		const style = (selector: string) => {
			const element = document.querySelector(selector);
			if (element === null) throw new Error(selector);
			return getComputedStyle(element);
		};
		const paper = style('html').backgroundColor;
		const sign = style('.verdict svg .drawn').stroke;
		const border = style('.verdict').borderLeftColor;
		return { paper, sign, border, words: style('.verdict h2').color };
	});
	for (const color of [seen.sign, seen.border, seen.words]) expect(color).not.toBe(seen.paper);
});

test('without JavaScript it says what to do instead', async () => {
	const { page } = await verifier.open({ javaScriptEnabled: false });
	expect(await page.innerText('noscript')).toMatch(
		/needs JavaScript[\s\S]*npm run -s verify -- --root [0-9a-f]{64}/,
	);
	expect(await page.locator('main :is(input, button)').filter({ visible: true }).count()).toBe(0);
});
