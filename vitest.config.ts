import { readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

declare module 'vitest' {
	interface ProvidedContext {
		/** True in mode full: more cases, larger inputs, and the programs of others. */
		full: boolean;
	}
}

// Long as a whole: `npm test` has samples of the same beside them.
const LONG = [
	'tests/history/command.test.ts',
	'tests/core/exhaustion.test.ts',
	'tests/e2e/lighthouse.test.ts',
	'tests/e2e/verify-trial.test.ts',
	'tests/e2e/real-data.test.ts',
	'tests/e2e/submit-exports.test.ts',
];

// No test has a time limit to meet: these only end what hangs, on the slowest machine too.
const patient = { testTimeout: 1_800_000, hookTimeout: 180_000 };

/** GitHub's own packages name maps of sources that they do not bring: a warning for each file. */
const withoutMaps = {
	name: 'without-maps',
	load: (id: string) =>
		/\/@actions\/.*\.js$/.test(id)
			? readFileSync(id, 'utf8').replace(/^\/\/# sourceMappingURL=.*$/m, '')
			: null,
};

export default defineConfig(({ mode }) => {
	const full = mode === 'full';
	const unit = {
		extends: true as const,
		test: {
			...patient,
			name: 'unit',
			environment: 'node',
			include: ['tests/**/*.test.ts'],
			exclude: ['tests/e2e/**', 'tests/full/**', ...(full ? [] : LONG)],
			benchmark: { include: ['tests/bench/**/*.bench.ts'] },
		},
	};
	const e2e = {
		extends: true as const,
		test: {
			name: 'e2e',
			environment: 'node',
			include: ['tests/e2e/**/*.test.ts'],
			exclude: full ? [] : LONG,
			benchmark: { include: [] },
			globalSetup: ['tests/support/build-site.ts', 'tests/support/evidence.ts'],
			testTimeout: 60_000,
			hookTimeout: 180_000,
		},
	};
	const others = {
		extends: true as const,
		test: {
			...patient,
			name: 'full',
			environment: 'node',
			include: ['tests/full/**/*.test.ts'],
			benchmark: { include: [] },
		},
	};
	return {
		plugins: [withoutMaps],
		test: {
			provide: { full },
			maxWorkers: '100%',
			// GitHub's own packages import JSON as only a bundler does.
			server: { deps: { inline: [/@actions\//] } },
			reporters: ['default', './tests/support/summary-reporter.ts'],
			projects: full ? [unit, e2e, others] : [unit, e2e],
		},
	};
});
