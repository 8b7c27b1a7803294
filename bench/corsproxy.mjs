// A minimal CORS proxy in Node, to compare with the relay. It forwards each POST to
// the service at PUSHCALL_BENCH_PROXY and ignores Push-Endpoint.

import { createServer } from 'node:http';
import { Agent, request } from 'node:https';
import { readFileSync } from 'node:fs';

const [host, port] = (process.env.PUSHCALL_BENCH_PROXY ?? '').split(':');
const agent = new Agent({ keepAlive: true, ca: readFileSync(process.env.SSL_CERT_FILE ?? '') });

const server = createServer((from, answer) => {
  const to = new URL(String(from.headers['push-endpoint']));
  const headers = { ...from.headers, host: to.host };
  const onwards = request({ agent, host, port, servername: to.hostname, path: to.pathname, method: from.method, headers }, (got) => {
    answer.writeHead(got.statusCode ?? 502, { ...got.headers, 'access-control-allow-origin': '*' });
    got.pipe(answer);
  });
  onwards.on('error', (error) => answer.writeHead(502).end(String(error)));
  from.pipe(onwards);
});
server.listen(0, '127.0.0.1', () => {
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  console.log(`http://127.0.0.1:${port}/`);
});
