import { command, print, runCommand } from '../src/node/command.ts';
import { askNewPassphrase } from '../src/node/keys.ts';
import { initLog } from '../src/node/new-log.ts';
import { plain } from '../src/texts/en.ts';

const description = command(
	'init',
	'Begins a new log: removes the sample, makes the keys and the first trust root, and commits.',
)
	.requiredOption('--log <name>', 'name of the log, such as example.org/energy')
	.requiredOption('--keys <dir>', 'folder outside the repository for the private keys')
	.option('--json', 'print the digest and the paths of the keys as JSON');

await runCommand<{ repo: string; log: string; keys: string; json?: true }>(
	description,
	async ({ repo, log, keys, json }) => {
		const passphrase = () => askNewPassphrase(plain.newPassphrase, plain.samePassphrase);
		const made = await initLog({ dir: repo, log, keys, passphrase, now: new Date() });
		print(
			json ? JSON.stringify({ format: 'wattproof/init/v1', ...made }, null, 2) : plain.begun(made),
		);
		return 0;
	},
);
