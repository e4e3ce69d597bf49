import { verifier as words } from '../texts/en.ts';
import type { Answer, Job } from './messages.ts';

type Outcome = Exclude<Answer, { kind: 'progress' }>;
type Progress = (answer: Extract<Answer, { kind: 'progress' }>) => void;

/** Where the verifier's program is: inside the page, or at an address with its digest. */
export interface Program {
	readonly code: () => Promise<string>;
}

/** The program that the page carries, or the one it names, fetched only now and held to its digest. */
export function programOf(page: Document): Program {
	const inside = page.getElementById('verifier-program');
	const address = page.body.querySelector('[data-program]')?.getAttribute('data-program') ?? '';
	const integrity = page.body.querySelector('[data-program]')?.getAttribute('data-integrity') ?? '';
	const code = async () => {
		if (inside !== null) return inside.textContent ?? '';
		const response = await fetch(address, { integrity });
		if (!response.ok) throw new Error(String(response.status));
		return response.text();
	};
	return { code };
}

let running: { readonly worker: Worker; readonly stop: () => void } | null = null;

/** Ends the job that runs, if one does. */
export function stopJob(): void {
	running?.stop();
}

/** Runs one job in a worker made for it, which is ended whatever comes of it. */
export async function runJob(
	program: Program,
	job: Job,
	progress: Progress,
): Promise<Outcome | null> {
	stopJob();
	let address = '';
	try {
		progress({ kind: 'progress', text: words.progress.loading, done: 0, total: 1 });
		const code = await program.code().catch(() => null);
		if (code === null) return { kind: 'stopped', text: words.unavailable };
		address = URL.createObjectURL(new Blob([code], { type: 'text/javascript' }));
		const worker = new Worker(address);
		return await new Promise<Outcome | null>((resolve) => {
			running = { worker, stop: () => resolve(null) };
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
		running?.worker.terminate();
		running = null;
		if (address !== '') URL.revokeObjectURL(address);
	}
}
