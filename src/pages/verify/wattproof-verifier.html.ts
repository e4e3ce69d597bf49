import { savedVerifier } from '../../layouts/saved.ts';

/** The verifier as one file, to be kept and opened from one's own disk. */
export async function GET(): Promise<Response> {
	return new Response(await savedVerifier());
}
