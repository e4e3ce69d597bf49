import '../../src/browser/globals.ts';
import { formatReport } from '../../src/core/verification/report-json.ts';
import { verify } from '../../src/core/verification/verify.ts';
import type { TreeText } from './tree-text.ts';

/** The report on a tree, as text. */
async function reportOn({ files, irregular, unavailable }: TreeText, pin: string): Promise<string> {
	const bytes = Object.entries(files).map(
		([path, base64]) => [path, Uint8Array.from(atob(base64), (it) => it.charCodeAt(0))] as const,
	);
	const report = await verify({ tree: { files: new Map(bytes), irregular, unavailable }, pin });
	return new TextDecoder().decode(formatReport(report, { name: 'test', version: '0' }));
}

/** What a test calls in a browser: the verifier, bundled as the portal has it. */
Object.assign(globalThis, { reportOn });
