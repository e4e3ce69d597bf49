import { bundleOf } from '../../node/bundle.ts';

/** The verifier's program: fetched when somebody presses the button, and held to its digest. */
export async function GET(): Promise<Response> {
	return new Response((await bundleOf('verifier.ts')).code);
}
