import { join, relative, resolve } from 'node:path';
import { Option } from 'commander';
import { GUARDED_FOLDERS } from '../src/core/paths.ts';
import { check } from '../src/node/check.ts';
import { CHECK_FORMATS, type CheckFormat, checkOutput } from '../src/node/check-output.ts';
import { COMMENT_BYTES, checkReport, SUMMARY_BYTES } from '../src/node/check-report.ts';
import { command, print, runCommand } from '../src/node/command.ts';
import { writeWhole } from '../src/node/files.ts';
import { stop } from '../src/node/stop.ts';
import site from '../src/site.json' with { type: 'json' };
import { formatsFor } from '../src/texts/format.ts';

const description = command(
	'check',
	'Says whether a pull request can be accepted, from what is committed; executes nothing of it.',
)
	.requiredOption('--base <commit>', 'the commit or branch into which HEAD is to be merged')
	.addOption(new Option('--format <format>').choices(CHECK_FORMATS).default('text'))
	.option('--json', 'the same as --format json')
	.option('--out <folder>', 'also write summary.md and comment.md there');

interface Options {
	readonly repo: string;
	readonly base: string;
	readonly format: CheckFormat;
	readonly json?: true;
	readonly out?: string;
}

await runCommand<Options>(
	description,
	async ({ repo, base, format, json, out }) => {
		const [top] = out === undefined ? [] : relative(resolve(repo), resolve(out)).split(/[\\/]/);
		if (out !== undefined && GUARDED_FOLDERS.some((folder) => folder === top)) {
			stop({ code: 'out-inside-record', dir: out });
		}
		const checked = await check({ dir: repo, base, now: new Date(), due_day: site.due_day });
		const formats = formatsFor(site.locale);
		const reports = { 'summary.md': SUMMARY_BYTES, 'comment.md': COMMENT_BYTES };
		for (const [name, bytes] of out === undefined ? [] : Object.entries(reports)) {
			writeWhole(join(out ?? '', name), checkReport(checked, formats, bytes));
		}
		print(checkOutput(checked, json ? 'json' : format, formats));
		return checked.ok ? 0 : 1;
	},
	3,
);
