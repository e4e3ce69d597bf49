import { concat } from './evidence/packet.ts';

type Chance = (range: number) => number;

const WORDS: readonly string[] = [
	...[
		'"',
		'""',
		',',
		';',
		'\n',
		'\n\n',
		'\r',
		'\r\n',
		'\0',
		'\ufeff',
		'\u2028',
		'\u202e',
		'e\u0301',
	],
	...[
		'{',
		'}',
		'[',
		']',
		':',
		'{"":',
		'[[[[',
		'"__proto__":1,',
		'\\ud800',
		'\\u0000',
		'null',
		'//',
	],
	...['-0', '1e999', '1.0', '9007199254740993', '00', '+', '=cmd', '0'.repeat(300), 'true', '../'],
	...['0'.repeat(64), '  ', '=AAAA\n', '-----BEGIN PGP SIGNATURE-----\n', 'r2/', 'constructor'],
];
/** A surrogate, an overlong NUL, no UTF-8, UTF-16, a workbook; lengths and tags of packets. */
const OCTETS: readonly (readonly number[])[] = [
	...[[0xed, 0xa0, 0x80], [0xc0, 0x80], [0xff], [0xff, 0xfe], [0x50, 0x4b, 3, 4]],
	...[[0xff, 0xff, 0xff, 0xff], [0x80], [0xfe, 0xff], [0xc2], [0x88]],
];

/** What parsers of text and of packets have stumbled over. */
export const TROUBLE: readonly Uint8Array[] = [
	...WORDS.map((text) => new TextEncoder().encode(text)),
	...OCTETS.map((octets) => Uint8Array.from(octets)),
];

function item<Item>(next: Chance, items: readonly Item[]): Item {
	const found = items[next(items.length)];
	if (found === undefined) throw new Error('nothing to choose from');
	return found;
}

/** A stretch of the bytes, short more often than long. */
function stretch(next: Chance, bytes: Uint8Array): [number, number] {
	const from = next(bytes.length + 1);
	const most = next(2) === 0 ? 8 : bytes.length - from;
	return [from, Math.min(bytes.length, from + next(most + 1))];
}

const OPERATIONS: readonly ((
	next: Chance,
	bytes: Uint8Array,
	others: readonly Uint8Array[],
) => Uint8Array)[] = [
	function flip(next, bytes) {
		const at = next(Math.max(1, bytes.length));
		return bytes.map((byte, index) => (index === at ? byte ^ (1 << next(8)) : byte));
	},
	function length(next, bytes) {
		const at = next(Math.max(1, bytes.length));
		const value = item(next, [0, 1, 0x7f, 0x80, 0xbf, 0xc0, 0xdf, 0xe0, 0xff]);
		return bytes.map((byte, index) => (index === at ? value : byte));
	},
	function truncate(next, bytes) {
		return bytes.slice(0, next(bytes.length + 1));
	},
	function remove(next, bytes) {
		const [from, to] = stretch(next, bytes);
		return concat(bytes.subarray(0, from), bytes.subarray(to));
	},
	function repeat(next, bytes) {
		const [from, to] = stretch(next, bytes);
		const part = bytes.subarray(from, to);
		const times = part.length > 0 ? Math.min(1 + next(50), Math.ceil(5000 / part.length)) : 0;
		const parts = Array.from({ length: times }, () => part);
		return concat(bytes.subarray(0, to), ...parts, bytes.subarray(to));
	},
	function insert(next, bytes) {
		const at = next(bytes.length + 1);
		return concat(bytes.subarray(0, at), item(next, TROUBLE), bytes.subarray(at));
	},
	function replace(next, bytes) {
		const [from, to] = stretch(next, bytes);
		return concat(bytes.subarray(0, from), item(next, TROUBLE), bytes.subarray(to));
	},
	function splice(next, bytes, others) {
		const other = item(next, others);
		const [from, to] = stretch(next, other);
		const at = next(bytes.length + 1);
		const rest = next(2) === 0 ? bytes.subarray(at) : new Uint8Array();
		return concat(bytes.subarray(0, at), other.subarray(from, to), rest);
	},
	function swapLines(next, bytes) {
		const lines = new TextDecoder('latin1').decode(bytes).split('\n');
		const [a, b] = [next(lines.length), next(lines.length)];
		[lines[a], lines[b]] = [lines[b] ?? '', lines[a] ?? ''];
		return new Uint8Array(Buffer.from(lines.join('\n'), 'latin1'));
	},
];

/** Good bytes, spoiled once or a few times; now and then bytes of nothing but trouble. */
export function mutate(next: Chance, seeds: readonly Uint8Array[]): Uint8Array {
	if (next(16) === 0) return concat(...Array.from({ length: next(40) }, () => item(next, TROUBLE)));
	let bytes = item(next, seeds);
	for (let times = 1 + next(4); times > 0; times--) {
		bytes = item(next, OPERATIONS)(next, bytes, seeds);
	}
	return bytes;
}
