// Loaded into a program that is measured: tells at its end, on descriptor 3, what it took. Linux
// counts what its parent held into the peak of a program that was started; only its own status
// does not.

const { readFileSync, writeSync } = require('node:fs');

process.once('exit', () => {
	const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
	let peak_kib = maxRSS;
	try {
		peak_kib = Number(/^VmHWM:\s*([0-9]+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))[1]);
	} catch {
		// Another system: its own figure is right there.
	}
	writeSync(3, JSON.stringify({ cpu_ms: (userCPUTime + systemCPUTime) / 1000, peak_kib }));
});
