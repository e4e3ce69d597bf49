import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { type Browser, chromium, type LaunchOptions } from 'playwright-core';

/** One browser that may be there; `options` throws, saying why, where it is not. */
interface Candidate {
	readonly name: string;
	options(): LaunchOptions | Promise<LaunchOptions>;
}

// The pages under test are our own, so no sandbox is needed, which containers often forbid. The
// others keep the browser from asking the network for anything of its own.
const FLAGS = [
	'--no-sandbox',
	'--disable-gpu',
	'--disable-quic',
	'--no-first-run',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync',
];

const ON_PATH = [
	'chromium',
	'google-chrome-stable',
	'google-chrome',
	'chromium-browser',
	'microsoft-edge',
];

const PACKAGE = 'node_modules/@sparticuz/chromium';

/**
 * Starts the first browser that really starts and says which one it is; throws with all that was
 * tried. No test is skipped for want of a browser.
 */
export async function launchChromium(flags: readonly string[] = []): Promise<Browser> {
	const tried: string[] = [];
	for (const candidate of candidates()) {
		try {
			const options = await candidate.options();
			const browser = await chromium.launch({
				chromiumSandbox: false,
				timeout: 60_000, // the first start from a cold disk is slow
				...options,
				args: [...FLAGS, ...flags],
			});
			for (const note of tried) console.log(`not used: ${note}`);
			console.log(`browser: ${candidate.name} ${browser.version()}`);
			return browser;
		} catch (error) {
			tried.push(`${candidate.name}: ${reason(error)}`);
		}
	}
	throw new Error(
		`No browser could be started. Tried:\n  ${tried.join('\n  ')}\n` +
			`(and on the PATH, where present: ${ON_PATH.join(', ')})\n` +
			'Install Chromium, set CHROMIUM_PATH, or run: npx playwright-core install chromium',
	);
}

/** Returns what the browser said, without its whole command line. */
function reason(error: unknown): string {
	const message = stripVTControlCharacters(error instanceof Error ? error.message : String(error));
	return message
		.replace(/Call log:.*/s, '')
		.split('\n')
		.filter((line) => !/^\s*$|<launch(ed|ing)>|^Browser logs:/.test(line))
		.slice(0, 4)
		.map((line) => line.trim().slice(0, 200))
		.join(' | ');
}

function candidates(): readonly Candidate[] {
	const chosen = process.env.CHROMIUM_PATH;
	// Whoever names a browser wants that one, or an error.
	if (chosen) return [{ name: chosen, options: () => ({ executablePath: chosen }) }];

	const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
	const installed = ON_PATH.flatMap((program) => {
		const file = folders.map((folder) => join(folder, program)).find((path) => existsSync(path));
		return file ? [{ name: program, options: () => ({ executablePath: file }) }] : [];
	});
	const channels =
		process.platform === 'linux'
			? []
			: ['chrome', 'msedge'].map((channel) => ({ name: channel, options: () => ({ channel }) }));
	return [
		...installed,
		...channels,
		{ name: "playwright's chromium", options: downloaded },
		{ name: 'npm-shipped chromium', options: shipped },
	];
}

function downloaded(): LaunchOptions {
	const executablePath = chromium.executablePath();
	if (!existsSync(executablePath)) throw new Error('not downloaded on this machine');
	return { executablePath };
}

async function shipped(): Promise<LaunchOptions> {
	if (process.platform !== 'linux' || process.arch !== 'x64') {
		throw new Error('for Linux on x64 only');
	}
	const home = await unpack();
	return {
		executablePath: join(home, 'chromium'),
		// The package carries the few libraries and fonts that a bare machine lacks.
		env: {
			...process.env,
			LD_LIBRARY_PATH: join(home, 'al2023', 'lib'),
			FONTCONFIG_PATH: join(home, 'fonts'),
		},
	};
}

/** Returns the folder of the unpacked browser; unpacks it if this is the first time. */
async function unpack(): Promise<string> {
	const { version } = JSON.parse(readFileSync(resolve(PACKAGE, 'package.json'), 'utf8'));
	const home = resolve(`node_modules/.cache/chromium-${version}`);
	if (existsSync(home)) return home;

	// Unpacked aside and renamed when whole: neither another process nor an abort leaves half of it.
	const aside = `${home}.${process.pid}`;
	mkdirSync(aside, { recursive: true });
	// The package unpacks below the temporary folder and trusts whatever is there already, so it
	// gets one that nobody else writes to.
	const before = process.env.TMPDIR;
	process.env.TMPDIR = aside;
	try {
		const { default: browser, inflate } = await import('@sparticuz/chromium');
		browser.setGraphicsMode = false;
		await inflate(resolve(PACKAGE, 'bin/al2023.tar.br'));
		await browser.executablePath();
		// The package's own list names the folders of a cloud machine: without it no text is drawn.
		writeFileSync(join(aside, 'fonts/fonts.conf'), fontList(home));
	} finally {
		if (before === undefined) delete process.env.TMPDIR;
		else process.env.TMPDIR = before;
	}
	try {
		renameSync(aside, home);
	} catch (error) {
		rmSync(aside, { recursive: true, force: true });
		if (!existsSync(home)) throw error; // otherwise another process was faster
	}
	return home;
}

function fontList(home: string): string {
	return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
	<dir>${home}/fonts/fonts</dir>
	<cachedir>${home}/fonts/cache</cachedir>
</fontconfig>
`;
}
