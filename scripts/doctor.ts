import { command, print, runCommand } from '../src/node/command.ts';
import { examine } from '../src/node/doctor.ts';
import { askGitHub } from '../src/node/forge-answer.ts';
import { doctorJson, doctorText } from '../src/node/print-doctor.ts';

const description = command(
	'doctor',
	'Says what an installation still lacks, and what to do; changes nothing.',
)
	.option('--key <file>', 'also see whether this private key may sign the next run; stays locked')
	.option('--remote', "also ask GitHub for the repository's settings, with the program gh")
	.option('--json', 'print what was found as JSON');

interface Options {
	readonly repo: string;
	readonly key?: string;
	readonly remote?: true;
	readonly json?: true;
}

await runCommand<Options>(
	description,
	async ({ repo, key, remote, json }) => {
		const ask = remote ? askGitHub : undefined;
		const diagnoses = await examine({ dir: repo, key, ask, now: new Date() });
		print(json ? doctorJson(diagnoses) : doctorText(diagnoses));
		return diagnoses.some(({ state }) => state === 'problem') ? 1 : 0;
	},
	3,
);
