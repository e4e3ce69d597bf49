/** The policy of every page without scripts (docs/architecture.md). */
export const CONTENT_SECURITY_POLICY = [
	"default-src 'none'",
	"style-src 'self'",
	"img-src 'self' data:",
	"font-src 'self'",
	"base-uri 'none'",
	"form-action 'none'",
].join('; ');
