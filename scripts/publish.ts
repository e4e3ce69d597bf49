import { command, print, runCommand } from '../src/node/command.ts';
import { publish } from '../src/node/publish.ts';
import { plain } from '../src/texts/chosen.ts';

const description = command(
	'publish',
	'Builds the site with its evidence: bundles of the history and the saved verifier.',
);

await runCommand<{ repo: string }>(description, async ({ repo }) => {
	process.stderr.write(`${plain.publishing}\n`);
	print(plain.published(await publish(repo)));
	return 0;
});
