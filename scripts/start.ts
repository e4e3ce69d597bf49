import { build, preview } from 'astro';
import { command, interruption, print, runCommand } from '../src/node/command.ts';
import { tellStory } from '../src/node/demo.ts';
import { stop } from '../src/node/stop.ts';
import site from '../src/site.json' with { type: 'json' };
import { plain } from '../src/texts/chosen.ts';

const description = command(
	'start',
	'Shows the demo, builds the site and serves it on this computer.',
);

await runCommand(description, async () => {
	const port = Number(process.env['PORT'] || 4321);
	if (!(Number.isInteger(port) && port > 0 && port < 65536)) {
		stop({ code: 'number-malformed', found: process.env['PORT'] ?? '' });
	}
	print(plain.storyTitle);
	await tellStory(print);
	print(plain.building);
	await build({ logLevel: 'error' });
	// Takes the next free port where this one is taken.
	const server = await preview({ logLevel: 'error', server: { port, host: 'localhost' } });
	const ended = interruption();
	print(plain.unpublished);
	print(plain.serving(`http://localhost:${server.port}${site.base_path}`));
	await ended;
	await server.stop();
	process.exit(0);
});
