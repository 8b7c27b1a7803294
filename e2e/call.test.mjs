// Two people call each other, with every pair of browsers in both directions.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Browser } from './browser.mjs';
import { Lab } from './lab.mjs';
import { Person, connect, hangUp } from './person.mjs';

/** @type {import('./browser.mjs').Kind[]} */
const kinds = ['firefox', 'chromium'];
// Octets of a push message's body.
const maxOffer = 700; // to a friend who has the caller's card
const maxStrangersOffer = 1200; // with the card in it

for (const callerKind of kinds) {
  for (const calleeKind of kinds) {
    describe(`${callerKind} calls ${calleeKind}`, () => {
      /** @type {Lab} */ let lab;
      /** @type {Browser[]} */ let browsers;
      /** @type {Person} */ let caller;
      /** @type {Person} */ let callee;

      before(async () => {
        lab = await Lab.start();
        browsers = await Promise.all([Browser.start(callerKind, lab), Browser.start(calleeKind, lab)]);
        caller = await Person.open(browsers[0], lab.page);
        callee = await Person.open(browsers[1], lab.page);
      });

      after(async () => {
        await Promise.all((browsers ?? []).map((browser) => browser.stop()));
        await lab?.stop();
      });

      test('paste, ring, answer, text both ways, hang up, with two pushes', async () => {
        await caller.call(await callee.card());
        await callee.rings('Unknown caller');
        await caller.sees('Calling…');
        assert.equal((await lab.messages()).length, 1, 'a stranger learns nothing before the answer');
        await callee.press('Answer');
        await Promise.all([caller.sees('Connected'), callee.sees('Connected')]);
        await caller.says('hello <b>friend</b>');
        await callee.hears('hello <b>friend</b>');
        await callee.says('hello back');
        await caller.hears('hello back');
        await hangUp(caller, callee);

        const messages = await lab.messages();
        assert.equal(messages.length, 2, 'push messages of a call');
        assert.ok(messages.every((message) => message.status === 201 && message.ackCode !== 101), JSON.stringify(messages));
        assert.ok(messages[0].octets <= maxStrangersOffer, `the offer has ${messages[0].octets} octets`);
      });

      test('a contact who has the caller\'s card is called again', async () => {
        const before = (await lab.messages()).length;
        await connect(caller, callee);
        await hangUp(callee, caller);
        const messages = (await lab.messages()).slice(before);
        assert.equal(messages.length, 2, 'push messages of a call');
        assert.ok(messages[0].octets <= maxOffer, `the offer has ${messages[0].octets} octets`);
      });

      test('a contact is called again at once after a call', async () => {
        for (let call = 0; call < 4; call++) {
          await connect(caller, callee);
          await hangUp(callee, caller);
        }
      });

      test('a call to a contact connects while it rings, and is answered in-band', async () => {
        const before = (await lab.messages()).length;
        await callee.call(await caller.card()); // makes them the callee's contact
        await caller.sees('Ringing…');
        await callee.sees('Ringing…');
        await caller.press('Answer');
        await Promise.all([caller.sees('Connected'), callee.sees('Connected')]);
        await hangUp(caller, callee);
        assert.equal((await lab.messages()).length - before, 2, 'push messages of a call');
      });

      test('both call at once and end in one call without a ring', async () => {
        const [cardOfCaller, cardOfCallee] = [await caller.card(), await callee.card()];
        const before = (await lab.messages()).length;
        await Promise.all([caller.prepare(cardOfCallee), callee.prepare(cardOfCaller)]);
        await Promise.all([caller, callee].map(({ page }) => page.$eval('dialog[open] [type=submit]',
          (button) => /** @type {HTMLElement} */ (button).click())));
        await Promise.all([caller.sees('Connected'), callee.sees('Connected')]);
        await caller.says('one call');
        await callee.hears('one call');
        assert.ok((await lab.messages()).length - before <= 3, 'push messages of two calls at once');
        await hangUp(callee, caller);
      });
    });
  }
}
