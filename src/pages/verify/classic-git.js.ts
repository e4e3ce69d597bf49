import { bundleOf } from '../../node/bundle.ts';

/** The part of the verifier for Git servers that speak only the older protocols. */
export async function GET(): Promise<Response> {
	return new Response((await bundleOf('classic-git.ts')).code);
}
