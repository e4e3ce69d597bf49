import { isPeriod } from '../src/core/format/period.ts';
import { EXIT_CODES } from '../src/core/verification/report.ts';
import { formatReport } from '../src/core/verification/report-json.ts';
import { auditFolder } from '../src/node/audit.ts';
import { checkProgress, command, print, runCommand } from '../src/node/command.ts';
import { reportText } from '../src/node/print.ts';
import { stop } from '../src/node/stop.ts';
import { VERSION } from '../src/node/version.ts';

const description = command(
	'verify',
	'Checks that nothing has changed since it was final, and computes it again.',
)
	.option('--root <sha256>', 'digest of the trust root that you noted elsewhere')
	.option('--period <YYYY-MM>', 'show only this period; the verdict always covers the whole log')
	.option('--json', 'print the report as canonical JSON');

await runCommand<{ repo: string; root?: string; period?: string; json?: true }>(
	description,
	async ({ repo, root, period, json }) => {
		if (period !== undefined && !isPeriod(period))
			stop({ code: 'period-malformed', found: period });
		const { show, end } = checkProgress();
		// A digest copied from paper comes in groups, or in capitals.
		const pin = root?.replaceAll(/\s/g, '').toLowerCase() ?? null;
		const report = await auditFolder(repo, pin, show);
		end();
		if (json) process.stdout.write(formatReport(report, { name: 'wattproof', version: VERSION }));
		else print(reportText(report, period ?? null));
		return EXIT_CODES[report.verdict];
	},
	EXIT_CODES.INCOMPLETE,
);
