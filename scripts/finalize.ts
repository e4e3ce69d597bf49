import type { Problem } from '../src/core/problem.ts';
import { checkProgress, command, print, runCommand } from '../src/node/command.ts';
import { finalize } from '../src/node/finalize.ts';
import { askPassphrase } from '../src/node/keys.ts';
import { draftedText, finalizedText, refusalText } from '../src/node/print.ts';
import { draftedJson, finalizedJson, validationJson } from '../src/node/print-json.ts';
import { commitSigned, draftUnsigned } from '../src/node/run-draft.ts';
import { plain } from '../src/texts/chosen.ts';

const description = command(
	'finalize',
	'Validates and settles the next run of a period, signs it and commits it: from then on it is final.',
)
	.option('--period <YYYY-MM>', 'the period to finalize')
	.option('--key <file>', "the finalizer's private key (WATTPROOF_PASSPHRASE or a prompt)")
	.option('--unsigned <dir>', 'instead of --key: write the run there, to be signed elsewhere')
	.option('--signed <dir>', 'commit the run of that folder, once its signature lies beside it')
	.option('--acknowledge <reason>', 'list alterations that were undone, with what happened')
	.option('--json', 'print what has become final as JSON');

interface Options {
	readonly repo: string;
	readonly period?: string;
	readonly key?: string;
	readonly unsigned?: string;
	readonly signed?: string;
	readonly acknowledge?: string;
	readonly json?: true;
}

await runCommand<Options>(
	description,
	async ({ repo, period, key, unsigned, signed, acknowledge, json }) => {
		const ways = [key, unsigned, signed].filter((it) => it !== undefined);
		const whole =
			signed === undefined ? period !== undefined : (period ?? acknowledge) === undefined;
		if (ways.length !== 1 || !whole) description.error(plain.finalizeUsage);
		const { show, end } = checkProgress();
		const common = { dir: repo, now: new Date(), progress: show };
		const more = { period: period ?? '', ...(acknowledge !== undefined && { acknowledge }) };
		const periods = period === undefined ? [] : [period];
		const refuse = (problems: readonly Problem[]) =>
			print(json ? validationJson({ periods, problems }) : refusalText(problems));
		if (unsigned !== undefined) {
			const draft = await draftUnsigned({ ...common, ...more, folder: unsigned });
			if (draft.ok) print(json ? draftedJson(draft.value) : draftedText(draft.value));
			else refuse(draft.problems);
			return draft.ok ? 0 : 1;
		}
		const passphrase = () => askPassphrase(plain.passphrase(key ?? ''));
		const result = await (signed === undefined
			? finalize({ ...common, ...more, key: key ?? '', passphrase })
			: commitSigned({ ...common, folder: signed })
		).finally(end);
		if (result.ok) print(json ? finalizedJson(result.value) : finalizedText(result.value));
		else refuse(result.problems);
		return result.ok ? 0 : 1;
	},
);
