import { expect, test } from 'vitest';
import { entityFault, textFault, visible } from '../../../src/core/format/name.ts';

test.each(['hall', 'a', 'b-12', 'marina', 'december-hall', 'mayor', 'junction', 'x'.repeat(63)])(
	'%s is an entity id',
	(id) => {
		expect(entityFault(id)).toBe(null);
	},
);

test.each([
	...['', 'Hall', '1a', 'a-', '-a', 'a_b', 'ä', 'x'.repeat(64), 'a b'].map((id) => [
		id,
		'entity-malformed',
	]),
	...['mar', 'mar-1', 'dec2', 'may', 'sept', 'january', 'oct-26', 'true', 'false'].map((id) => [
		id,
		'entity-date-like',
	]),
])('"%s" is refused as %s', (id, fault) => {
	expect(entityFault(id ?? '')).toBe(fault);
});

test.each([
	['Main Library', null],
	['Café Österreich 東館', null],
	['Cafe\u0301', 'not-nfc'],
	['x'.repeat(121), 'too-long'],
	['a\tb', 'control'],
	['a\u202eb', 'control'],
	['a\u2066b', 'control'],
	['=SUM(A1)', 'formula'],
	['-5', 'formula'],
	['@name', 'formula'],
	['\ud800', 'not-nfc'],
])('free text %j: %s', (text, fault) => {
	expect(textFault(text)).toBe(fault);
});

test.each([
	['M. Haas\u001b[2J', 'M. Haas\\u001b[2J'],
	['a\u202eb\u2066c', 'a\\u202eb\\u2066c'],
	['a\u200bb\u00adc\ufeff', 'a\\u200bb\\u00adc\\ufeff'],
	['a\u{e0041}b', 'a\\u{e0041}b'],
	['a\u2028b', 'a\\u2028b'],
	['Café 東館 😀', 'Café 東館 😀'],
])('what one would not see is shown (%#)', (text, shown) => {
	expect(visible(text)).toBe(shown);
});
