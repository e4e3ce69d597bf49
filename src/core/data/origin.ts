import { decodeText } from '../format/bytes.ts';

/** Who hands out files of this kind. */
export type OriginName =
	| 'edc'
	| 'enel'
	| 'enphase'
	| 'excel'
	| 'dsmr-reader'
	| 'fluvius'
	| 'greenbutton'
	| 'greenchoice'
	| 'homewizard'
	| 'nem12'
	| 'nem13'
	| 'opendocument'
	| 'pdf'
	| 'sma'
	| 'united-power'
	| 'van-ons'
	| 'xml';

/** What its rows are, which decides how they become the figures of a month. */
export type OriginKind = 'intervals' | 'registers' | 'workbook' | 'document';

export interface Origin {
	readonly name: OriginName;
	readonly kind: OriginKind;
}

/** Enough for every header below; a file of gigabytes is not read for it. */
const HEAD_BYTES = 8192;

interface Signature extends Origin {
	/** Of the beginning of the text, without byte order mark and quotes. */
	readonly text: RegExp;
}

/** What such a file begins with; the first that fits is taken. */
const SIGNATURES: readonly Signature[] = [
	{ name: 'nem12', kind: 'intervals', text: /^100,NEM12,|^\s*(200,[^\n]*\n\s*)300,[0-9]{8},/ },
	{ name: 'nem13', kind: 'registers', text: /^100,NEM13,|^\s*250,[A-Z0-9]{10},/ },
	{
		name: 'fluvius',
		kind: 'intervals',
		text: /^(Van|Van \(datum\)|Van datum);Van (\()?tijdstip\)?;/i,
	},
	{ name: 'fluvius', kind: 'intervals', text: /^Du \(?date\)?;[^\n]*;Code EAN;/i },
	{ name: 'enel', kind: 'intervals', text: /^(Giorno|Data)[;,]00:00-00:15[;,]00:15-00:30/ },
	{ name: 'dsmr-reader', kind: 'intervals', text: /^(Hour|Day|Time)[^\n,]*,Electricity 1 \(Dutch/ },
	{ name: 'greenchoice', kind: 'registers', text: /^OpnameDatum;StandNormaal;StandDal/ },
	{ name: 'van-ons', kind: 'registers', text: /^datum;afname stand (dal|normaal);/i },
	{
		name: 'united-power',
		kind: 'intervals',
		text: /^=+\s+Usage Information\s[\s\S]*Meter Reading/,
	},
	{ name: 'enphase', kind: 'intervals', text: /^Date\/Time,Energy (Produced|Consumed) \(Wh\)/ },
	{
		name: 'homewizard',
		kind: 'registers',
		text: /^time,(Import T1 kWh|Total gas used|Import kWh)/,
	},
	{ name: 'edc', kind: 'intervals', text: /^Datum;..?as od;..?as do;[0-9-]+/ },
	{ name: 'sma', kind: 'registers', text: /^(sep=.\s+)?Version CSV[0-9]?\|Tool / },
	{ name: 'greenbutton', kind: 'intervals', text: /^\s*<[\s\S]*\bnaesb\.org\/espi\b/ },
	{ name: 'pdf', kind: 'document', text: /^%PDF-/ },
	{ name: 'xml', kind: 'document', text: /^\s*<(\?xml|!doctype|html)/i },
];

/**
 * Where an export of a meter portal, a reader or a spreadsheet comes from, by how it begins; null for
 * everything else, above all for the files of this program.
 */
export function recognizeOrigin(bytes: Uint8Array): Origin | null {
	const head = bytes.subarray(0, HEAD_BYTES);
	const [a, b, c, d] = head;
	if (a === 0xd0 && b === 0xcf && c === 0x11 && d === 0xe0)
		return { name: 'excel', kind: 'workbook' };
	const text = headText(head)
		.replace(/^\ufeff/, '')
		.replaceAll('"', '');
	if (a === 0x50 && b === 0x4b && c === 3 && d === 4) {
		const open = text.includes('mimetypeapplication/vnd.oasis.opendocument');
		return { name: open ? 'opendocument' : 'excel', kind: 'workbook' };
	}
	const found = SIGNATURES.find((signature) => signature.text.test(text));
	return found === undefined ? null : { name: found.name, kind: found.kind };
}

/** Signatures are of ASCII, so that one reading of the bytes as characters serves every encoding. */
function headText(head: Uint8Array): string {
	const wide = (head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff);
	const characters = Array.from(head, (byte) => String.fromCharCode(byte)).join('');
	if (wide) return characters.slice(2).replaceAll('\0', '');
	return decodeText(head) ?? characters.replace(/^\u00ef\u00bb\u00bf/, '');
}
