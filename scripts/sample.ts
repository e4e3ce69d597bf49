import { command, print, progressLine, runCommand } from '../src/node/command.ts';
import { sampleData, sampleRuns } from '../src/node/sample.ts';
import { createSampleLog } from '../src/node/sample-log.ts';
import { plain } from '../src/texts/chosen.ts';

const description = command(
	'sample',
	'Makes the sample anew: its data in one commit, then one for each run. Its keys are thrown away.',
);

await runCommand<{ repo: string }>(description, async ({ repo }) => {
	const show = progressLine();
	const sample = await createSampleLog(repo, sampleData(), sampleRuns(), ({ manifest }) => {
		show(plain.finalizing(manifest));
	});
	sample.discardKeys();
	show('');
	print(plain.sampled(sample.root_sha256));
	return 0;
});
