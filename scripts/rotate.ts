import { command, print, runCommand } from '../src/node/command.ts';
import { askPassphrase } from '../src/node/keys.ts';
import { rootText } from '../src/node/print-root.ts';
import type { RootView } from '../src/node/root-draft.ts';
import {
	adoptRoot,
	currentRoot,
	draftRoot,
	type RotationWords,
	readRootChange,
	signRoot,
} from '../src/node/rotate.ts';
import { plain } from '../src/texts/chosen.ts';

const description = command(
	'rotate',
	'Shows who may sign. Makes the next trust root: --draft, then --sign by each holder, then --adopt.',
)
	.option('--draft <dir>', 'write the next trust root into a folder, unsigned')
	.option('--sign <dir>', 'sign the trust root in a folder with a root key; needs no repository')
	.option('--adopt <dir>', 'commit the signed trust root of a folder')
	.option('--key <file>', 'with --sign: the root key (WATTPROOF_PASSPHRASE or a prompt)')
	.option('--from <sequence>', 'first sequence number under the new root (default: the next)')
	.option('--threshold <count>', 'how many root keys have to sign')
	.option('--add-root <certificate...>', 'files of certificates (public keys)')
	.option('--remove-root <fingerprint...>')
	.option('--add-finalizer <certificate...>')
	.option('--retire-finalizer <fingerprint...>')
	.option('--add-approver <role=certificate...>', 'such as finance=../finance.asc')
	.option('--remove-approver <fingerprint...>');

interface Options extends Partial<RotationWords> {
	readonly repo: string;
	readonly draft?: string;
	readonly sign?: string;
	readonly adopt?: string;
	readonly key?: string;
}

await runCommand<Options>(description, async ({ repo, draft, sign, adopt, key, ...words }) => {
	const change = Object.keys(words).length > 0;
	if (sign !== undefined && key !== undefined) {
		const passphrase = () => askPassphrase(plain.passphrase(key));
		const show = (view: RootView) => print(`${rootText(view)}\n`);
		const signed = await signRoot({ folder: sign, key, passphrase, now: new Date(), show });
		print(plain.rootSigned(signed, sign));
	} else if (adopt !== undefined) {
		print(plain.rootAdopted(await adoptRoot(repo, adopt)));
	} else if (draft !== undefined) {
		const view = await draftRoot(repo, draft, readRootChange(words));
		print(`${rootText(view)}\n\n${plain.rootDrafted(view, draft)}`);
	} else if (sign === undefined && key === undefined && !change) {
		print(rootText(await currentRoot(repo)));
	} else {
		description.error(plain.rotateUsage);
	}
	return 0;
});
