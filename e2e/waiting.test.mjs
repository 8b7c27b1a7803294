// Call waiting: a contact calls somebody who is in a call.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { open, start } from './once.mjs';
import { Person, connect, hangUp } from './person.mjs';
import { until } from './until.mjs';

for (const [kind, callerKind] of /** @type {const} */ ([['chromium', 'firefox'], ['firefox', 'chromium']])) {
  describe(`a contact with ${callerKind} calls ${kind} during a call`, () => {
    test('declined, answered in place of the call, or ringing after it; a stranger is busy', async (t) => {
      const lab = await start(t);
      const [ada, bob, eve] = await Promise.all([callerKind, kind, callerKind].map(async (kind) => Person.open(await open(t, kind, lab), lab.page)));
      await eve.isCalled('Eve');
      const card = await bob.card();
      await connect(eve, bob, card);
      await bob.press('Save contact');
      await bob.press('Save', 'dialog[open]');
      await hangUp(eve, bob);
      await connect(ada, bob, card);

      await bob.paste('Message', 'half a sentence');
      await bob.page.focus('#message');
      await waits(eve, bob);
      assert.equal(await bob.page.evaluate(() => document.activeElement?.id), 'message', 'the focus stays where the person types');
      await bob.press('Decline', '#waiting');
      await eve.sees('Declined');
      await hides(bob);
      await bob.sees('Connected');
      assert.match((await bob.lists('Calls'))[0], /Eve.*declined/);

      await waits(eve, bob);
      await eve.press('Hang up');
      await hides(bob);
      await until('the missed call', async () => (await bob.lists('Calls')).find((line) => /Eve.*Missed/i.test(line)));

      await waits(eve, bob);
      await bob.press('End and answer');
      await Promise.all([ada.sees('Call ended'), eve.sees('Connected'), bob.sees('Connected')]);
      await hides(bob);
      await eve.says('now we talk');
      await bob.hears('now we talk');
      await ada.callContact();
      await ada.sees('Busy');
      await bob.sees('Connected');
      await hangUp(eve, bob);

      await connect(ada, bob);
      await waits(eve, bob);
      await ada.press('Hang up');
      await bob.rings('Eve is calling');
      await hides(bob);
      await bob.press('Answer');
      await Promise.all([eve.sees('Connected'), bob.sees('Connected')]);
      await hangUp(eve, bob);
    });
  });
}

/** The call of a contact waits. @param {Person} caller @param {Person} callee */
async function waits(caller, callee) {
  await caller.callContact();
  await callee.page.waitForFunction(() => /** @type {HTMLElement} */ (document.querySelector('#waiting')).innerText.startsWith('Eve is calling'), { timeout: 40_000, polling: 50 });
  await caller.sees('Ringing…');
  await caller.readsAnywhere('is in another call and sees that you are calling.');
}

/** No call waits any more. @param {Person} person */
const hides = (person) => person.page.waitForSelector('#waiting', { hidden: true });
