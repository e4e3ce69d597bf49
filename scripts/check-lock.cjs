// Fails when package-lock.json lacks a platform, an integrity hash, or names a host. npm leaves out
// without a word what a registry does not offer, and then an install elsewhere is broken.

const fs = require('node:fs');
const path = require('node:path');

const lock = path.join(__dirname, '..', 'package-lock.json');
const packages = JSON.parse(fs.readFileSync(lock, 'utf8')).packages;

// Returns whether Node, asked from inside `from`, would find an entry for `name`.
function resolves(from, name) {
	for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/')))) {
		if (packages[path.posix.join(folder, 'node_modules', name)]) return true;
		if (folder === '') return false;
	}
}

function neededBy(name, entry) {
	const own = name === '' ? entry.devDependencies : {};
	return Object.keys({ ...entry.dependencies, ...entry.optionalDependencies, ...own });
}

const faults = [];
for (const [name, entry] of Object.entries(packages)) {
	for (const wanted of neededBy(name, entry)) {
		if (!resolves(name, wanted)) faults.push(`no entry: ${name || 'the project'} -> ${wanted}`);
	}
	if (name !== '' && !entry.link && !entry.integrity) faults.push(`no integrity: ${name}`);
	if (entry.resolved) faults.push(`names a host: ${name}`);
}
for (const fault of faults) console.error(fault);
if (faults.length > 0) process.exit(1);
console.log(`package-lock.json: ${Object.keys(packages).length - 1} packages, all complete`);
