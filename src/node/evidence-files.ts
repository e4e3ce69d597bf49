/** Names of the bundles that a published site has beside its verifier, the smaller one first. */
export const EVIDENCE = ['evidence.bundle', 'evidence-full.bundle'] as const;

/** The bundles that this build is to be published with; none in a build for looking at. */
export function publishedEvidence(): readonly string[] {
	const made = (process.env['WATTPROOF_PUBLISH'] ?? '').split(' ');
	return EVIDENCE.filter((name) => made.includes(name));
}

/** The verifier as one file, beside the page that uses it. */
export const SAVED_VERIFIER = 'wattproof-verifier.html';

/** Digests of these files, beside them. */
export const CHECKSUMS = 'SHA256SUMS';
