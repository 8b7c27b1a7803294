// A call survives a change of network: one person's interface is unplugged and
// another is plugged in.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Browser } from './browser.mjs';
import { Lab } from './lab.mjs';
import { bareAddresses, Network } from './network.mjs';
import { Person, connect, hangUp } from './person.mjs';
import { fakeDevices, hearsVoice, seesPicture } from './senses.mjs';

/** @type {import('./browser.mjs').Kind[]} */
const kinds = ['firefox', 'chromium'];

const impossible = await Network.impossible();

for (const callerKind of kinds) {
  for (const calleeKind of kinds) {
    describe(`${callerKind} calls ${calleeKind} and a network changes`, { skip: impossible }, () => {
      /** @type {Lab} */ let lab;
      /** @type {Network} */ let network;
      /** @type {Browser[]} */ const browsers = [];
      /** @type {Person} */ let caller;
      /** @type {Person} */ let callee;

      before(async () => {
        lab = await Lab.start();
        network = await Network.start(lab);
        for (const [i, kind] of [callerKind, calleeKind].entries()) {
          await network.places[i].plug(0);
          browsers.push(await Browser.start(kind, lab, { place: network.places[i], ...withDevices(kind) }));
        }
        [caller, callee] = await Promise.all(browsers.map((browser) => Person.open(browser, lab.page)));
      });

      after(async () => {
        await Promise.all(browsers.map((browser) => browser.stop()));
        await network?.stop();
        await lab?.stop();
      });

      for (const [mover, who] of ['the caller', 'the callee'].entries()) {
        test(`${who} moves to another network`, async (t) => {
          const [moved, other] = mover ? [callee, caller] : [caller, callee];
          await connect(caller, callee, mover ? undefined : await callee.card());
          await speak(caller, callee, 'before the change');
          const before = (await lab.messages()).length;
          await network.places[mover].unplug(0);
          await network.places[mover].plug(1);
          const changed = performance.now();
          await speak(moved, other, `${who} has moved`); // written before anybody has noticed
          t.diagnostic(`a text arrived ${Math.round(performance.now() - changed)} ms after the new interface`);
          await Promise.all([caller.sees('Connected'), callee.sees('Connected')]);
          const answered = performance.now();
          await speak(other, moved, `${who} is heard`);
          const pushed = (await lab.messages()).length - before;
          t.diagnostic(`the other way took ${Math.round(performance.now() - answered)} ms, and ${pushed} pushes`);
          assert.ok(pushed <= 2, 'an offer and an answer at most');
          await Promise.all([hearsVoice(caller), hearsVoice(callee)]);
          await other.press('Camera');
          await seesPicture(moved);
          await hangUp(caller, callee);
          await network.places[mover].plug(0);
          await network.places[mover].unplug(1);
        });
      }
    });
  }
}

/** @param {import('./browser.mjs').Kind} kind */
function withDevices(kind) {
  const { prefs, args } = fakeDevices[kind];
  return { prefs: { ...bareAddresses.prefs, ...prefs }, args: [...bareAddresses.args, ...args ?? []] };
}

/** @param {Person} from @param {Person} to @param {string} text */
async function speak(from, to, text) {
  await from.says(text);
  await to.hears(text);
}
