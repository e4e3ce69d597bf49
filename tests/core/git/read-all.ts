import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type Hash, LIMITS } from '../../../src/core/git/object.ts';
import { openPack } from '../../../src/core/git/pack.ts';

/** A program: opens the pack of a file, reads every object of it, and prints what came of it. */
const hash: Hash = (format, bytes) => createHash(format).update(bytes).digest();
const [, , path = ''] = process.argv;
const { buffer, byteOffset, length } = readFileSync(path);
const bytes = new Uint8Array(buffer, byteOffset, length);
const opened = await openPack({ bytes, format: 'sha1', hash, limits: LIMITS, thin: false });
let total = 0;
if (opened.ok) {
	for (const id of opened.value.ids.keys()) total += opened.value.read(id)?.content.length ?? 0;
}
console.log(JSON.stringify({ fault: opened.ok ? null : opened.fault.code, total }));
