// Fails when a package-lock.json lacks a platform, an integrity hash, or names a host. npm leaves out
// without a word what a registry does not offer, and then an install elsewhere is broken.

const fs = require('node:fs');
const path = require('node:path');

const LOCKS = ['package-lock.json', 'tests/bench/package-lock.json'];

function faultsOf(packages) {
	// Returns whether Node, asked from inside `from`, would find an entry for `name`.
	function resolves(from, name) {
		for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/')))) {
			if (packages[path.posix.join(folder, 'node_modules', name)]) return true;
			if (folder === '') return false;
		}
	}

	const faults = [];
	for (const [name, entry] of Object.entries(packages)) {
		const own = name === '' ? entry.devDependencies : {};
		const needed = { ...entry.dependencies, ...entry.optionalDependencies, ...own };
		for (const wanted of Object.keys(needed)) {
			if (!resolves(name, wanted)) faults.push(`no entry: ${name || 'the project'} -> ${wanted}`);
		}
		if (name !== '' && !entry.link && !entry.integrity) faults.push(`no integrity: ${name}`);
		if (entry.resolved) faults.push(`names a host: ${name}`);
	}
	return faults;
}

for (const lock of LOCKS) {
	const file = path.join(__dirname, '..', lock);
	const packages = JSON.parse(fs.readFileSync(file, 'utf8')).packages;
	const faults = faultsOf(packages);
	for (const fault of faults) console.error(`${lock}: ${fault}`);
	if (faults.length > 0) process.exitCode = 1;
	else console.log(`${lock}: ${Object.keys(packages).length - 1} packages, all complete`);
}
