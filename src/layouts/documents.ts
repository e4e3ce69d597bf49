import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type PlainDocument, parseDocument } from '../node/document.ts';

/** A document of `docs/`, which is the one source of its page too. */
export function readDocument(name: 'glossary' | 'problems'): PlainDocument {
	return parseDocument(readFileSync(join(process.cwd(), 'docs', `${name}.md`), 'utf8'));
}
