// Calls between two NATs: without a TURN server there is no path, and with one
// every pair of browsers talks.
//
//   node nat-soak.mjs

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Browser } from './browser.mjs';
import { Lab } from './lab.mjs';
import { NatNetwork, iceServers } from './nat.mjs';
import { Network } from './network.mjs';
import { Person, connect, hangUp } from './person.mjs';

const impossible = await Network.impossible();
if (impossible) throw new Error(impossible);

/** @type {import('./browser.mjs').Kind[]} */
const kinds = ['firefox', 'chromium'];

await between('chromium', 'firefox', iceServers.stun, async (caller, callee) => {
  await caller.call(await callee.card());
  await callee.press('Answer');
  await Promise.all([caller, callee].map((person) => person.sees('Call ended The two browsers found no way to each other.', 60_000)));
  console.log('chromium to firefox, STUN alone: no way, as it should be');
});
for (const callerKind of kinds) for (const calleeKind of kinds) {
  await between(callerKind, calleeKind, iceServers.turn, async (caller, callee) => {
    const start = performance.now();
    await connect(caller, callee, await callee.card());
    const took = performance.now() - start;
    await caller.says('by way of TURN');
    await callee.hears('by way of TURN');
    await callee.says('and back');
    await caller.hears('and back');
    await Promise.all([caller, callee].map((person) => person.readsAnywhere('Indirect')));
    await hangUp(caller, callee);
    console.log(`${callerKind} to ${calleeKind}, TURN: connected after ${took.toFixed(0)} ms, a person's answer included`);
  });
}

/** Two people behind NATs, for as long as f takes.
 * @param {import('./browser.mjs').Kind} callerKind @param {import('./browser.mjs').Kind} calleeKind
 * @param {unknown} servers @param {(caller: Person, callee: Person) => Promise<void>} f */
async function between(callerKind, calleeKind, servers, f) {
  const folder = await mkdtemp(join(tmpdir(), 'pushcall-nat-'));
  const config = join(folder, 'config.json');
  await writeFile(config, JSON.stringify({ relays: ['relay'], iceServers: servers }));
  const lab = await Lab.start('--config', config);
  /** @type {Browser[]} */ const browsers = [];
  /** @type {Network | undefined} */ let network;
  try {
    network = await NatNetwork.start(lab);
    for (const [i, kind] of [callerKind, calleeKind].entries()) browsers.push(await Browser.start(kind, lab, { place: network.places[i] }));
    const [caller, callee] = await Promise.all(browsers.map((browser) => Person.open(browser, lab.page)));
    await f(caller, callee);
    assert.ok((await lab.messages()).length <= 5, 'push messages');
  } finally {
    await Promise.all(browsers.map((browser) => browser.stop()));
    await network?.stop();
    await lab.stop();
    await rm(folder, { recursive: true });
  }
}
