// Runs a command from one script that holds all that it imports: what starts often must not strip
// types and look for two hundred files each time. The script is made at the first start and again
// once a file that it was made of has changed. Where it cannot be kept, the sources run themselves.

const fs = require('node:fs');
const { enableCompileCache } = require('node:module');
const path = require('node:path');
const { pathToFileURL } = require('node:url');

const root = path.join(__dirname, '..');
const folder = path.join(root, 'node_modules', '.cache', 'programs');
const [name] = process.argv.splice(2, 1);
const source = path.join(__dirname, `${name}.ts`);

// Who copies a file or puts its time back still makes a new inode or a new change time.
function stateOf(file) {
	const { size, mtimeMs, ctimeMs, ino } = fs.statSync(path.join(root, file));
	return `${size} ${mtimeMs} ${ctimeMs} ${ino}`;
}

// Returns the file of the program, or undefined where there is none of the present sources.
function known() {
	try {
		const { file, inputs } = JSON.parse(fs.readFileSync(path.join(folder, `${name}.json`), 'utf8'));
		if (Object.keys(inputs).some((input) => inputs[input] !== stateOf(input))) return undefined;
		return fs.existsSync(path.join(folder, file)) ? file : undefined;
	} catch {
		return undefined;
	}
}

async function make() {
	const { makeProgram } = await import(pathToFileURL(path.join(root, 'src/node/program.ts')).href);
	return (await makeProgram(root, folder, name, stateOf)).file;
}

async function main() {
	process.argv[1] = source;
	let file = known();
	try {
		if (file === undefined) file = await make();
	} catch {
		// A folder that cannot be written, a full disk, a build tool that is not there or not of this
		// system: the sources need none of it, and say themselves what is wrong with them.
	}
	if (file !== undefined) enableCompileCache(path.join(folder, 'compiled'));
	await import(pathToFileURL(file === undefined ? source : path.join(folder, file)).href);
}

main().catch((error) => {
	console.error(error);
	process.exit(70);
});
