import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, resolve, sep } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
	'.asc': 'text/plain; charset=utf-8',
	'.css': 'text/css; charset=utf-8',
	'.csv': 'text/csv; charset=utf-8',
	'.html': 'text/html; charset=utf-8',
	'.ico': 'image/x-icon',
	'.js': 'text/javascript; charset=utf-8',
	'.json': 'application/json',
	'.jsonl': 'application/jsonl; charset=utf-8',
	'.md': 'text/markdown; charset=utf-8',
	'.mjs': 'text/javascript; charset=utf-8',
	'.png': 'image/png',
	'.svg': 'image/svg+xml',
	'.txt': 'text/plain; charset=utf-8',
	'.webmanifest': 'application/manifest+json',
	'.woff2': 'font/woff2',
	'.xml': 'application/xml',
	'.zip': 'application/zip',
};

export interface StaticServer {
	/** Where the site begins, with its base path and a final slash. */
	readonly url: string;
	/** What was asked for, in order: paths below the base path. */
	readonly requests: string[];
	close(): Promise<void>;
}

/**
 * Serves a folder on the loopback address as a static host does, under `base` and nowhere else;
 * `instead` are files, by path, that are other ones or not in the folder.
 */
export async function serve(
	folder: string,
	base = '/',
	instead: ReadonlyMap<string, Uint8Array> = new Map(),
): Promise<StaticServer> {
	const root = resolve(folder);
	const requests: string[] = [];
	const prefix = `/${base}/`.replaceAll(/\/+/g, '/');

	async function find(path: string): Promise<{ file: string; body: Uint8Array } | undefined> {
		if (!path.startsWith(prefix)) return undefined;
		const wanted = path.slice(prefix.length);
		requests.push(wanted);
		const other = instead.get(wanted);
		if (other !== undefined) return { file: wanted, body: other };
		const file = resolve(
			root,
			wanted === '' || wanted.endsWith('/') ? `${wanted}index.html` : wanted,
		);
		if (!file.startsWith(root + sep)) return undefined;
		return readFile(file).then(
			(body) => ({ file, body }),
			() => undefined, // absent, or a folder asked for without its slash
		);
	}

	const server = createServer(async (request, response) => {
		try {
			const path = decodeURIComponent(new URL(request.url ?? '/', 'http://site').pathname);
			const found = await find(path);
			const body =
				found?.body ?? (await readFile(join(root, '404.html')).catch(() => 'Not found\n'));
			const type = TYPES[found ? extname(found.file) : '.html'] ?? 'application/octet-stream';
			response.writeHead(found ? 200 : 404, { 'content-type': type, 'cache-control': 'no-store' });
			response.end(request.method === 'HEAD' ? undefined : body);
		} catch {
			response.writeHead(400).end(); // a path that is no valid text
		}
	});
	await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
	const { port } = server.address() as AddressInfo;
	return {
		url: `http://127.0.0.1:${port}${prefix}`,
		requests,
		close: () =>
			new Promise((done) => {
				server.close(() => done());
				server.closeAllConnections(); // a browser keeps its own open
			}),
	};
}
