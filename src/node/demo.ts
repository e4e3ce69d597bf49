import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { shiftPeriod } from '../core/format/period.ts';
import { inputFolder } from '../core/paths.ts';
import type { Report, Verdict } from '../core/verification/report.ts';
import { plain } from '../texts/chosen.ts';
import { auditFolder } from './audit.ts';
import { progressLine } from './command.ts';
import { paint } from './print.ts';
import { findingText, worthText } from './print-report.ts';
import { initRepository } from './repository.ts';
import { SAMPLE_MONTHS, SAMPLE_START, sampleData, sampleMonth } from './sample.ts';
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
		const period = shiftPeriod(SAMPLE_START, SAMPLE_MONTHS);
		const show = progressLine();
		const data = new Map([...sampleData(), ...sampleMonth(period)]);
		const log = await createSampleLog(dir, data, ({ manifest }) =>
			show(plain.finalizing(manifest)),
		);
		show('');
		try {
			say(plain.storyBegins(SAMPLE_MONTHS));
			const at = new Date(`${shiftPeriod(period, 1)}-06T08:00:00Z`);
			const { manifest } = await log.finalizeAt(period, at);
			say(plain.storyFinalized(manifest));
		} finally {
			log.discardKeys();
		}
		await tamper(dir, `${inputFolder(period)}/sports.csv`, log.root_sha256, say);
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
	// The first digit of the last figure: thousands of kWh, by one digit.
	const altered = original.replace(/,([0-9])([0-9.]+),A,\n$/, (_, digit, rest) => {
		return `,${(Number(digit) % 9) + 1}${rest},A,\n`;
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
