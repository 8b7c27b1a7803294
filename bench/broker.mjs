// Runs PeerJS's broker in its own process, because it cannot be stopped. Prints its
// port. An offer waits a minute there for its callee's page.

import { createRequire } from 'node:module';

const { PeerServer } = createRequire(import.meta.url)('peer');
PeerServer({ port: 0, host: 'localhost', path: '/', expire_timeout: 60_000 }, (/** @type {import('node:http').Server} */ server) => {
  console.log(/** @type {import('node:net').AddressInfo} */ (server.address()).port);
});
