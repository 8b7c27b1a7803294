// Runs PeerJS's broker in its own process, because it cannot be stopped. Prints its
// port.

import { createRequire } from 'node:module';

const { PeerServer } = createRequire(import.meta.url)('peer');
PeerServer({ port: 0, host: 'localhost', path: '/' }, (/** @type {import('node:http').Server} */ server) => {
  console.log(/** @type {import('node:net').AddressInfo} */ (server.address()).port);
});
