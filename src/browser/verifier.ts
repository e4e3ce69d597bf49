import './globals.ts';
import { version } from '../../package.json';
import { parseCheckpoint } from '../core/evidence/checkpoint.ts';
import { historyReader } from '../core/history/reader.ts';
import { treeAt } from '../core/history/tree-at.ts';
import { digestsOf } from '../core/verification/digests.ts';
import type { FindOriginal, Tree } from '../core/verification/evidence.ts';
import { formatReport } from '../core/verification/report-json.ts';
import { type VerificationRequest, verify } from '../core/verification/verify.ts';
import { checks, verifier } from '../texts/chosen.ts';
import { periodTimeOf } from '../zones/period-time.ts';
import { webHash } from './hash.ts';
import type { Answer, Job } from './messages.ts';
import { attempted, sheetsOf } from './sandbox.ts';
import { openSource } from './sources.ts';
import { viewOf } from './view.ts';

/** The verifier in a worker of its own: one job, one answer, and the page ends it. */
self.addEventListener('message', async ({ data }: MessageEvent<Job>) => {
	try {
		post(await answer(data));
	} catch (error) {
		const text = error instanceof Error ? error.message : String(error);
		post({ kind: 'stopped', text: verifier.stumbled(text) });
	}
});

function post(answer: Answer): void {
	postMessage(answer);
}

/** As often as an eye can follow. */
const SHOWN_MS = 80;

function reporter() {
	let last = 0;
	return (text: string, done: number, total: number) => {
		const now = performance.now();
		if (now - last < SHOWN_MS && done > 0) return;
		last = now;
		post({ kind: 'progress', text, done, total });
	};
}

/** What each part of the work takes, parts that return added up. */
function stopwatch() {
	const milliseconds: Record<string, number> = {};
	let part = 'objects';
	let since = performance.now();
	const begin = (next: string) => {
		const now = performance.now();
		milliseconds[part] = (milliseconds[part] ?? 0) + now - since;
		part = next;
		since = now;
	};
	return { milliseconds, begin };
}

async function answer(job: Job): Promise<Answer> {
	const report = reporter();
	const { milliseconds, begin } = stopwatch();
	const { progress } = verifier;
	const reading = (done: number, total: number) => report(progress.reading, done, total);
	const git = await openSource(job.source, reading);
	begin('files');
	report(progress.files, 0, 1);
	const tree: Tree = git.ok
		? await treeAt(historyReader(git.value), git.value.head)
		: { files: new Map(), irregular: [], unavailable: [] };
	const noted = job.checkpoint === null ? null : parseCheckpoint(job.checkpoint);
	const common = {
		pin: job.pin === '' ? null : job.pin,
		timeOf: periodTimeOf,
		progress: (check, done, total) => {
			begin(check);
			report(checks[check], done, total);
		},
		...(noted !== null && { checkpoint: noted }),
	} satisfies Partial<VerificationRequest>;
	const untouched: FindOriginal = async (path) => tree.files.get(path);
	const request = job.attempt === null ? { ...common, git } : { ...common, original: untouched };
	const copy = job.attempt === null ? tree : await attempted(tree, job.attempt);
	begin('digests');
	const digests = await digestsOf(copy, webHash);
	begin('evidence');
	const result = await verify({ ...request, tree: copy, digests });
	begin('report');
	const view = viewOf(result, version);
	const json = formatReport(result, { name: 'wattproof', version });
	const sheets = sheetsOf(tree);
	begin('');
	return { kind: 'report', view, json, sheets, milliseconds };
}
