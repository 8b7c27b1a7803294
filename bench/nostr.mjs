// A minimal Nostr relay (NIP-01): it sends events to the subscribers of their kind
// and topic, and stores none.

import { once } from 'node:events';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';

/** @typedef {{kinds: number[], '#x': string[]}} Filter
 * @typedef {{id: string, kind: number, tags: string[][]}} Event
 * @typedef {{send: (text: string) => void, on: (event: string, f: (data: unknown) => void) => void}} Socket */

/** Starts one on a port of this machine. @returns {Promise<import('node:http').Server>} */
export async function startNostr() {
  const { WebSocketServer } = createRequire(import.meta.url)('ws');
  const http = createServer();
  const server = new WebSocketServer({ server: http });
  /** @type {Map<Socket, Map<string, Filter[]>>} */ const asked = new Map();

  /** @param {Event} event */
  function publish(event) {
    const topics = event.tags.filter(([name]) => name === 'x').map(([, topic]) => topic);
    for (const [socket, subscriptions] of asked) {
      for (const [name, filters] of subscriptions) {
        const wanted = filters.some((filter) => filter.kinds.includes(event.kind) && filter['#x'].some((topic) => topics.includes(topic)));
        if (wanted) socket.send(JSON.stringify(['EVENT', name, event]));
      }
    }
  }

  server.on('connection', (/** @type {Socket} */ socket) => {
    /** @type {Map<string, Filter[]>} */ const subscriptions = new Map();
    asked.set(socket, subscriptions);
    socket.on('close', () => asked.delete(socket));
    socket.on('message', (data) => {
      const [type, first, ...filters] = JSON.parse(String(data));
      if (type === 'REQ') {
        subscriptions.set(first, filters);
        socket.send(JSON.stringify(['EOSE', first]));
      } else if (type === 'CLOSE') {
        subscriptions.delete(first);
      } else if (type === 'EVENT') {
        socket.send(JSON.stringify(['OK', first.id, true, '']));
        publish(first);
      }
    });
  });
  http.listen(0, 'localhost');
  await once(http, 'listening');
  return http;
}
