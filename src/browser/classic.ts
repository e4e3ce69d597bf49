import { fault, type GitResult } from '../core/git/object.ts';
import { type GitEvidence, openTransferred } from '../core/git/repository.ts';
import { webHash } from './hash.ts';
import { fetchProgram, type ProgramAddress, startProgram } from './program.ts';

/** What the program for older servers says. */
export type ClassicAnswer =
	| { readonly kind: 'progress'; readonly size: number }
	| {
			readonly kind: 'pack';
			readonly pack: Uint8Array;
			readonly branch: string;
			readonly head: string;
	  }
	| { readonly kind: 'no-branch'; readonly refs: string }
	| { readonly kind: 'failed'; readonly text: string };

type Settled = Exclude<ClassicAnswer, { kind: 'progress' }>;

/** A repository's main branch from a server that speaks only the older protocols. */
export async function fetchClassic(
	address: string,
	program: ProgramAddress,
	progress: (done: number, total: number) => void,
): Promise<GitResult<GitEvidence>> {
	const code = await fetchProgram(program);
	if (code === null) return fault('unreadable', program.address);
	const answered = await askProgram(code, address, progress);
	switch (answered.kind) {
		case 'no-branch':
			return fault('branch-unknown', answered.refs);
		case 'failed':
			return fault('unreadable', `${address} ${answered.text}`);
		case 'pack': {
			const { pack, branch, head } = answered;
			return openTransferred(pack, { format: 'sha1', branch, head }, { hash: webHash, progress });
		}
	}
}

async function askProgram(
	code: string,
	address: string,
	progress: (done: number, total: number) => void,
): Promise<Settled> {
	const { worker, end } = startProgram(code);
	try {
		return await new Promise<Settled>((resolve) => {
			worker.addEventListener('message', ({ data }: MessageEvent<ClassicAnswer>) => {
				if (data.kind === 'progress') progress(data.size, 0);
				else resolve(data);
			});
			worker.addEventListener('error', ({ message }) => resolve({ kind: 'failed', text: message }));
			worker.postMessage(address);
		});
	} finally {
		end();
	}
}
