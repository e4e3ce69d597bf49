import { isPeriod } from '../src/core/format/period.ts';
import { EXIT_CODES } from '../src/core/verification/report.ts';
import { formatReport } from '../src/core/verification/report-json.ts';
import { audit, keepCheckpoint } from '../src/node/audit.ts';
import { checkProgress, command, print, runCommand } from '../src/node/command.ts';
import { reportText } from '../src/node/print-report.ts';
import { stop } from '../src/node/stop.ts';
import { VERSION } from '../src/node/version.ts';
import { plain } from '../src/texts/chosen.ts';

const description = command(
	'verify',
	'Checks that nothing has changed since it was final, and computes it again.',
)
	.option('--bundle <file>', 'verify this Git bundle instead of the folder')
	.option('--root <sha256>', 'digest of the trust root, or fingerprint of a root key')
	.option('--checkpoint <file>', 'the four lines that you kept at your last visit')
	.option('--save-checkpoint <file>', 'write the checkpoint to keep, if the log holds')
	.option('--period <YYYY-MM>', 'show only this period; the verdict always covers the whole log')
	.option('--json', 'print the report as canonical JSON');

interface Options {
	readonly repo: string;
	readonly bundle?: string;
	readonly root?: string;
	readonly checkpoint?: string;
	readonly saveCheckpoint?: string;
	readonly period?: string;
	readonly json?: true;
}

await runCommand<Options>(
	description,
	async ({ repo, bundle, root, checkpoint, saveCheckpoint, period, json }) => {
		if (period !== undefined && !isPeriod(period))
			stop({ code: 'period-malformed', found: period });
		const { show, end } = checkProgress();
		// A digest copied from paper comes in groups, or in capitals.
		const pin = root?.replaceAll(/\s/g, '').toLowerCase() ?? null;
		const report = await audit({
			dir: repo,
			pin,
			progress: show,
			...(bundle !== undefined && { bundle }),
			...(checkpoint !== undefined && { checkpoint }),
		});
		end();
		if (json) process.stdout.write(formatReport(report, { name: 'wattproof', version: VERSION }));
		else print(reportText(report, period ?? null));
		if (saveCheckpoint !== undefined) {
			const kept = keepCheckpoint(report, saveCheckpoint);
			process.stderr.write(
				`${kept ? plain.checkpointSaved(saveCheckpoint) : plain.noCheckpoint}\n`,
			);
		}
		return EXIT_CODES[report.verdict];
	},
	EXIT_CODES.INCOMPLETE,
);
