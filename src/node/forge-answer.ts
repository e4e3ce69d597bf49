import { spawnSync } from 'node:child_process';

/** What a forge answers to a question: a value, that there is none, or why it does not say. */
export type ForgeAnswer =
	| { readonly state: 'there'; readonly value: unknown }
	| { readonly state: 'absent' }
	| { readonly state: 'silent'; readonly reason: string };

/** Asks the API of a forge for a path, such as `repos/north/energy/pages`, on a host. */
export type AskForge = (host: string, path: string) => ForgeAnswer;

/** By GitHub's own command line, as whoever is logged in there. */
export const askGitHub: AskForge = (host, path) => {
	const words = ['api', '--hostname', host, '--method', 'GET', path];
	const { status, stdout, stderr, error } = spawnSync('gh', words, { encoding: 'utf8' });
	if (error !== undefined) return { state: 'silent', reason: 'the program gh is not installed' };
	if (status === 0) {
		try {
			return { state: 'there', value: JSON.parse(stdout) };
		} catch {
			return { state: 'silent', reason: 'gh printed no JSON' };
		}
	}
	const [reason = ''] = stderr.trim().split('\n');
	if (/\(HTTP 404\)/.test(stderr)) return { state: 'absent' };
	return { state: 'silent', reason: reason.slice(0, 200) || `gh ended with ${status}` };
};
