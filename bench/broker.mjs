// PeerJS's broker as a process of its own, because it has no way to end. It
// prints its port.

import { createRequire } from 'node:module';

const { PeerServer } = createRequire(import.meta.url)('peer');
PeerServer({ port: 0, host: 'localhost', path: '/' }, (/** @type {import('node:http').Server} */ server) => {
  console.log(/** @type {import('node:net').AddressInfo} */ (server.address()).port);
});
