// Hosts other than `pushcall serve`: a plain static host for the page, and a push
// service with a fixed answer.

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
  let build = ''; // what is added to the service worker's name for it
  const host = await listen(async (request, response) => {
    const path = (request.url ?? '').replace(/^\/page\//, '').replace(/\?.*/, '') || 'index.html';
    try {
      if (request.method !== 'GET' || path.includes('..')) throw new Error('not a file');
      let file = await readFile(site + path);
      if (path === 'service-worker.js') file = Buffer.from(String(file).replace(/(?<=^const CACHE = .*)`;/m, `${build}\`;`));
      response.writeHead(200, { 'Content-Type': types[extname(path)] ?? 'application/octet-stream' }).end(file);
    } catch {
      response.writeHead(404).end('not found');
    }
  });
  return { ...host, page: `http://localhost:${host.port}/page/`, /** Serves a newer build from now on. */ renew: () => { build += '-newer'; } };
}

/** Runs a push service that answers every message with one status, readable for pages.
 * @param {number} status @param {Record<string, string>} [headers] */
export async function pushService(status, headers = {}) {
  const host = await listen((request, response) => {
    const cors = { 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Headers': request.headers['access-control-request-headers'] ?? '*',
      'Access-Control-Expose-Headers': 'Retry-After' };
    request.resume().on('end', () => response.writeHead(request.method === 'OPTIONS' ? 204 : status, { ...cors, ...headers }).end());
  });
  return { ...host, endpoint: `http://127.0.0.1:${host.port}/push` };
}

/**
 * Serves the built page below a path, as a host does that follows its _headers file and has the compressed twins; browsers
 * report what its policy forbids. The relay beside it hands on to another.
 * @param {string} relay @param {object} [options]
 * @param {boolean} [options.local] as the lab does it, for push services on this machine
 * @param {unknown} [options.config] in place of web/config.json
 */
export async function distHost(relay, { local = false, config } = {}) {
  const rules = readRules(await readFile(`${site}_headers`, 'utf8'));
  /** @type {string[]} what browsers have reported */
  const violations = [];
  let carried = 0; // messages
  let relays = true; // the relay runs
  const host = await listen(async (request, response) => {
    const path = (request.url ?? '').replace(/^\/some\/where\//, '').replace(/\?.*/, '');
    if (path === 'relay') {
      if (!relays) return response.writeHead(502).end();
      if (request.method === 'POST') carried++; // not when the page looks whether the relay answers
      return handOn(request, response, relay);
    }
    if (path === 'violations') {
      for await (const text of request) violations.push(String(text));
      return response.writeHead(204).end();
    }
    const headers = { ...rules.get('/*'), ...rules.get(`/${path}`) };
    if (local) headers['Content-Security-Policy'] = headers['Content-Security-Policy'].replace('https:', 'https: http://127.0.0.1:* http://localhost:*');
    headers['Content-Security-Policy'] += '; report-uri /some/where/violations';
    if (config && path === 'web/config.json') return response.writeHead(200, headers).end(JSON.stringify(config));
    const file = site + (path || 'index.html');
    try {
      if (request.method !== 'GET' || path.includes('..') || !request.url?.startsWith('/some/where/')) throw new Error('not a file');
      const twin = /\bbr\b/.test(String(request.headers['accept-encoding'])) ? await readFile(`${file}.br`).catch(() => undefined) : undefined;
      response.writeHead(200, { ...headers, ...twin && { 'Content-Encoding': 'br' } }).end(twin ?? await readFile(file));
    } catch {
      response.writeHead(404, headers).end('not found');
    }
  });
  return { ...host, page: `http://localhost:${host.port}/some/where/`, violations, carried: () => carried, setRelay: (/** @type {boolean} */ on) => { relays = on; } };
}

/** The rules of a _headers file by path. @param {string} text */
function readRules(text) {
  /** @type {Map<string, Record<string, string>>} */
  const rules = new Map();
  /** @type {Record<string, string>} */
  let rule = {};
  for (const line of text.trimEnd().split('\n')) {
    const [, name, value] = /^ +([^:]+): (.*)$/.exec(line) ?? [];
    if (name) rule[name] = value;
    else rules.set(line, rule = {});
  }
  return rules;
}

/** @param {import('node:http').IncomingMessage} request @param {import('node:http').ServerResponse} response @param {string} to */
async function handOn(request, response, to) {
  const body = [];
  for await (const piece of request) body.push(piece);
  const { host, connection, 'content-length': _, ...headers } = /** @type {Record<string, string>} */ (request.headers);
  const answer = await fetch(to, { method: request.method ?? 'POST', headers, body: Buffer.concat(body) });
  response.writeHead(answer.status, Object.fromEntries(answer.headers)).end();
}
