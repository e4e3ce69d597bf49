// Makes every npm command run on the pinned Node, whatever the system's is: installs if nothing
// is installed, repairs the link to the pinned binary, and refuses a Node that is too old.
// CommonJS in old syntax, because the system's Node runs it first.

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const NEEDED = '22.19';
const NEEDED_BY_NPM = '20.19'; // below, npm leaves out native parts without a word

const modules = path.join(__dirname, '..', 'node_modules');
const installed = path.join(modules, '.package-lock.json'); // npm writes it last
const installing = process.env.npm_lifecycle_event === 'postinstall';

function fail(message) {
	console.error(message);
	process.exit(1);
}

function olderThan(version, minimum) {
	const [major, minor] = version.split('.').map(Number);
	const [wantedMajor, wantedMinor] = minimum.split('.').map(Number);
	return major < wantedMajor || (major === wantedMajor && minor < wantedMinor);
}

function tooOld(version, minimum) {
	fail(
		`Node ${version} is too old to run this project: it takes Node ${minimum} or newer. ` +
			'Install Node 24 LTS and try again.',
	);
}

function install() {
	if (!process.env.npm_execpath) fail('Nothing is installed yet: run npm ci.');
	const npm = [process.env.npm_execpath, 'ci', '--no-audit', '--no-fund', '--loglevel=error'];
	const run = spawnSync(process.execPath, npm, { stdio: 'inherit' });
	if (run.status !== 0) fail('npm ci failed; see above.');
}

// Only a hint: a running node.exe cannot be replaced on Windows, so npm ci is not run from here.
function hintIfStale() {
	const read = (file) => JSON.parse(fs.readFileSync(file, 'utf8')).packages;
	const present = read(installed);
	const wanted = read(path.join(modules, '..', 'package-lock.json'));
	const stale = Object.keys(wanted).some((name) => {
		if (name === '') return false;
		if (!present[name]) return !wanted[name].optional && !wanted[name].devOptional;
		return present[name].integrity !== wanted[name].integrity;
	});
	if (stale) console.error('What is installed is not what package-lock.json says: run npm ci.');
}

// Returns the version of the pinned Node, or undefined where it is absent or cannot run (musl).
function pinnedNode() {
	const host = `${process.platform}-${process.arch}`.replace('win32', 'win');
	const windows = process.platform === 'win32';
	const name = [`node-${host}`, `node-bin-${host}`].find((n) =>
		fs.existsSync(path.join(modules, n, 'package.json')),
	);
	if (!name) return undefined;
	const binary = path.join(modules, name, 'bin', windows ? 'node.exe' : 'node');
	const link = path.join(modules, '.bin', windows ? 'node.cmd' : 'node');
	if (fs.existsSync(link) && fs.realpathSync(process.execPath) === fs.realpathSync(binary)) {
		return process.versions.node; // we run on it: nothing to try out
	}
	if (!windows) fs.chmodSync(binary, 0o755);
	const answer = spawnSync(binary, ['-p', 'process.versions.node'], { encoding: 'utf8' });
	if (answer.status !== 0) {
		fs.rmSync(link, { force: true }); // the shell finds the system's Node instead
		return undefined;
	}
	// npm up to 11.0 loses the link when it drops the packages of the other platforms.
	if (!fs.existsSync(link)) {
		fs.rmSync(link, { force: true }); // a dangling one
		fs.mkdirSync(path.dirname(link), { recursive: true });
		if (windows) fs.writeFileSync(link, `@"%~dp0..\\${name}\\bin\\node.exe" %*\r\n`);
		else fs.symlinkSync(path.join('..', name, 'bin', 'node'), link);
	}
	return answer.stdout.trim();
}

// npm's own Node may be another than ours: the pinned one is first on the PATH of its scripts.
const agent = /\bnode\/v(\d+\.\d+\.\d+)/.exec(process.env.npm_config_user_agent || '');
const npmNode = agent ? agent[1] : process.versions.node;
if (olderThan(npmNode, NEEDED_BY_NPM)) tooOld(npmNode, NEEDED_BY_NPM);
if (!installing && !fs.existsSync(installed)) install();
else if (!installing) hintIfStale();
const version = pinnedNode() || process.versions.node;
if (olderThan(version, NEEDED)) tooOld(version, NEEDED);
