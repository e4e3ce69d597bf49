import type { Tree } from '../../src/core/verification/evidence.ts';

/** A tree as it is handed to a browser: its files in base64. */
export interface TreeText extends Pick<Tree, 'irregular' | 'unavailable'> {
	readonly files: Readonly<Record<string, string>>;
}

export function treeText({ files, irregular, unavailable }: Tree): TreeText {
	const texts = [...files].map(
		([path, bytes]) => [path, Buffer.from(bytes).toString('base64')] as const,
	);
	return { files: Object.fromEntries(texts), irregular, unavailable };
}
