import { join, relative, resolve } from 'node:path';
import { GUARDED_FOLDERS } from '../src/core/paths.ts';
import { command, print, runCommand } from '../src/node/command.ts';
import { readWholeTree, writeWhole } from '../src/node/files.ts';
import { previewRun } from '../src/node/preview.ts';
import { refusalText, runText } from '../src/node/print.ts';
import { runJson, validationJson } from '../src/node/print-json.ts';
import { stop } from '../src/node/stop.ts';
import { plain } from '../src/texts/chosen.ts';

const description = command(
	'settle',
	'Previews the next run of a period; signs and commits nothing.',
)
	.requiredOption('--period <YYYY-MM>', 'the period to settle')
	.option('--out <dir>', 'also write the record files there')
	.option('--json', 'print the run as JSON');

await runCommand<{ repo: string; period: string; out?: string; json?: true }>(
	description,
	async ({ repo, period, out, json }) => {
		const way = out === undefined ? '' : relative(resolve(repo), resolve(out));
		if (out !== undefined && GUARDED_FOLDERS.some((folder) => way.split(/[\\/]/)[0] === folder)) {
			stop({ code: 'out-inside-record', dir: out });
		}
		const result = previewRun(readWholeTree(repo).files, period, new Date());
		if (!result.ok) {
			if (json) print(validationJson({ periods: [period], problems: result.problems }));
			else print(refusalText(result.problems));
			return 1;
		}
		const run = result.value;
		for (const [name, bytes] of out === undefined ? [] : run.records) {
			writeWhole(join(out ?? '', name), bytes);
		}
		print(json ? runJson(run) : `${plain.preview(run)}\n\n${runText(run)}\n`);
		if (!json) print(plain.previewNext(period));
		return 0;
	},
);
