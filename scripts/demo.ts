import { command, print, runCommand } from '../src/node/command.ts';
import { tellStory } from '../src/node/demo.ts';

const description = command(
	'demo',
	'Shows the whole story in a scratch repository: finalize, VALID, change one digit, TAMPERED, restore.',
);

await runCommand(description, async () => {
	await tellStory(print);
	return 0;
});
