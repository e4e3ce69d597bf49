import { Option } from 'commander';
import { isPeriod } from '../src/core/format/period.ts';
import { validate } from '../src/core/record/validate.ts';
import { command, print, runCommand } from '../src/node/command.ts';
import { readWholeTree } from '../src/node/files.ts';
import { instantOf, presentAt } from '../src/node/present.ts';
import { countErrors, countUnwaived, exceptionLines, problemLines } from '../src/node/print.ts';
import { exceptionAnnotation, problemAnnotation, validationJson } from '../src/node/print-json.ts';
import { stop } from '../src/node/stop.ts';
import { plain } from '../src/texts/chosen.ts';

const description = command(
	'validate',
	'Lists every problem of the data, with path, line and column.',
)
	.option('--period <YYYY-MM>', 'only this period')
	.addOption(new Option('--format <format>').choices(['text', 'github', 'json']).default('text'))
	.option('--json', 'the same as --format json');

await runCommand<{ repo: string; period?: string; format: string; json?: true }>(
	description,
	async ({ repo, period, format, json }) => {
		if (period !== undefined && !isPeriod(period))
			stop({ code: 'period-malformed', found: period });
		const result = validate(
			readWholeTree(repo).files,
			presentAt(instantOf(new Date())),
			period ?? null,
		);
		const { problems, periods, exceptions } = result;
		const errors = countErrors(problems);
		if (json || format === 'json') {
			print(validationJson(result));
		} else if (format === 'github') {
			for (const problem of problems) print(problemAnnotation(problem));
			for (const exception of exceptions) print(exceptionAnnotation(exception));
		} else {
			if (problems.length > 0) print(`${problemLines(problems)}\n`);
			if (exceptions.length > 0) print(`${exceptionLines(exceptions)}\n`);
			const unwaived = countUnwaived(exceptions);
			if (unwaived > 0) print(`${plain.warningsListed(unwaived)}\n`);
			print(errors > 0 ? plain.dataRefused(errors) : plain.dataGood(periods));
		}
		return errors > 0 ? 1 : 0;
	},
);
