import './globals.ts';
import { version } from '../../package.json';
import { parseCheckpoint } from '../core/evidence/checkpoint.ts';
import { historyReader } from '../core/history/reader.ts';
import { treeAt } from '../core/history/tree-at.ts';
import { digestsOf } from '../core/verification/digests.ts';
import type { Tree } from '../core/verification/evidence.ts';
import { formatReport } from '../core/verification/report-json.ts';
import { type VerificationRequest, verify } from '../core/verification/verify.ts';
import { checks, verifier } from '../texts/en.ts';
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
		post({ kind: 'stopped', text: error instanceof Error ? error.message : String(error) });
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

async function answer(job: Job): Promise<Answer> {
	const report = reporter();
	const milliseconds: Record<string, number> = {};
	const timed = async <Value>(name: string, work: () => Promise<Value>) => {
		const start = performance.now();
		const value = await work();
		milliseconds[name] = performance.now() - start;
		return value;
	};
	const { progress } = verifier;
	const reading = (done: number, total: number) => report(progress.reading, done, total);
	const git = await timed('objects', () => openSource(job.source, reading));
	report(progress.files, 0, 1);
	const tree: Tree = git.ok
		? await timed('files', () => treeAt(historyReader(git.value), git.value.head))
		: { files: new Map(), irregular: [], unavailable: [] };
	const noted = job.checkpoint === null ? null : parseCheckpoint(job.checkpoint);
	const common = {
		pin: job.pin === '' ? null : job.pin,
		progress: (check, done, total) => report(checks[check], done, total),
		...(noted !== null && { checkpoint: noted }),
	} satisfies Partial<VerificationRequest>;
	const request = job.attempt === null ? { ...common, git } : common;
	const copy = job.attempt === null ? tree : await attempted(tree, job.attempt);
	const digests = await timed('digests', () => digestsOf(copy, webHash));
	const result = await timed('checks', () => verify({ ...request, tree: copy, digests }));
	return {
		kind: 'report',
		view: viewOf(result, version),
		json: formatReport(result, { name: 'wattproof', version }),
		sheets: sheetsOf(tree),
		milliseconds,
	};
}
