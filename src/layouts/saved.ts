import { experimental_AstroContainer as AstroContainer } from 'astro/container';
import Saved from '../components/Saved.astro';

let made: Promise<string> | null = null;

/** The verifier as one file without a network: the same bytes for the same sources and settings. */
export function savedVerifier(): Promise<string> {
	made ??= AstroContainer.create().then((container) =>
		container.renderToString(Saved, { partial: false }),
	);
	return made;
}
