const RULES = [
	"default-src 'none'",
	"style-src 'self'",
	"img-src 'self' data:",
	"font-src 'self'",
	"base-uri 'none'",
	"form-action 'none'",
];

/** The policy of every page without scripts (docs/architecture.md). */
export const CONTENT_SECURITY_POLICY = RULES.join('; ');

/** The policy of a page that has scripts: exactly these, by their digests, and what they may reach. */
export function policyWithPrograms(hashes: readonly string[], more: readonly string[]): string {
	const scripts = `script-src ${hashes.map((hash) => `'${hash}'`).join(' ')}`;
	return [...RULES, scripts, ...more].join('; ');
}

/** The policy of the saved verifier: what it carries itself, and no network at all. */
export function policyOfSaved(script: string, style: string): string {
	return [
		"default-src 'none'",
		`script-src '${script}'`,
		`style-src '${style}'`,
		'worker-src blob:',
		"base-uri 'none'",
		"form-action 'none'",
	].join('; ');
}
