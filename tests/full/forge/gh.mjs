// Stands in for GitHub's command line: records what it is asked for, and knows its own issues. What
// the API says stands in a file, by path; of anything else it says what GitHub says: not found.
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';

const record = process.env.GH_RECORD;
const words = process.argv.slice(2);
const at = words.indexOf('--body-file');
const body = at < 0 ? null : readFileSync(words[at + 1], 'utf8');
const token = process.env.GH_TOKEN !== undefined;
const issue = `${record}.issue`;
appendFileSync(record, `${JSON.stringify({ words, body, token })}\n`);
if (words.slice(0, 2).join(' ') === 'issue create') writeFileSync(issue, '7\n');
if (words.slice(0, 2).join(' ') === 'issue list' && existsSync(issue)) console.log('7');
if (words[0] === 'api') {
	const answers = JSON.parse(readFileSync(process.env.GH_ANSWERS, 'utf8'));
	const { status = 404, value = { message: 'Not Found' } } = answers[words.at(-1)] ?? {};
	console.log(JSON.stringify(value));
	if (status !== 200) {
		console.error(`gh: ${value.message} (HTTP ${status})`);
		process.exitCode = 1;
	}
}
