import { type Hash, hexOf, type ObjectFormat, type ObjectId } from './object.ts';

/** Gives objects their ids; later, and many at a time, where the hash takes its time. */
export interface Names {
	/** A promise where so many wait that whoever gives more should wait too. */
	readonly give: (index: number, all: Uint8Array) => Promise<void> | undefined;
	/** Until every id is there. */
	readonly given: () => Promise<void>;
}

/** Bytes that a hash may have copied and not answered for. */
const WAITING_BYTES = 2 * 1024 * 1024;
const WAITING_OBJECTS = 256;

export function newNames(hash: Hash, format: ObjectFormat, ids: (ObjectId | undefined)[]): Names {
	let waiting: Promise<void>[] = [];
	let bytes = 0;
	const given = async () => {
		const all = waiting;
		waiting = [];
		bytes = 0;
		await Promise.all(all);
	};
	const give = (index: number, all: Uint8Array) => {
		const result = hash(format, all);
		if (result instanceof Uint8Array) {
			ids[index] = hexOf(result);
			return undefined;
		}
		waiting.push(
			result.then((id) => {
				ids[index] = hexOf(id);
			}),
		);
		bytes += all.length;
		return bytes > WAITING_BYTES || waiting.length >= WAITING_OBJECTS ? given() : undefined;
	};
	return { give, given };
}
