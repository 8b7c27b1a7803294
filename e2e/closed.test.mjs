// A call reaches a browser whose tab is closed, and one that was restarted.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Browser } from './browser.mjs';
import { Lab } from './lab.mjs';
import { Person, hangUp } from './person.mjs';
import { until } from './until.mjs';

for (const kind of /** @type {const} */ (['firefox', 'chromium'])) {
  describe(`a closed tab of ${kind}`, () => {
    /** @type {Lab} */ let lab;
    /** @type {Browser} */ let callerBrowser;
    /** @type {Browser} */ let calleeBrowser;
    /** @type {Person} */ let caller;
    /** @type {string} */ let card;

    before(async () => {
      lab = await Lab.start();
      [callerBrowser, calleeBrowser] = await Promise.all([Browser.start('chromium', lab), Browser.start(kind, lab)]);
      const callee = await Person.open(calleeBrowser, lab.page);
      card = await callee.card();
      await callee.page.close();
      caller = await Person.open(callerBrowser, lab.page);
    });

    after(async () => {
      await Promise.all([callerBrowser?.stop(), calleeBrowser?.stop()]);
      await lab?.stop();
    });

    /** The notification of a call. @param {string} title begins so */
    const notification = (title) => until(`"${title}…"`, async () =>
      (await calleeBrowser.notifications()).find((shown) => shown.title.startsWith(title)));

    /** The page that was opened. */
    async function opened() {
      const page = await until('the page', async () =>
        (await calleeBrowser.connection.pages()).find((page) => page.url().startsWith(lab.page)));
      return new Person(calleeBrowser, page);
    }

    /** Returns a function that counts the push messages from now on. */
    async function counter() {
      const before = (await lab.messages()).length;
      return async () => (await lab.messages()).length - before;
    }

    test('rings in a notification, and a click on it opens the page and answers', async () => {
      const pushes = await counter();
      await caller.call(card);
      await (await notification('Incoming call from an unknown caller')).click();
      const callee = await opened();
      await Promise.all([caller.sees('Connected'), callee.sees('Connected')]);
      await callee.says('I was away');
      await caller.hears('I was away');
      await until('the notification to go', async () => (await calleeBrowser.notifications()).length === 0 || undefined);
      assert.equal(await pushes(), 2, 'push messages of the call');
      await hangUp(callee, caller);
      await callee.page.close();
    });

    test('Answer in the notification answers', async () => {
      await caller.callContact();
      await (await notification('Incoming call')).press('answer');
      const callee = await opened();
      await Promise.all([caller.sees('Connected'), callee.sees('Connected')]);
      await hangUp(caller, callee);
      await callee.page.close();
    });

    test('Decline in the notification declines', async () => {
      const pushes = await counter();
      await caller.callContact();
      await (await notification('Incoming call')).press('decline');
      await caller.sees('Declined');
      assert.equal(await pushes(), 2, 'offer and decline');
      const callee = await opened();
      await callee.page.close();
    });

    test('a cancelled call becomes a missed call, in the notification and in the list', async () => {
      await caller.callContact();
      await notification('Incoming call');
      await caller.press('Hang up');
      await (await notification('Missed call from an unknown caller')).click();
      const callee = await opened();
      await until('the missed call', async () => (await callee.lists('Calls')).find((line) => line.includes('Missed')));
      assert.ok(!(await callee.status()).startsWith('Ringing'));
      await callee.page.close();
    });

    test('rings on when the browser is restarted between ring and answer', async () => {
      await caller.callContact();
      await notification('Incoming call');
      await calleeBrowser.restart();
      const page = await calleeBrowser.connection.newPage();
      await page.goto(lab.page);
      const callee = new Person(calleeBrowser, page);
      await callee.rings('Unknown caller');
      await callee.press('Answer');
      await Promise.all([caller.sees('Connected'), callee.sees('Connected')]);
      await hangUp(callee, caller);
      assert.equal(await callee.card(), card, 'the subscription is the same');
      await callee.page.close();
    });

    test('rings when the browser is started during the call', async () => {
      await calleeBrowser.quit();
      await caller.callContact();
      await until('the offer at the push service', async () => ((await lab.messages()).at(-1)?.delivered ? undefined : true));
      await calleeBrowser.open();
      await (await notification('Incoming call')).click();
      const callee = await opened();
      await Promise.all([caller.sees('Connected'), callee.sees('Connected')]);
      await hangUp(caller, callee);
    });
  });
}
