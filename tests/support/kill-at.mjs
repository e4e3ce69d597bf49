// Preloaded into a child process: kills it right before its n-th change of the file system
// (KILL_AT=n), lets it and all later ones fail as on a full disk (FAIL_AT=n), or counts the changes into
// KILL_COUNT. The program knows nothing of it.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const killAt = Number(process.env.KILL_AT ?? 0);
const failAt = Number(process.env.FAIL_AT ?? 0);
const write = fs.writeFileSync;
let changes = 0;
for (const name of ['renameSync', 'linkSync', 'rmSync', 'mkdirSync', 'writeFileSync']) {
	const original = fs[name];
	fs[name] = (...args) => {
		changes++;
		if (changes === killAt) process.kill(process.pid, 'SIGKILL');
		if (failAt > 0 && changes >= failAt && name !== 'rmSync') {
			const error = new Error('ENOSPC: no space left on device');
			throw Object.assign(error, { code: 'ENOSPC', syscall: 'write' });
		}
		return original(...args);
	};
}
syncBuiltinESMExports();
process.once('exit', () => {
	if (process.env.KILL_COUNT) write(process.env.KILL_COUNT, String(changes));
});
