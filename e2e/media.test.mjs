// Two people hear and see each other: every pair of browsers.

import { after, before, describe, test } from 'node:test';
import { Browser } from './browser.mjs';
import { Lab } from './lab.mjs';
import { Person, connect, hangUp } from './person.mjs';
import { fakeDevices, hearsVoice } from './senses.mjs';

/** @type {import('./browser.mjs').Kind[]} */
const kinds = ['firefox', 'chromium'];

for (const callerKind of kinds) {
  for (const calleeKind of kinds) {
    describe(`${callerKind} and ${calleeKind}`, () => {
      /** @type {Lab} */ let lab;
      /** @type {Browser[]} */ let browsers;
      /** @type {Person} */ let caller;
      /** @type {Person} */ let callee;

      before(async () => {
        lab = await Lab.start();
        browsers = await Promise.all([callerKind, calleeKind].map((kind) => Browser.start(kind, lab, fakeDevices[kind])));
        caller = await Person.open(browsers[0], lab.page);
        callee = await Person.open(browsers[1], lab.page);
      });

      after(async () => {
        await Promise.all((browsers ?? []).map((browser) => browser.stop()));
        await lab?.stop();
      });

      test('they hear each other, mute and unmute', async () => {
        await connect(caller, callee, await callee.card());
        await Promise.all([hearsVoice(caller), hearsVoice(callee)]);
        await caller.press('Mute');
        await callee.readsAnywhere('Muted');
        await hearsVoice(callee, false);
        await caller.press('Unmute');
        await hearsVoice(callee);
        await hangUp(caller, callee);
      });
    });
  }
}
