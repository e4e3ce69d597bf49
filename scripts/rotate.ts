import { command, print, runCommand } from '../src/node/command.ts';
import { askPassphrase } from '../src/node/keys.ts';
import {
	adoptRoot,
	draftRoot,
	type RotationWords,
	readRootChange,
	signRoot,
} from '../src/node/rotate.ts';
import { plain } from '../src/texts/en.ts';

const description = command(
	'rotate',
	'Makes the next trust root: --draft, then --sign by each holder, then --adopt.',
)
	.option('--draft <dir>', 'write the next trust root into a folder, unsigned')
	.option('--sign <dir>', 'sign the trust root in a folder with a root key; needs no repository')
	.option('--adopt <dir>', 'commit the signed trust root of a folder')
	.option('--key <file>', 'with --sign: the root key (WATTPROOF_PASSPHRASE or a prompt)')
	.option('--from <sequence>', 'first sequence number under the new root (default: the next)')
	.option('--threshold <count>', 'how many root keys have to sign')
	.option('--add-root <certificate...>')
	.option('--remove-root <fingerprint...>')
	.option('--add-finalizer <certificate...>')
	.option('--retire-finalizer <fingerprint...>')
	.option('--add-approver <role=certificate...>')
	.option('--remove-approver <fingerprint...>');

interface Options extends Partial<RotationWords> {
	readonly repo: string;
	readonly draft?: string;
	readonly sign?: string;
	readonly adopt?: string;
	readonly key?: string;
}

await runCommand<Options>(description, async ({ repo, draft, sign, adopt, key, ...words }) => {
	if (sign !== undefined && key !== undefined) {
		const passphrase = () => askPassphrase(plain.passphrase(key));
		print(plain.rootSigned(await signRoot(sign, key, passphrase, new Date())));
	} else if (adopt !== undefined) {
		print(plain.rootAdopted(await adoptRoot(repo, adopt)));
	} else if (draft !== undefined) {
		print(plain.rootDrafted(await draftRoot(repo, draft, readRootChange(words)), draft));
	} else {
		description.error('one of --draft, --sign with --key, or --adopt is needed');
	}
	return 0;
});
