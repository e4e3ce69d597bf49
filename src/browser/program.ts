/** Where a program is that is loaded when it is needed, and the digest that it is held to. */
export interface ProgramAddress {
	readonly address: string;
	/** `sha256-<base64>`. */
	readonly integrity: string;
}

/** The text of a program; null where it cannot be had, or is another one. */
export async function fetchProgram({ address, integrity }: ProgramAddress): Promise<string | null> {
	const response = await fetch(address, { integrity }).catch(() => null);
	return response?.ok ? response.text() : null;
}

/**
 * A worker that runs a program. Not by its address: a policy that stands in a page binds only such
 * workers as the page makes of its own data.
 */
export function startProgram(code: string): { readonly worker: Worker; readonly end: () => void } {
	const address = URL.createObjectURL(new Blob([code], { type: 'text/javascript' }));
	const worker = new Worker(address);
	const end = () => {
		worker.terminate();
		URL.revokeObjectURL(address);
	};
	return { worker, end };
}
