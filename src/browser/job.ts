import { verifier as words } from '../texts/chosen.ts';
import type { Answer, Job } from './messages.ts';
import { fetchProgram, startProgram } from './program.ts';

type Outcome = Exclude<Answer, { kind: 'progress' }>;
type Progress = (answer: Extract<Answer, { kind: 'progress' }>) => void;

/** The verifier's program: null where it cannot be had. */
export type Program = () => Promise<string | null>;

/** The program that the page carries, or the one it names, fetched only when a job needs it. */
export function programOf(page: Document): Program {
	const inside = page.getElementById('verifier-program');
	const { program = '', integrity = '' } = page.getElementById('verify')?.dataset ?? {};
	return async () => inside?.textContent ?? fetchProgram({ address: program, integrity });
}

let stopRunning = () => {};

/** Ends the job that runs, if one does. */
export function stopJob(): void {
	stopRunning();
}

/** Runs one job in a worker made for it, which is ended whatever comes of it; null where it was stopped. */
export async function runJob(
	program: Program,
	job: Job,
	progress: Progress,
): Promise<Outcome | null> {
	stopJob();
	let stopped = false;
	stopRunning = () => {
		stopped = true;
	};
	progress({ kind: 'progress', text: words.progress.loading, done: 0, total: 1 });
	const code = await program();
	if (stopped) return null;
	if (code === null) return { kind: 'stopped', text: words.unavailable };
	const { worker, end } = startProgram(code);
	try {
		return await new Promise<Outcome | null>((resolve) => {
			stopRunning = () => resolve(null);
			worker.addEventListener('message', ({ data }: MessageEvent<Answer>) => {
				if (data.kind === 'progress') progress(data);
				else resolve(data);
			});
			worker.addEventListener('error', ({ message }) =>
				resolve({ kind: 'stopped', text: words.stumbled(message) }),
			);
			worker.postMessage(job);
		});
	} finally {
		end();
	}
}
