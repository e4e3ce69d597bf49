import { command, print, runCommand } from '../src/node/command.ts';
import { askNewPassphrase } from '../src/node/keys.ts';
import { initLog } from '../src/node/new-log.ts';
import type { NewSite } from '../src/node/new-site.ts';
import { plain } from '../src/texts/chosen.ts';

const description = command(
	'init',
	'Begins a new log: removes the sample, makes the keys and the first trust root, and commits.',
)
	.requiredOption('--log <name>', 'name of the log, such as example.org/energy')
	.requiredOption('--keys <dir>', 'folder outside the repository for the private keys')
	.option('--organization <name>', 'whose portal it is')
	.option('--contact <address>', 'e-mail address for questions')
	.option('--locale <tag>', 'how numbers and dates are written, such as en-GB')
	.option('--site-url <url>', 'where the portal will be published')
	.option('--json', 'print the digest and the paths of the keys as JSON');

interface Options extends NewSite {
	readonly repo: string;
	readonly log: string;
	readonly keys: string;
	readonly json?: true;
}

await runCommand<Options>(
	description,
	async ({ repo, log, keys, json, organization, contact, locale, siteUrl }) => {
		const passphrase = () => askNewPassphrase(plain.newPassphrase, plain.samePassphrase);
		const site = { organization, contact, locale, siteUrl };
		const made = await initLog({ dir: repo, log, keys, site, passphrase, now: new Date() });
		print(
			json ? JSON.stringify({ format: 'wattproof/init/v1', ...made }, null, 2) : plain.begun(made),
		);
		return 0;
	},
);
