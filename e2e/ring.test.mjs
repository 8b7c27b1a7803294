// A call rings, and ends with the same reason on both sides.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Browser } from './browser.mjs';
import { Stranger, push } from './forge.mjs';
import { Lab } from './lab.mjs';
import { start } from './once.mjs';
import { Person, connect, hangUp } from './person.mjs';
import { until } from './until.mjs';

for (const [callerKind, calleeKind] of /** @type {const} */ ([['chromium', 'firefox'], ['firefox', 'chromium']])) {
  describe(`${callerKind} rings at ${calleeKind}`, () => {
    /** @type {Lab} */ let lab;
    /** @type {Browser[]} */ let browsers;
    /** @type {Person} */ let caller;
    /** @type {Person} */ let callee;
    /** @type {string} */ let card;

    before(async () => {
      lab = await Lab.start();
      browsers = await Promise.all([Browser.start(callerKind, lab), Browser.start(calleeKind, lab)]);
      caller = await Person.open(browsers[0], lab.page);
      callee = await Person.open(browsers[1], lab.page);
      card = await callee.card();
    });

    after(async () => {
      await Promise.all((browsers ?? []).map((browser) => browser.stop()));
      await lab?.stop();
    });

    test('a stranger is declined by push', async () => {
      await caller.call(card);
      await callee.rings('Unknown caller');
      await callee.press('Decline');
      await caller.sees('Declined');
      await callee.sees('Call ended');
      assert.equal((await lab.messages()).length, 2, 'offer and decline');
    });

    test('a stranger hangs up, and is listed as missed', async () => {
      await caller.callContact();
      await callee.rings('Unknown caller');
      await callee.page.keyboard.press('Escape');
      await callee.rings('Unknown caller'); // Escape declines nothing
      await caller.press('Hang up');
      await Promise.all([caller.sees('Call ended'), callee.sees('Missed call')]);
      assert.match((await callee.lists('Calls'))[0], /Unknown caller/);
    });

    test('a name that a stranger claims is marked as a claim', async () => {
      await caller.press('Settings');
      await caller.paste('Your name', 'Ada');
      await caller.press('Close', 'dialog[open]');
      await caller.callContact();
      await callee.rings('Unknown caller');
      await callee.readsAnywhere('They say they are “Ada”.');
      await callee.press('Answer');
      await Promise.all([caller.sees('Connected'), callee.sees('Connected')]);
      await callee.press('Save contact');
      await callee.press('Save', 'dialog[open]');
      await hangUp(caller, callee);
    });

    test('a contact is declined', async () => {
      const before = (await lab.messages()).length;
      await caller.callContact();
      await callee.rings('Ada is calling');
      await caller.sees('Ringing…');
      await callee.press('Decline');
      await caller.sees('Declined');
      assert.ok((await lab.messages()).length - before <= 3, 'offer and ringing, and a decline where the channel was not open yet');
    });

    test('a contact\'s call displaces a stranger\'s ring, which could block the line', async () => {
      const eve = new Stranger();
      await push(lab, JSON.parse(card), eve.seal(JSON.parse(card), { card: { name: 'Eve' } }));
      await callee.rings('Unknown caller');
      await caller.callContact();
      await callee.rings('Ada is calling');
      await push(lab, JSON.parse(card), eve.seal(JSON.parse(card), { card: { name: 'Eve' } }));
      await callee.press('Answer');
      await Promise.all([caller.sees('Connected'), callee.sees('Connected')]);
      await hangUp(caller, callee);
    });

    test('a contact hangs up', async () => {
      const before = (await lab.messages()).length;
      await caller.callContact();
      await callee.rings('Ada is calling');
      await caller.sees('Ringing…');
      await caller.press('Hang up');
      await callee.sees('Missed call');
      assert.ok((await lab.messages()).length - before <= 3, 'offer and ringing, and a cancel where the channel was not open yet');
    });

    test('a contact\'s call connects only after Answer if early connection is off', async () => {
      await callee.press('Settings');
      await callee.page.click('dialog[open] ::-p-aria(Connect while it rings)');
      await callee.press('Close', 'dialog[open]');
      const before = (await lab.messages()).length;
      await caller.callContact();
      await callee.rings('Ada is calling');
      await caller.sees('Calling…');
      assert.equal((await lab.messages()).length - before, 1, 'the offer alone');
      await callee.press('Answer');
      await Promise.all([caller.sees('Connected'), callee.sees('Connected')]);
      await hangUp(callee, caller);
      await callee.press('Settings');
      await callee.page.click('dialog[open] ::-p-aria(Connect while it rings)');
      await callee.press('Close', 'dialog[open]');
    });

    test('Test my line reports each step', async () => {
      await callee.press('Settings');
      await callee.press('Test my line', 'dialog[open]');
      await until('the last leg', async () =>
        (await callee.lists('Test')).find((leg) => leg.startsWith('Came back to this browser') && /\d+ ms/.test(leg)));
      await callee.press('Close', 'dialog[open]');
    });

    test('a new number: the old card does not ring, contacts are told', async () => {
      await connect(callee, caller, await caller.card()); // so that each has the other
      await hangUp(callee, caller);
      const before = (await lab.messages()).length;
      await callee.press('Settings');
      await callee.press('New number', 'dialog[open]');
      await callee.press('Change my number', 'dialog[open]');
      await callee.readsAnywhere('1 friend');
      await callee.press('Close', 'dialog[open]');
      await until('the card', async () => (await lab.messages()).slice(before).find((message) => message.delivered));
      await caller.callContact();
      await callee.rings('Ada is calling');
      await callee.press('Decline');
      await caller.sees('Declined');
      const stranger = await Browser.start('chromium', lab);
      try {
        const person = await Person.open(stranger, lab.page);
        await person.call(card);
        await person.sees('Unreachable');
      } finally {
        await stranger.stop();
      }
    });

    test('the next visit renews a lost subscription and tells the contacts', async () => {
      const before = (await lab.messages()).length;
      await callee.page.evaluate(async () => {
        const { pushManager } = await navigator.serviceWorker.ready;
        await (await pushManager.getSubscription())?.unsubscribe();
      });
      await callee.page.reload();
      await callee.readsAnywhere('Your browser had given up your line.');
      await until('the card', async () => (await lab.messages()).slice(before).find((message) => message.delivered));
      await connect(caller, callee);
      await hangUp(caller, callee);
    });

    test('a blocked contact does not ring', async () => {
      await callee.press('More', '[aria-label=Contacts]');
      await callee.press('Block', '[aria-label=Contacts]');
      const before = (await lab.messages()).length;
      await caller.callContact();
      await until('the offer at the browser', async () => (await lab.messages()).slice(before).find((message) => message.acked));
      assert.equal(await callee.page.$('#ring[open]'), null);
      assert.ok(!(await callee.status()).startsWith('Ringing'));
      await caller.press('Hang up');
      await caller.sees('Call ended');
    });
  });
}

test('a third person finds the line busy, and is listed as missed', async (t) => {
  const lab = await start(t);
  const browsers = await Promise.all([0, 1, 2].map(() => Browser.start('chromium', lab)));
  t.after(() => Promise.all(browsers.map((browser) => browser.stop())));
  const [ada, bob, eve] = await Promise.all(browsers.map((browser) => Person.open(browser, lab.page)));
  const card = await bob.card();
  await connect(ada, bob, card);
  await eve.call(card);
  await eve.sees('Busy');
  await bob.sees('Connected');
  await until('the missed call', async () => (await bob.lists('Calls')).find((line) => /Unknown caller/.test(line)));
  await hangUp(ada, bob);
});
