import type { APIRoute } from 'astro';
import { files, published, settings } from '../layouts/site.ts';
import { formatDataPackage } from '../node/downloads/data-package.ts';

const descriptor = formatDataPackage(files, published, settings.organization);

/** A data package without a resource is none: before the first run there is no such file. */
export function getStaticPaths() {
	return descriptor === null ? [] : [{ params: { file: 'datapackage' } }];
}

export const GET: APIRoute = () => {
	const body = new Uint8Array(descriptor ?? []);
	return new Response(body, { headers: { 'content-type': 'application/json' } });
};
