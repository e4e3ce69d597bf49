import { digest } from '../../../src/core/format/bytes.ts';
import { rootPath } from '../../../src/core/paths.ts';
import { verify } from '../../../src/core/verification/verify.ts';
import { pick } from './data.ts';
import type { History } from './history.ts';

/** Throws unless the verifier says exactly what is true of the log as it stands. */
export async function check(history: History): Promise<void> {
	const { next, keeper, roots, accounts, missing, newest, sequence } = history;
	const files = keeper.files();
	const version = pick(next, roots).version;
	const pin = next(4) === 0 ? null : digest(files.get(rootPath(version)) ?? new Uint8Array());
	const report = await verify({ tree: { files, irregular: [], unavailable: [] }, pin });
	const waiting = missing.length > 0 ? 'PENDING' : pin === null ? 'UNCONFIRMED' : 'VALID';
	const expected = [
		...missing.map((role) => {
			const folder = `settlements/${newest.period}/r${newest.run}`;
			return `approval-missing ${folder}/approvals/${role}.asc`;
		}),
		...[...accounts].flatMap(([period, { run, reason }]) =>
			reason === null ? [] : [`correction-open data/${period}/r${run + 1}`],
		),
		...(sequence === 0 ? ['log-empty settlements'] : []),
	].toSorted();
	const said = [report.verdict, ...report.findings.map((it) => `${it.code} ${it.path}`).toSorted()];
	const truth = [sequence === 0 ? 'INCOMPLETE' : waiting, ...expected];
	history.verifications++;
	if (said.join('\n') !== truth.join('\n') || report.runs.length !== sequence) {
		throw new Error(`said:\n${said.join('\n')}\ntruth:\n${truth.join('\n')}`);
	}
}
