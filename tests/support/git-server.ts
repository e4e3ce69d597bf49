import { spawn } from 'node:child_process';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How a server of Git repositories treats those who ask. */
export interface GitServerOptions {
	/** Answers pages of other sites. */
	readonly cors?: boolean;
	/** The headers that such a page may send. */
	readonly headers?: string;
	/** Understands `Git-Protocol: version=2`. */
	readonly version2?: boolean;
	/** Offers to leave out large files. */
	readonly filter?: boolean;
}

export interface GitServer {
	/** Address of the one repository. */
	readonly url: string;
	/** What was asked, in order, as `METHOD path`. */
	readonly requests: readonly string[];
	close(): Promise<void>;
}

const HEADERS = 'content-type, git-protocol';

/** Serves one repository on the loopback address by a real `git upload-pack`, over smart HTTP. */
export async function serveGit(dir: string, options: GitServerOptions = {}): Promise<GitServer> {
	const { cors = true, headers = HEADERS, version2 = true, filter = false } = options;
	const requests: string[] = [];

	const uploadPack = (request: IncomingMessage, response: ServerResponse, words: string[]) => {
		const asked = request.headers['git-protocol'];
		const git = spawn('git', ['upload-pack', '--stateless-rpc', ...words, dir], {
			env: {
				...process.env,
				GIT_CONFIG_GLOBAL: '/dev/null',
				GIT_CONFIG_NOSYSTEM: '1',
				GIT_CONFIG_COUNT: '2',
				GIT_CONFIG_KEY_0: 'uploadpack.allowFilter',
				GIT_CONFIG_VALUE_0: String(filter),
				GIT_CONFIG_KEY_1: 'uploadpack.allowAnySHA1InWant',
				GIT_CONFIG_VALUE_1: 'true',
				...(version2 && typeof asked === 'string' && { GIT_PROTOCOL: asked }),
			},
			stdio: ['pipe', 'pipe', 'ignore'],
		});
		git.stdout.pipe(response);
		// Nobody reads the rest of a request that git has refused.
		git.stdin.on('error', () => {});
		request.pipe(git.stdin);
		return asked === 'version=2' && version2;
	};

	const server = createServer((request, response) => {
		const { method = '', url = '' } = request;
		requests.push(`${method} ${url}`);
		if (cors) {
			response.setHeader('Access-Control-Allow-Origin', '*');
			response.setHeader('Access-Control-Allow-Headers', headers);
		}
		const { pathname, searchParams } = new URL(url, 'http://git');
		if (method === 'OPTIONS') response.writeHead(cors ? 204 : 405).end();
		else if (pathname === '/log.git/info/refs' && searchParams.get('service') !== null) {
			response.setHeader('Content-Type', 'application/x-git-upload-pack-advertisement');
			if (request.headers['git-protocol'] !== 'version=2' || !version2) {
				response.write('001e# service=git-upload-pack\n0000');
			}
			uploadPack(request, response, ['--advertise-refs']);
		} else if (method === 'POST' && pathname === '/log.git/git-upload-pack') {
			response.setHeader('Content-Type', 'application/x-git-upload-pack-result');
			uploadPack(request, response, []);
		} else response.writeHead(404).end();
	});
	await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
	const { port } = server.address() as AddressInfo;
	return {
		url: `http://127.0.0.1:${port}/log.git`,
		requests,
		close: () =>
			new Promise((done) => {
				server.close(() => done());
				server.closeAllConnections();
			}),
	};
}
