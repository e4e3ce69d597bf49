import { expect, test } from 'vitest';
import { WARNING_CODES } from '../../src/core/data/warning-codes.ts';
import { formatEnergy } from '../../src/core/format/energy.ts';
import { readDetail } from '../../src/node/published.ts';
import { site } from '../../src/texts/en.ts';

const { text } = site.statement.notices;

function sentence(code: string, detail: string): string {
	const place = { path: 'data/metering-points.csv', line: 2, entity: 'hall', waived_by: '' };
	const exception = { code, severity: 'warning', detail, ...place } as const;
	return text({ ...exception, ...readDetail(exception) }, { energy: formatEnergy });
}

test('every warning has a sentence, and none is its bare data', () => {
	for (const code of WARNING_CODES) {
		expect(sentence(code, 'expected=1'), code).not.toBe(`${code}: expected=1`);
	}
});

const run = 'from=2026-10-25T02:45:00+02:00;to=2026-10-25T02:00:00+01:00';
const span = 'from the interval of 2026-10-25 02:45 (+02:00) to that of 2026-10-25 02:00 (+01:00)';

test.each([
	[
		'night-generation',
		`field=generated_wh;${run};expected=34639;actual=343332`,
		[
			"Generation between midnight and 3 o'clock comes to 343.332 kWh, longest",
			`${span}; up to 34.639 kWh would pass. No photovoltaic plant gives that.`,
		],
	],
	[
		'stuck-meter',
		`field=generated_wh;${run};actual=1908`,
		[
			'The generation is exactly 1.908 kWh in every interval',
			`${span}: perhaps the meter is stuck.`,
		],
	],
	[
		'common-zero-run',
		`field=consumed_wh;${run};with=library;entities=5`,
		[
			`The consumption is exactly zero ${span}, in the same intervals as that of library;`,
			'5 entities have this gap: perhaps readings were lost and stand as zero.',
		],
	],
	[
		'twin-series',
		`field=consumed_wh;${run};twin=library;days=31`,
		[
			'The consumption equals that of library in every interval of 31 days,',
			'first of 2026-10-25: perhaps one meter is counted twice.',
		],
	],
	[
		'lump-after-gap',
		`field=consumed_wh;${run};expected=6700;actual=55500`,
		[
			`The consumption is zero ${span}, and the next interval has 55.500 kWh where`,
			'6.700 kWh are usual: perhaps it holds what was not read before.',
		],
	],
])('%s', (code, detail, said) => {
	expect(sentence(code, detail)).toBe(said.join(' '));
});
