// A page that loses its network says so at once, dims what cannot work, and comes back
// by itself. The same holds for the relay alone.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Browser } from './browser.mjs';
import { distHost } from './hosts.mjs';
import { Lab } from './lab.mjs';
import { Person, connect, hangUp } from './person.mjs';

for (const kind of /** @type {const} */ (['firefox', 'chromium'])) {
  describe(`offline in ${kind}`, () => {
    /** @type {Lab} */ let lab;
    /** @type {Awaited<ReturnType<typeof distHost>>} its relay can be stopped */ let host;
    /** @type {Browser[]} */ const browsers = [];
    /** @type {Person} */ let caller;
    /** @type {Person} in Chromium, whose push service has no CORS */ let callee;
    /** @type {string} */ let card;

    before(async () => {
      lab = await Lab.start();
      host = await distHost(`${lab.page}relay`, { local: true });
      for (const of of /** @type {const} */ ([kind, 'chromium'])) browsers.push(await Browser.start(of, lab, { origins: [new URL(host.page).origin] }));
      [caller, callee] = await Promise.all(browsers.map((browser) => Person.open(browser, host.page)));
      card = await callee.card();
      await connect(caller, callee, card); // a contact from now on
      await hangUp(caller, callee);
      await caller.press('Close conversation').catch(() => {});
    });

    after(async () => {
      await Promise.all(browsers.map((browser) => browser.stop()));
      await Promise.all([host?.stop(), lab?.stop()]);
    });

    /** Waits until exactly these buttons can be used or not, of those that need a network. @param {Record<string, boolean>} want by selector */
    async function enables(want) {
      await caller.page.waitForFunction((want) => Object.entries(want).every(([selector, enabled]) => {
        const buttons = [...document.querySelectorAll(selector)];
        return buttons.length > 0 && buttons.every((button) => /** @type {HTMLButtonElement} */ (button).disabled !== enabled);
      }), { polling: 50 }, want);
    }

    const all = (/** @type {boolean} */ enabled) => ({
      '#call-friend': enabled, '#contacts [aria-label^="Call"], #contacts [aria-label^="Video call"]': enabled, '#calls [aria-label^="Call again"]': enabled,
      '#dial-call, #dial-video': enabled, '#test-line, #test-ways, #new-number': enabled, '#dial-save': true, '#show-card': true, '#open-settings': true,
    });

    test('a page without a network says so at once, and comes back by itself', async () => {
      const cut = performance.now();
      await caller.page.setOfflineMode(true);
      await caller.sees('Offline This device has no connection. Calls work again as soon as it is back.', 3_000);
      assert.ok(performance.now() - cut < 3_000, 'at once');
      assert.equal(await caller.page.title(), 'Offline – Pushcall');
      await enables(all(false));
      await caller.page.setOfflineMode(false);
      await caller.sees('Ready', 3_000);
      assert.equal(await caller.page.title(), 'Pushcall');
      await enables(all(true));
      await connect(caller, callee);
      await hangUp(caller, callee);
    });

    test('a card that was pasted can be saved without a network', async () => {
      await caller.prepare(card);
      await caller.page.setOfflineMode(true);
      await caller.readsAnywhere('Calls work again as soon as it is back.');
      await enables({ '#dial-call, #dial-video': false, '#dial-save': true });
      assert.equal(await caller.reads("Friend's subscription"), card, 'what was pasted stays');
      await caller.page.setOfflineMode(false);
      await enables({ '#dial-call, #dial-video': true });
      assert.equal(await caller.page.$eval('#dial-early', (note) => note.textContent), '');
      await caller.press('Cancel', 'dialog[open]');
    });

    test('a page that starts without a network says so', async () => {
      await caller.page.waitForFunction(async () => {
        const kept = await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).match('./')));
        return navigator.serviceWorker.controller && kept.some(Boolean);
      }, { polling: 50 });
      await caller.page.setOfflineMode(true);
      await caller.page.reload();
      await caller.sees('Offline');
      await enables(all(false));
      await caller.page.setOfflineMode(false);
      await caller.sees('Ready');
      await enables(all(true));
    });

    test('a relay that is down dims the friends who need it', async () => {
      host.setRelay(false);
      await caller.callContact();
      await caller.sees('Unreachable The server that passes calls on to this friend cannot be reached.');
      await enables({ '#contacts [aria-label^="Call"], #contacts [aria-label^="Video call"]': false, '#calls [aria-label^="Call again"]': false, '#call-friend': true, '#test-line': true });
      await caller.readsAnywhere('Cannot be called now');
      await caller.page.reload(); // it is found out without a call, too
      await caller.sees('Ready A server is down. Some friends cannot be called until it is back.');
      host.setRelay(true);
      await enables(all(true));
      assert.equal(await caller.status(), 'Ready');
      assert.ok(!(await caller.lists('Contacts'))[0].includes('Cannot be called now'));
      await connect(caller, callee);
      await hangUp(caller, callee);
    });
  });
}
