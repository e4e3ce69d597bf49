import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inputFolder } from '../core/paths.ts';
import type { Report, Verdict } from '../core/verification/report.ts';
import { plain } from '../texts/chosen.ts';
import { auditFolder } from './audit.ts';
import { progressLine } from './command.ts';
import { paint } from './print.ts';
import { findingText, worthText } from './print-report.ts';
import { initRepository } from './repository.ts';
import { sampleData, sampleRuns } from './sample.ts';
import { createSampleLog } from './sample-log.ts';

/**
 * Tells the product's story on real files in a scratch repository, one sentence a step: a new month
 * becomes final and is VALID, one digit of one CSV makes it TAMPERED, restored it is VALID again.
 * Throws where a step ends otherwise than it should.
 */
export async function tellStory(say: (text: string) => void): Promise<void> {
	const dir = mkdtempSync(join(tmpdir(), 'wattproof-demo-'));
	try {
		await initRepository(dir);
		const show = progressLine();
		const runs = sampleRuns();
		const last = runs.at(-1);
		if (last === undefined) throw new Error('the sample has no month');
		const before = runs.slice(0, -1);
		const log = await createSampleLog(dir, sampleData(), before, ({ manifest }) =>
			show(plain.finalizing(manifest)),
		);
		show('');
		try {
			say(plain.storyBegins(new Set(before.map(({ period }) => period)).size));
			const { manifest } = await log.finalizeAt(last.period, last.at);
			say(plain.storyFinalized(manifest));
		} finally {
			log.discardKeys();
		}
		await tamper(dir, `${inputFolder(last.period)}/sports.csv`, log.root_sha256, say);
	} finally {
		rmSync(dir, { recursive: true, force: true });
	}
}

async function tamper(dir: string, path: string, pin: string, say: (text: string) => void) {
	const expect = async (verdict: Verdict): Promise<Report> => {
		const report = await auditFolder(dir, pin);
		if (report.verdict !== verdict) throw new Error(`expected ${verdict}, got ${report.verdict}`);
		return report;
	};
	await expect('VALID');
	say(`${paint('green', 'VALID')}     ${plain.storyValid}`);

	const original = readFileSync(join(dir, path), 'utf8');
	// The first digit of the last reading.
	const altered = original.replace(/,([0-9])([0-9.]+),A\n$/, (_, digit, rest) => {
		return `,${(Number(digit) % 9) + 1}${rest},A\n`;
	});
	writeFileSync(join(dir, path), altered);
	say(plain.storyChanged(path));
	const report = await expect('TAMPERED');
	say(`${paint('red', 'TAMPERED')}  ${plain.storyTampered}`);
	const changed = report.findings.find((it) => it.code === 'file-changed');
	const [worth] = report.worth;
	if (!changed?.difference || worth === undefined) throw new Error('the change was not described');
	say(indent(`${findingText(changed)}\n${worthText(worth)}`));

	writeFileSync(join(dir, path), original);
	await expect('VALID');
	say(`${paint('green', 'VALID')}     ${plain.storyRestored}`);
}

function indent(text: string): string {
	return text.replace(/^/gm, '          ');
}
