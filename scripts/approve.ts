import { approve } from '../src/node/approve.ts';
import { checkProgress, command, print, runCommand } from '../src/node/command.ts';
import { askPassphrase } from '../src/node/keys.ts';
import { runText } from '../src/node/print.ts';
import { approvedJson } from '../src/node/print-json.ts';
import { findingText } from '../src/node/print-report.ts';
import { plain } from '../src/texts/chosen.ts';

const description = command(
	'approve',
	'Signs the newest run in your role, after it has been verified and computed again, and commits.',
)
	.requiredOption('--period <YYYY-MM>', 'the period whose newest run you approve')
	.requiredOption('--role <role>', 'the role that the trust root gives your key')
	.requiredOption('--key <file>', 'your private key (WATTPROOF_PASSPHRASE or a prompt)')
	.option('--json', 'print what has been approved as JSON');

await runCommand<{ repo: string; period: string; role: string; key: string; json?: true }>(
	description,
	async ({ repo, period, role, key, json }) => {
		const { show, end } = checkProgress();
		const approved = await approve({
			dir: repo,
			period,
			role,
			key,
			passphrase: () => askPassphrase(plain.passphrase(key)),
			now: new Date(),
			progress: show,
			show: (run) => {
				end();
				if (json) return;
				print(`${plain.approving(run)}\n\n${runText(run)}\n`);
				for (const incident of run.incidents) print(`${findingText(incident)}\n`);
			},
		}).finally(end);
		print(json ? approvedJson(approved) : plain.approved(approved));
		return 0;
	},
);
