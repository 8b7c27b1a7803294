// Messages to push services without CORS go through the first relay that works, and
// are retried when a relay asks to wait.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { distHost, pushService } from './hosts.mjs';
import { open, start } from './once.mjs';
import { Person, connect, hangUp } from './person.mjs';

/** Two people with Chromium at one page.
 * @param {import('node:test').TestContext} t @param {import('./lab.mjs').Lab} lab @param {string} address */
async function people(t, lab, address) {
  return Promise.all([0, 1].map(async () => Person.open(await open(t, 'chromium', lab, { origins: [new URL(address).origin] }), address)));
}

test('if the first relay is down, the second forwards', async (t) => {
  const lab = await start(t);
  const gone = await pushService(201);
  await gone.stop();
  const host = await distHost(`${lab.page}relay`, { local: true, config: { relays: [gone.endpoint, 'relay'] } });
  t.after(() => host.stop());
  const [caller, callee] = await people(t, lab, host.page);
  const card = await callee.card();

  const { endpoint } = JSON.parse(card);
  const direct = await caller.page.evaluate((address) => fetch(address, { method: 'POST', headers: { TTL: '30' } }).then(() => 'reached', () => 'not reached'), endpoint);
  assert.equal(direct, 'not reached', 'a service without CORS');

  await connect(caller, callee, card);
  await hangUp(caller, callee);
  assert.equal(host.carried(), 2, 'messages through the second relay');
  assert.equal((await lab.messages()).length, 2, 'push messages');
});

test('a rate-limited message is retried when the relay says, and the person is told', async (t) => {
  const wait = 8; // seconds from one message to the next
  const lab = await start(t, '--burst', '1', '--rate', String(1 / wait));
  const [caller, callee] = await people(t, lab, lab.page);
  const card = await callee.card();
  await caller.page.evaluate(() => fetch('relay', { method: 'POST' })); // takes the one that is free
  const began = Date.now();
  await caller.call(card);
  await caller.sees('Calling… The server that passes calls on to this friend is busy. The next attempt is in ');
  await callee.rings('Unknown caller');
  const took = (Date.now() - began) / 1000;
  assert.ok(took > wait - 4 && took < wait + 6, `it rings after ${took} s`);
  await caller.sees('Calling… Waiting for an answer.');
  await callee.press('Answer');
  await callee.sees('Connecting… The server that passes calls on to this friend is busy. The next attempt is in ');
  await Promise.all([caller.sees('Connected'), callee.sees('Connected')]);
  assert.equal((await lab.messages()).length, 2, 'push messages');
});
