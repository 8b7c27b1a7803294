// Hosts that are not Pushcall's own: a plain static one for the page, and a
// push service that answers as it is told.

import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';

const site = fileURLToPath(new URL('../build/site/', import.meta.url));
/** @type {Record<string, string>} */
const types = {
  '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.wasm': 'application/wasm', '.json': 'application/json',
  '.svg': 'image/svg+xml', '.png': 'image/png', '.webmanifest': 'application/manifest+json',
};

/** @param {import('node:http').RequestListener} listener */
async function listen(listener) {
  const server = createServer(listener);
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return {
    port,
    stop: () => new Promise((resolve) => { server.close(resolve); server.closeAllConnections(); }),
  };
}

/** Serves the built page below /page/, and has no relay. */
export async function staticHost() {
  const host = await listen(async (request, response) => {
    const path = (request.url ?? '').replace(/^\/page\//, '').replace(/\?.*/, '') || 'index.html';
    try {
      if (request.method !== 'GET' || path.includes('..')) throw new Error('not a file');
      const file = await readFile(site + path);
      response.writeHead(200, { 'Content-Type': types[extname(path)] ?? 'application/octet-stream' }).end(file);
    } catch {
      response.writeHead(404).end('not found');
    }
  });
  return { ...host, page: `http://localhost:${host.port}/page/` };
}

/** Answers every message with one status, and lets pages read it.
 * @param {number} status @param {Record<string, string>} [headers] */
export async function pushService(status, headers = {}) {
  const host = await listen((request, response) => {
    const cors = { 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Headers': request.headers['access-control-request-headers'] ?? '*',
      'Access-Control-Expose-Headers': 'Retry-After' };
    request.resume().on('end', () => response.writeHead(request.method === 'OPTIONS' ? 204 : status, { ...cors, ...headers }).end());
  });
  return { ...host, endpoint: `http://127.0.0.1:${host.port}/push` };
}
