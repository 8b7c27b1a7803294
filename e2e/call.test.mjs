// Two people call each other: every pair of browsers, both directions.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Browser } from './browser.mjs';
import { Lab } from './lab.mjs';
import { Person } from './person.mjs';

/** @type {import('./browser.mjs').Kind[]} */
const kinds = ['firefox', 'chromium'];
const maxOffer = 1600; // octets of a push message's body, card included

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

      test('paste, connect, text both ways, hang up, with two pushes', async () => {
        const card = await callee.card();
        await caller.call(card);
        await Promise.all([caller.sees('Connected'), callee.sees('Connected')]);
        await caller.says('hello <b>friend</b>');
        await callee.hears('hello <b>friend</b>');
        await callee.says('hello back');
        await caller.hears('hello back');
        await caller.press('Hang up');
        await Promise.all([caller.sees('Call ended'), callee.sees('Call ended')]);

        const messages = await lab.messages();
        assert.equal(messages.length, 2, 'push messages of a call');
        assert.ok(messages.every((message) => message.status === 201 && message.ackCode !== 101), JSON.stringify(messages));
        assert.ok(messages[0].octets <= maxOffer, `the offer has ${messages[0].octets} octets`);
      });

      test('the friend called last is called again', async () => {
        await caller.press('Call a friend');
        assert.equal(await caller.reads("Friend's subscription"), await callee.card());
        await caller.press('Call');
        await Promise.all([caller.sees('Connected'), callee.sees('Connected')]);
        await callee.press('Hang up');
        await Promise.all([caller.sees('Call ended'), callee.sees('Call ended')]);
      });

      test('each of them has another tab open', async () => {
        const card = await callee.card();
        const others = await Promise.all([Person.open(browsers[0], lab.page), Person.open(browsers[1], lab.page)]);
        await caller.page.bringToFront();
        await caller.call(card);
        await caller.sees('Connected');
        await Promise.any([callee, others[1]].map((person) => person.sees('Connected'))); // whichever took the call
        assert.equal(await others[0].status(), 'Ready');
        await caller.press('Hang up');
        await caller.sees('Call ended');
        await Promise.all(others.map((person) => person.page.close()));
        await callee.page.bringToFront();
      });

      test('both call at once and end in one call', async () => {
        const [cardOfCaller, cardOfCallee] = [await caller.card(), await callee.card()];
        const before = (await lab.messages()).length;
        await Promise.all([caller.prepare(cardOfCallee), callee.prepare(cardOfCaller)]);
        const buttons = await Promise.all([caller.find('button', 'Call'), callee.find('button', 'Call')]);
        await Promise.all(buttons.map((button) => button.evaluate((element) => /** @type {HTMLElement} */ (element).click())));
        await Promise.all([caller.sees('Connected'), callee.sees('Connected')]);
        await caller.says('one call');
        await callee.hears('one call');
        assert.ok((await lab.messages()).length - before <= 3, 'push messages of two calls at once');
        await callee.press('Hang up');
        await Promise.all([caller.sees('Call ended'), callee.sees('Call ended')]);
      });
    });
  }
}
