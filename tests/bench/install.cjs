// Installs the packages that are only compared with, where they are not yet what the lockfile says.
// By the Node that runs this, which npm made the pinned one: for another, npm would leave parts out.

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const read = (file) => JSON.parse(fs.readFileSync(path.join(__dirname, file), 'utf8')).packages;

function isInstalled() {
	if (!fs.existsSync(path.join(__dirname, 'node_modules/.package-lock.json'))) return false;
	const [present, wanted] = [read('node_modules/.package-lock.json'), read('package-lock.json')];
	return Object.keys(wanted).every((name) => {
		if (name === '' || (!present[name] && wanted[name].optional)) return true;
		return present[name] && present[name].integrity === wanted[name].integrity;
	});
}

if (!isInstalled()) {
	const npm = process.env.npm_execpath;
	if (!npm) {
		console.error('The packages to compare with are not installed: run npm run bench:install.');
		process.exit(1);
	}
	// npm would take the folder of the project for this one's.
	const { npm_config_local_prefix, npm_config_prefix, ...env } = process.env;
	const run = spawnSync(process.execPath, [npm, 'ci', '--loglevel=error'], {
		cwd: __dirname,
		stdio: 'inherit',
		env,
	});
	process.exit(run.status === 0 ? 0 : 1);
}
