// A call reaches a browser whose tab is closed, and one that was restarted.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Browser } from './browser.mjs';
import { Lab } from './lab.mjs';
import { Person } from './person.mjs';
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

    /** Clicks on the notification of a call; returns the person at the page that opens. */
    async function answer() {
      const shown = await until('a notification of the call', async () =>
        (await calleeBrowser.notifications()).find(({ title }) => title === 'Incoming call'));
      await shown.click();
      const page = await until('the page', async () =>
        (await calleeBrowser.connection.pages()).find((page) => page.url().startsWith(lab.page)));
      return new Person(calleeBrowser, page);
    }

    test('rings in a notification, and a click on it opens the page into the call', async () => {
      const before = (await lab.messages()).length;
      await caller.call(card);
      const callee = await answer();
      await Promise.all([caller.sees('Connected'), callee.sees('Connected')]);
      await callee.says('I was away');
      await caller.hears('I was away');
      await until('the notification to go', async () => (await calleeBrowser.notifications()).length === 0 || undefined);
      assert.equal((await lab.messages()).length - before, 2, 'push messages of the call');
      await callee.press('Hang up');
      await caller.sees('Call ended');
      await callee.page.close();
    });

    test('keeps its subscription when the browser is restarted', async () => {
      await calleeBrowser.restart();
      const callee = await Person.open(calleeBrowser, lab.page);
      assert.equal(await callee.card(), card);
      await caller.call(card);
      await Promise.all([caller.sees('Connected'), callee.sees('Connected')]);
      await callee.press('Hang up');
      await caller.sees('Call ended');
    });

    test('rings when the browser is started during the call', async () => {
      await calleeBrowser.quit();
      await caller.call(card);
      await until('the offer at the push service', async () => ((await lab.messages()).at(-1)?.delivered ? undefined : true));
      await calleeBrowser.open();
      const callee = await answer();
      await Promise.all([caller.sees('Connected'), callee.sees('Connected')]);
      await caller.press('Hang up');
      await callee.sees('Call ended');
    });
  });
}
