import { checkProgress, command, print, runCommand } from '../src/node/command.ts';
import { finalize } from '../src/node/finalize.ts';
import { askPassphrase } from '../src/node/keys.ts';
import { countErrors, countUnwaived, problemLines, runText } from '../src/node/print.ts';
import { finalizedJson, validationJson } from '../src/node/print-json.ts';
import { plain } from '../src/texts/chosen.ts';

const description = command(
	'finalize',
	'Validates and settles the next run of a period, signs it and commits it: from then on it is final.',
)
	.requiredOption('--period <YYYY-MM>', 'the period to finalize')
	.requiredOption('--key <file>', "the finalizer's private key (WATTPROOF_PASSPHRASE or a prompt)")
	.option('--acknowledge <reason>', 'list alterations that were undone, with what happened')
	.option('--json', 'print what has become final as JSON');

interface Options {
	readonly repo: string;
	readonly period: string;
	readonly key: string;
	readonly acknowledge?: string;
	readonly json?: true;
}

await runCommand<Options>(description, async ({ repo, period, key, acknowledge, json }) => {
	const passphrase = () => askPassphrase(plain.passphrase(key));
	const { show, end } = checkProgress();
	const request = {
		dir: repo,
		period,
		key,
		passphrase,
		now: new Date(),
		progress: show,
		...(acknowledge !== undefined && { acknowledge }),
	};
	const result = await finalize(request).finally(end);
	if (!result.ok) {
		const { problems } = result;
		if (json) print(validationJson({ periods: [period], problems }));
		else print(`${problemLines(problems)}\n\n${plain.dataRefused(countErrors(problems))}`);
		return 1;
	}
	const { run, manifest, manifest_sha256, commit } = result.value;
	const unwaived = countUnwaived(run.exceptions);
	const signed = plain.finalized(manifest, manifest_sha256, commit, unwaived);
	print(json ? finalizedJson(result.value) : `${runText(run)}\n\n${signed}`);
	return 0;
});
