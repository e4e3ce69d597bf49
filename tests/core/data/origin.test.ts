import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type OriginName, recognizeOrigin } from '../../../src/core/data/origin.ts';
import { encodeText } from '../../../src/core/format/bytes.ts';
import { SHARED, sharedIsHere } from '../../support/shared.ts';

const nameOf = (text: string) => recognizeOrigin(encodeText(text))?.name ?? null;

test.each<[OriginName, string]>([
	['nem12', '100,NEM12,202604011200,MDP,RET\n200,NMI0000001,E1,E1,E1,,M1,kWh,30,\n'],
	['nem12', '\n200,NMI0000001,E1,E1,E1,,M1,kWh,30,\n300,20260401,1,2,3\n'],
	['nem13', '100,NEM13,202604011200,MDP,RET\n250,NMI0000001,11,1\n'],
	['fluvius', '\ufeffVan (datum);Van (tijdstip);Tot (datum);Tot (tijdstip);EAN-code\n'],
	['enel', '"Giorno";"00:00-00:15";"00:15-00:30"\n'],
	['dsmr-reader', 'Day,Electricity 1 (Dutch Users: Low Tariff)\n'],
	['greenchoice', 'OpnameDatum;StandNormaal;StandDal\n'],
	['van-ons', 'datum;"afname stand dal";"afname stand normaal"\n'],
	['united-power', '====\n Usage Information\n For: 1\n ====\n Meter Reading Information\n'],
	['enphase', 'Date/Time,Energy Produced (Wh)\n05/01/2026 00:00,0\n'],
	['homewizard', 'time,Import T1 kWh,Import T2 kWh\n'],
	['edc', 'Datum;\u010cas od;\u010cas do;123-456\n01.05.2026;00:00;00:15;0,0;\n'],
	['sma', '\ufeffsep=,\r\nVersion CSV3|Tool WebUI|Linebreaks CR/LF\r\n'],
	['greenbutton', '<?xml version="1.0"?>\n<feed><espi xmlns="http://naesb.org/espi"/></feed>'],
	['xml', '<?xml version="1.0"?><other/>'],
	['pdf', '%PDF-1.7\n'],
	['excel', 'PK\u0003\u0004[Content_Types].xml'],
	['opendocument', 'PK\u0003\u0004mimetypeapplication/vnd.oasis.opendocument.spreadsheet'],
])('a file of %s is told by how it begins', (name, text) => {
	expect(nameOf(text)).toBe(name);
});

test('an old workbook is told by its bytes, and UTF-16 by its mark', () => {
	const old = new Uint8Array([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1]);
	expect(recognizeOrigin(old)).toEqual({ name: 'excel', kind: 'workbook' });
	const wide = [...'OpnameDatum;StandNormaal;StandDal'].flatMap((it) => [it.charCodeAt(0), 0]);
	expect(recognizeOrigin(new Uint8Array([0xff, 0xfe, ...wide]))?.name).toBe('greenchoice');
});

test.each([
	'entity,period,generated_kwh,consumed_kwh\nhall,2026-05,1,2\n',
	'entity;period;generated_kwh;consumed_kwh\r\nhall;May-26;1,5;2\r\n',
	'\ufeffsep=;\nentity;period;generated_kwh;consumed_kwh\n',
	'metering_point,date,1,2,3\n',
	'metering_point,interval_start,kwh\n',
	'interval_start,m1,m2\n',
	'entity,reason,approved_by\n',
	'',
])('the files of this program are of no other origin: %j', (text) => {
	expect(nameOf(text)).toBeNull();
});

/** What each real export is; those of `invalid/` are NEM12 that nobody could read. */
const REAL: Readonly<Record<string, OriginName | null>> = {
	'au-nem12-15min-multiple-meters.csv': 'nem12',
	'au-nem12-30min-multiple-quality.csv': 'nem12',
	'au-nem12-5min-month-solar.csv': 'nem12',
	'au-nem12-mixed-interval-length.csv': 'nem12',
	'au-nem13-register.csv': 'nem13',
	'be-fluvius-15min-nl.csv': 'fluvius',
	'be-fluvius-15min-nl.utf16le.csv': 'fluvius',
	'cz-edc-15min.csv': 'edc',
	'de-sma-daily-register.csv': 'sma',
	'it-enel-15min-wide.csv': 'enel',
	'nl-dsmr-reader-hourly.csv': 'dsmr-reader',
	'nl-greenchoice-register-daily.csv': 'greenchoice',
	'nl-homewizard-15min-empty.csv': 'homewizard',
	'nl-homewizard-15min-register.csv': 'homewizard',
	'nl-vanons-daily.csv': 'van-ons',
	'not-csv-oxxio.xlsx': 'excel',
	'us-enphase-hourly.csv': 'enphase',
	'us-greenbutton-espi-01.xml': 'greenbutton',
	'us-greenbutton-nisc.xml': 'greenbutton',
	'us-unitedpower-hourly.csv': 'united-power',
	'invalid/au-nem12-incomplete-interval.csv': 'nem12',
	'invalid/au-nem12-missing-header.csv': 'nem12',
	'invalid/au-nem12-no-readings.csv': 'nem12',
	'invalid/au-nem12-wrong-interval-count.csv': 'nem12',
	'invalid/empty.csv': null,
};

describe.skipIf(!sharedIsHere)('real exports (need ../shared beside the checkout)', () => {
	const folder = join(SHARED, 'data/meter-exports');

	test('each is known here', () => {
		const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
		const files = names.map((name) => name.replaceAll('\\', '/'));
		const exports = files.filter(
			(it) => /\.(csv|xml|xlsx)$/.test(it) && it !== 'expected-totals.csv',
		);
		expect(exports.toSorted()).toEqual(Object.keys(REAL).toSorted());
	});

	test.each(Object.entries(REAL))('%s is of %s', (file, name) => {
		const bytes = new Uint8Array(readFileSync(join(folder, file)));
		expect(recognizeOrigin(bytes)?.name ?? null).toBe(name);
	});
});
