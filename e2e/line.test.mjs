// When an open page loses its line, it says so, repairs the line if possible, and
// sends friends the new card.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Browser } from './browser.mjs';
import { Lab } from './lab.mjs';
import { Person, connect, hangUp } from './person.mjs';
import * as stored from './store.mjs';
import { until } from './until.mjs';

/** @typedef {import('puppeteer-core').Page} Page */

for (const kind of /** @type {const} */ (['firefox', 'chromium'])) {
  describe(`the line of ${kind}, lost while the page is open`, () => {
    /** @type {Lab} */ let lab;
    /** @type {Browser[]} */ let browsers;
    /** @type {Person} */ let friend;
    /** @type {Person} */ let owner;

    before(async () => {
      lab = await Lab.start();
      browsers = await Promise.all([Browser.start('chromium', lab), Browser.start(kind, lab)]);
      friend = await Person.open(browsers[0], lab.page);
      owner = await Person.open(browsers[1], lab.page);
      await connect(owner, friend, await friend.card()); // so that each has the other
      await hangUp(owner, friend);
      await connect(friend, owner, await owner.card());
      await hangUp(owner, friend);
    });

    after(async () => {
      await Promise.all((browsers ?? []).map((browser) => browser.stop()));
      await lab?.stop();
    });

    const services = { firefox: 'mozilla', chromium: 'fcm' };

    /** Loses the line, and waits until it is repaired and the friend has the new card. @param {() => Promise<unknown>} lose */
    async function isRepaired(lose) {
      const before = (await lab.messages()).length;
      await lose();
      await owner.page.evaluate(() => dispatchEvent(new Event('online'))); // as when the network comes
      await until('the friend to be told', async () =>
        (await lab.messages()).slice(before).find(({ service, delivered }) => service === services.chromium && delivered));
      assert.ok(!(await owner.status()).startsWith('Unreachable'));
      const { endpoint } = JSON.parse(await owner.card());
      await until('the friend to have the new card', async () => (await stored.all(friend.page, 'contacts')).some(({ card }) => JSON.stringify(card).includes(endpoint)) || undefined);
      await friend.callContact();
      await owner.press('Decline');
      await friend.sees('Declined');
    }

    test('a subscription that is gone', () => isRepaired(() => owner.page.evaluate(async () => {
      const { pushManager } = await navigator.serviceWorker.ready;
      await (await pushManager.getSubscription())?.unsubscribe();
    })));

    test('a worker that is unregistered', () => isRepaired(() => owner.page.evaluate(async () => {
      for (const registration of await navigator.serviceWorker.getRegistrations()) await registration.unregister();
    })));

    test('a worker that is unregistered just before a call', async () => {
      await owner.page.evaluate(async () => {
        for (const registration of await navigator.serviceWorker.getRegistrations()) await registration.unregister();
      });
      await connect(owner, friend);
      await hangUp(owner, friend);
    });

    if (kind === 'chromium') { // the one whose driver takes permissions back
      test('a revoked permission: the page says that no call can ring, until it is granted again', async () => {
        const session = await owner.page.createCDPSession();
        const set = (/** @type {'denied' | 'granted' | 'prompt'} */ setting) => session.send('Browser.setPermission', { origin: new URL(lab.page).origin, permission: { name: 'notifications' }, setting });
        for (const setting of /** @type {const} */ (['denied', 'prompt'])) {
          await set(setting);
          await owner.sees(setting === 'denied' ? 'Calls are off' : 'Unreachable');
          assert.match(await owner.status(), /no call can ring here/i);
          await owner.readsAnywhere('How to allow notifications');
          await set('granted');
          await owner.sees('Ready');
        }
      });
    }

    for (const { name, all } of [{ name: 'the database alone', all: false }, { name: 'all', all: true }]) {
      test(`storage that was cleared, ${name}: the page says that the number is gone, a friend who calls learns it at once`, async () => {
        await owner.card(); // the line is there
        const { page } = owner;
        await until('the mark', () => page.evaluate(() => Object(history.state).line || undefined));
        await page.goto(`${lab.page}web/style.css`);
        await page.evaluate(async (all) => {
          await new Promise((resolve, reject) => {
            const deleting = indexedDB.deleteDatabase('pushcall');
            deleting.onsuccess = resolve;
            deleting.onerror = reject;
          });
          if (!all) return;
          localStorage.clear();
          for (const name of await caches.keys()) await caches.delete(name);
          for (const registration of await navigator.serviceWorker.getRegistrations()) await registration.unregister();
        }, all);
        if (all) await page.evaluate(() => history.back()); // of a tab, of which the history is left
        else await page.goto(lab.page);
        await owner.sees('Ready');
        await owner.readsAnywhere('Your number here is gone');
        await until('the old address to be given up', () => page.evaluate(async () => {
          const registration = await navigator.serviceWorker.getRegistration();
          return await registration?.pushManager.getSubscription() ? undefined : true;
        }));
        await friend.callContact();
        await friend.sees("Unreachable The push service no longer knows this friend's address. Ask for a new card.", 10_000);
        await connect(owner, friend, await friend.card());
        await hangUp(owner, friend);
      });
    }
  });
}
