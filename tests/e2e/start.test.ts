import { spawn } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import { expect, test } from 'vitest';

function listen(): Promise<{ server: Server; port: number }> {
	const server = createServer();
	return new Promise((resolve) => {
		server.listen(0, 'localhost', () => {
			const address = server.address();
			resolve({ server, port: typeof address === 'object' && address ? address.port : 0 });
		});
	});
}

test('start tells the story, serves the site on the next free port, and ends on Ctrl-C', async () => {
	// The asked port is taken, so that the next one has to be found.
	const { server, port } = await listen();
	const child = spawn(process.execPath, ['scripts/start.ts'], {
		env: { ...process.env, PORT: String(port), NO_COLOR: '1' },
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	try {
		const ended = new Promise((resolve) => child.once('exit', resolve));
		let out = '';
		const address = await new Promise<string>((resolve, reject) => {
			child.once('exit', () => reject(new Error(out)));
			child.stdout.on('data', (chunk) => {
				out += chunk;
				const url = /^http:\/\/\S+$/m.exec(out.trimEnd().split('\n').at(-1) ?? '')?.[0];
				if (url !== undefined) resolve(url);
			});
		});
		expect(out).toMatch(/\nVALID [\s\S]+\nTAMPERED [\s\S]+kwh: [\s\S]+\nVALID /);
		expect(new URL(address).port).not.toBe(String(port));
		const page = await fetch(address);
		expect(page.status).toBe(200);
		expect(await page.text()).toContain('<h1');
		child.kill('SIGINT');
		expect(await ended).toBe(0);
	} finally {
		child.kill('SIGKILL');
		server.close();
	}
});
