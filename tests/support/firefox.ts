import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A page in Firefox, driven over WebDriver BiDi. */
export interface FirefoxPage {
	goto(address: string): Promise<void>;
	/** What an expression comes to in the page, as JSON; promises are waited for. */
	evaluate(expression: string): Promise<unknown>;
	/** Gives a file of the disk to the file field of a selector. */
	give(selector: string, path: string): Promise<void>;
	/** Runs a program text in the page. */
	run(program: string): Promise<void>;
	/** What the console of the page said. */
	readonly complaints: readonly string[];
	close(): Promise<void>;
}

// Nothing of its own may ask the network, or greet anybody.
const PREFERENCES = {
	'app.normandy.enabled': false,
	'app.update.disabledForTesting': true,
	'browser.shell.checkDefaultBrowser': false,
	'browser.startup.homepage_override.mstone': 'ignore',
	'browser.startup.page': 0,
	'datareporting.policy.dataSubmissionEnabled': false,
	'network.captive-portal-service.enabled': false,
	'network.connectivity-service.enabled': false,
	'services.settings.server': 'data:,#',
	'toolkit.telemetry.reportingpolicy.firstRun': false,
};

/** Starts Firefox ESR without a screen; fails where it is not installed. */
export async function launchFirefox(): Promise<FirefoxPage> {
	const profile = mkdtempSync(join(tmpdir(), 'wattproof-firefox-'));
	const lines = Object.entries(PREFERENCES).map(
		([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`,
	);
	writeFileSync(join(profile, 'user.js'), lines.join(''));
	const browser = spawn(
		'firefox-esr',
		['--headless', '--no-remote', '--profile', profile, '--remote-debugging-port', '0'],
		{
			stdio: ['ignore', 'ignore', 'pipe'],
			env: { ...process.env, MOZ_DISABLE_CONTENT_SANDBOX: '1' },
		},
	);
	const ended = new Promise<void>((resolve) => {
		browser.once('exit', () => resolve());
		// One that is not installed never ends.
		browser.once('error', () => resolve());
	});
	const remove = async () => {
		browser.kill('SIGKILL');
		await ended;
		rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
	};
	try {
		const session = await connect(await addressOf(browser));
		return await openPage(session, remove);
	} catch (error) {
		await remove();
		throw error;
	}
}

/** Where it listens, which it prints once it does. */
function addressOf(browser: ChildProcess): Promise<string> {
	return new Promise((resolve, reject) => {
		let text = '';
		browser.once('error', () => reject(new Error('firefox-esr is not installed')));
		browser.once('exit', (code) => reject(new Error(`firefox-esr ended with ${code}: ${text}`)));
		browser.stderr?.on('data', (part) => {
			text += part;
			const [, address] = /WebDriver BiDi listening on (ws:\S+)/.exec(text) ?? [];
			if (address !== undefined) resolve(`${address}/session`);
		});
	});
}

type Values = Readonly<Record<string, unknown>>;

interface Answer {
	readonly result?: Values;
	readonly error?: string;
	readonly message?: string;
}

interface Session {
	readonly send: (method: string, params: Values) => Promise<Values>;
	readonly listen: (take: (method: string, params: Values) => void) => void;
}

/** A connection in which each command has a number, and its answer the same. */
function connect(address: string): Promise<Session> {
	const socket = new WebSocket(address);
	const waiting = new Map<number, (answer: Answer) => void>();
	let take = (_method: string, _params: Values) => {};
	let last = 0;
	socket.addEventListener('message', ({ data }) => {
		const answer = JSON.parse(String(data));
		const settle = waiting.get(answer.id);
		waiting.delete(answer.id);
		if (settle === undefined) take(answer.method, answer.params);
		else settle(answer);
	});
	const send: Session['send'] = (method, params) =>
		new Promise((resolve, reject) => {
			waiting.set(++last, ({ result, error, message }) => {
				if (result !== undefined) resolve(result);
				else reject(new Error(`${error}: ${message}`));
			});
			socket.send(JSON.stringify({ id: last, method, params }));
		});
	const listen: Session['listen'] = (taker) => {
		take = taker;
	};
	return new Promise((resolve, reject) => {
		socket.addEventListener('open', () => resolve({ send, listen }));
		socket.addEventListener('error', () => reject(new Error(`no connection to ${address}`)));
	});
}

async function openPage(
	{ send, listen }: Session,
	close: () => Promise<void>,
): Promise<FirefoxPage> {
	await send('session.new', { capabilities: {} });
	const { context } = await send('browsingContext.create', { type: 'tab' });
	const complaints: string[] = [];
	listen((_, { text }) => complaints.push(String(text)));
	await send('session.subscribe', { events: ['log.entryAdded'] });
	const target = { context };
	const script = async (expression: string) => {
		const asked = { expression, target, awaitPromise: true };
		const { type, result, exceptionDetails } = await send('script.evaluate', asked);
		if (type !== 'success') throw new Error(JSON.stringify(exceptionDetails));
		return result as Values;
	};
	const evaluate: FirefoxPage['evaluate'] = async (expression) => {
		const { value } = await script(`(async () => JSON.stringify(await (${expression})))()`);
		return value === undefined ? undefined : JSON.parse(String(value));
	};
	return {
		goto: async (url) =>
			void (await send('browsingContext.navigate', { context, url, wait: 'complete' })),
		evaluate,
		give: async (selector, path) => {
			const element = await script(`document.querySelector(${JSON.stringify(selector)})`);
			await send('input.setFiles', { context, element, files: [path] });
		},
		run: async (program) => void (await script(`${program}\n;0`)),
		complaints,
		close,
	};
}
