import { Option } from 'commander';
import { type Correction, REASON_CODES } from '../src/core/data/submission.ts';
import { command, print, runCommand } from '../src/node/command.ts';
import { prepareCorrection, requireUnlocked } from '../src/node/correct.ts';
import { problemLines } from '../src/node/print.ts';
import { plain } from '../src/texts/chosen.ts';

const description = command(
	'correct',
	'Prepares the correction of a final period: a folder for the next run with its reason.',
)
	.requiredOption('--period <YYYY-MM>', 'the period to correct')
	.option(
		'--file <name...>',
		'files of the period to replace; copies of them are put there to edit',
	)
	.addOption(
		new Option('--reason-code <code>', 'why, in one word')
			.choices(REASON_CODES)
			.makeOptionMandatory(),
	)
	.requiredOption('--reason <text>', 'the reason in a sentence')
	.requiredOption('--requested-by <name>', 'who asked for it')
	.option('--evidence <text>', 'where the evidence lies, such as a ticket', '');

interface Options {
	readonly repo: string;
	readonly period: string;
	readonly file?: string[];
	readonly reasonCode: Correction['reason_code'];
	readonly reason: string;
	readonly requestedBy: string;
	readonly evidence: string;
}

await runCommand<Options>(description, async (options) => {
	const { repo, period, file = [], reasonCode, reason, requestedBy, evidence } = options;
	const correction = { reason_code: reasonCode, reason, requested_by: requestedBy, evidence };
	requireUnlocked(repo, period, reasonCode, new Date());
	const prepared = prepareCorrection({ dir: repo, period, names: file, correction });
	if (!prepared.ok) {
		print(problemLines(prepared.problems));
		return 1;
	}
	print(plain.prepared(period, prepared.value));
	return 0;
});
