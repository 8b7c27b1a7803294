// The service worker by itself: with no page of Pushcall open, or with a hidden one.
// The test makes the pushes itself, so that they can have any content.

import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { Browser } from './browser.mjs';
import { Stranger, push } from './forge.mjs';
import { staticHost } from './hosts.mjs';
import { Lab } from './lab.mjs';
import { Person } from './person.mjs';
import { all, clear, closeAll, put } from './store.mjs';
import { until } from './until.mjs';

/** @typedef {import('puppeteer-core').Page} Page */

for (const kind of /** @type {const} */ (['firefox', 'chromium'])) {
  describe(`the service worker in ${kind}`, () => {
    /** @type {Lab} */ let lab;
    /** @type {Awaited<ReturnType<typeof staticHost>>} a host of other pages, too */ let host;
    /** @type {Browser} */ let browser;
    /** @type {Page} visible, of the same origin, and none of our business */ let other;
    /** @type {any} */ let card;
    const [friend, blocked, stranger] = [new Stranger(), new Stranger(), new Stranger()];

    before(async () => {
      [lab, host] = await Promise.all([Lab.start('--burst', '1000'), staticHost()]);
      browser = await Browser.start(kind, lab, { origins: [new URL(host.page).origin] });
      const callee = await Person.open(browser, host.page);
      card = JSON.parse(await callee.card());
      other = callee.page;
      await other.goto(new URL('/another-app/', host.page).href);
      const contact = { card: '', cardTime: 0, told: '', heard: false };
      await put(other, 'contacts', friend.identity, { ...contact, name: 'Bobby', blocked: false });
      await put(other, 'contacts', blocked.identity, { ...contact, name: 'Eve', blocked: true });
    });

    after(async () => {
      await browser?.stop();
      await Promise.all([lab?.stop(), host?.stop()]);
    });

    beforeEach(() => clear(other, browser));

    const titles = async () => (await browser.notifications()).map(({ title }) => title);

    /** Waits for the one notification there is. @param {string} title */
    async function shows(title) {
      const shown = await until(`"${title}"`, async () => (await browser.notifications()).find((shown) => shown.title === title))
        .catch(async (error) => { throw new Error(`it shows ${await titles()}`, { cause: error }); });
      assert.deepEqual(await titles(), [title]);
      return shown;
    }

    /** Waits for a notification that takes itself away. @param {string} title */
    async function glimpses(title) {
      const start = Date.now();
      await shows(title);
      await until(`"${title}" to go`, async () => (await titles()).length === 0 || undefined);
      assert.ok(Date.now() - start > 3_200, 'before the browser has looked for it');
    }

    /** @param {string} payload */
    const send = (payload) => push(lab, card, payload);

    test('an unknown caller has no name, and may claim one', async () => {
      const call = newCall();
      await send(stranger.seal(card, { call, card: { name: ' Bobby\u202e\n \u200b“Bob”' + 'y'.repeat(100) } }));
      const { body } = await shows('Incoming call from an unknown caller');
      assert.equal(body, `They say they are “Bobby “Bob”${'y'.repeat(29)}”.`);
      await send(stranger.seal(card, { call, type: 'cancel' }));
      await shows('Missed call from an unknown caller');
    });

    test('a contact has the name that was saved, whatever they claim', async () => {
      const call = newCall();
      await send(friend.seal(card, { call, card: { name: 'The Bank' } }));
      const { body } = await shows('Incoming call from Bobby');
      assert.equal(body, 'Open Pushcall to answer.');
      await send(friend.seal(card, { call, type: 'cancel' }));
      await shows('Missed call from Bobby');
    });

    test('a message with a wrong signature does not ring', async () => {
      const changed = friend.seal(card, {}).replace('"offer"', '"offer" ');
      const forOther = friend.seal({ keys: { p256dh: stranger.identity } }, {});
      for (const payload of [stranger.seal(card, { from: friend.identity }), changed, forOther]) {
        await send(payload);
        await shows('Pushcall');
        await clear(other, browser);
      }
    });

    test('a message that it cannot read does not ring', async () => {
      for (const text of ['hello', '{}', 'null', '[]', '{"type":"offer","call":"a"}', '{"type":"constructor","call":"a"}',
        '{"type":"__proto__","call":"b"}', '{"type":{"toString":1}}', stranger.seal(card, { type: 'toString' })]) {
        await send(text);
        await shows('Pushcall');
        await clear(other, browser);
      }
    });

    test('a blocked caller is turned away', async () => {
      const before = await all(other, 'inbox');
      await send(blocked.seal(card, { card: { name: 'Bobby' } }));
      await glimpses('A blocked caller was turned away.');
      assert.deepEqual(await all(other, 'inbox'), before);
    });

    test('a cancel that came before its offer', async () => {
      const call = newCall();
      await send(friend.seal(card, { call, type: 'cancel' }));
      await shows('Missed call from Bobby');
      await closeAll(other, browser);
      await send(friend.seal(card, { call }));
      await shows('Missed call from Bobby');
    });

    test('an offer whose time is over', async () => {
      await send(friend.seal(card, { time: Date.now() - 200_000 }));
      await shows('Missed call from Bobby');
    });

    test('a call that came before does not ring again', async () => {
      const call = newCall();
      await put(other, 'calls', call, { identity: friend.identity, card: '', outgoing: false, time: 1, duration: 0, reason: 3, missed: false, seen: true });
      await send(friend.seal(card, { call }));
      await glimpses('This call is over.');
      await send(friend.seal(card, { call, type: 'cancel' }));
      await glimpses('This call is over.');
    });

    test('a call that was answered on a page that is gone rings by a newer offer only', async () => {
      const [call, heard] = [newCall(), Date.now()];
      await put(other, 'calls', call, { identity: friend.identity, card: '', outgoing: false, time: 1, duration: 0, reason: 0, missed: false, seen: false, heard });
      await send(friend.seal(card, { call, time: heard }));
      await glimpses('This call is over.');
      await send(friend.seal(card, { call, time: heard + 1, round: 1 }));
      await shows('Incoming call from Bobby');
    });

    test('a notification that needs no action closes itself', async () => {
      await send(friend.seal(card, { type: 'card', card: {} }));
      await glimpses("A friend's card has changed.");
      await send(stranger.seal(card, { type: 'card', card: {} }));
      await glimpses('A stranger was turned away.');
    });

    test('a declarative message, as for Safari, rings like any other', async () => {
      const data = friend.seal(card, {});
      const declared = (/** @type {Record<string, unknown>} */ notification) => JSON.stringify({ web_push: 8030, mutable: true, notification: { title: 'Incoming call', navigate: '.', mutable: true, ...notification } });
      await send(declared({ data }));
      await shows('Incoming call from Bobby');
      assert.deepEqual(await all(other, 'inbox'), [data]);
      for (const notification of [{ data: stranger.seal(card, { from: friend.identity }) }, { data: 1 }, {}, { title: 'The Bank', data: { type: 'offer' } }]) {
        await clear(other, browser);
        await send(declared(notification));
        await shows('Pushcall');
      }
    });

    test('a third person cannot end a call that rings', async () => {
      const call = newCall();
      await send(friend.seal(card, { call }));
      await shows('Incoming call from Bobby');
      await send(stranger.seal(card, { call, type: 'cancel' }));
      await until('it to be told', async () => (await titles()).includes('This call is over.') || undefined);
      assert.ok((await titles()).includes('Incoming call from Bobby'));
    });

    test('the buttons of a ring', async () => {
      const tab = await openTab();
      for (const action of /** @type {const} */ (['decline', 'answer'])) {
        await other.bringToFront();
        const call = newCall();
        await send(friend.seal(card, { call }));
        await (await shows('Incoming call from Bobby')).press(action);
        await until('the click', async () =>
          (await all(other, 'inbox')).some((item) => item.click === action && item.call === call) || undefined);
        await until('the notification to go', async () => (await titles()).length === 0 || undefined);
        if (action === 'answer') await isBroughtUp(tab);
        else assert.equal(await tab.evaluate(() => document.visibilityState), 'hidden');
      }
      await tab.close();
    });

    test('a click on a ring answers it, and one on anything else does not', async () => {
      const tab = await openTab();
      const call = newCall();
      await other.bringToFront();
      await send(friend.seal(card, { call, type: 'cancel' }));
      await (await shows('Missed call from Bobby')).click();
      await isBroughtUp(tab);
      await other.bringToFront();
      const ring = newCall();
      await send(friend.seal(card, { call: ring }));
      await (await shows('Incoming call from Bobby')).click();
      await until('the click', async () => (await all(other, 'inbox')).some((item) => item.click === 'answer' && item.call === ring) || undefined);
      assert.ok(!(await all(other, 'inbox')).some((item) => item.click && item.call === call), 'no answer to a missed call');
      await tab.close();
    });

    test('a ring is shown unless the tab that holds the line is visible', async () => {
      const [holder, idle] = [await openTab(), await openTab()];
      await holdLine(holder);
      await idle.bringToFront();
      await send(friend.seal(card, {}));
      await shows('Incoming call from Bobby');
      await clear(other, browser);

      await holder.bringToFront();
      await holder.waitForFunction(() => document.visibilityState === 'visible', { polling: 50 });
      const arrived = holder.evaluate(() => new Promise((resolve) => {
        navigator.serviceWorker.addEventListener('message', resolve, { once: true });
        navigator.serviceWorker.startMessages();
      }).then(() => 'arrived'));
      await send(friend.seal(card, {}));
      assert.equal(await arrived, 'arrived'); // the tabs are told after the notification is shown
      assert.deepEqual(await titles(), []);
      await Promise.all([holder.close(), idle.close()]);
    });

    test('a click opens the page if none is open', async () => {
      await send(friend.seal(card, { type: 'cancel' }));
      await (await shows('Missed call from Bobby')).click();
      const page = await until('the page', async () => (await browser.connection.pages()).find((page) => page.url() === host.page));
      await new Person(browser, page).sees('Ready');
      await page.close();
    });

    if (kind === 'chromium') { // the only browser that reports it
      test('the page can be installed', async () => {
        const { page } = await Person.open(browser, host.page);
        const session = await page.createCDPSession();
        const lacks = (/** @type {string} */ what) => until(`the browser to miss "${what}"`, async () =>
          (await session.send('Page.getInstallabilityErrors')).installabilityErrors.map(({ errorId }) => errorId).join() === what || undefined);
        await lacks('');
        await page.$eval('link[rel=manifest]', (link) => link.remove());
        await lacks('no-manifest');
        await page.close();
      });
    }

    test('replaces the cached page by a newer one', async () => {
      const { page } = await Person.open(browser, host.page);
      const kept = () => page.evaluate(async () => {
        const names = (await caches.keys()).filter((name) => name.includes('/page/'));
        return names.length === 1 && await caches.match('./', { cacheName: names[0] }) ? names[0] : undefined;
      });
      const name = await until('the page to be kept', kept);
      host.renew();
      await page.evaluate(async () => { await (await navigator.serviceWorker.ready).update(); });
      await until('the newer one to be kept', async () => await kept() === `${name}-newer` || undefined);
      await page.close();
    });

    test('starts the page without network', async () => {
      await host.stop();
      await Person.open(browser, host.page);
    });

    /** Waits until a click has brought a tab to the person. @param {Page} tab */
    async function isBroughtUp(tab) {
      if (kind === 'chromium') await tab.waitForFunction(() => document.visibilityState === 'visible', { polling: 50 });
      // Without a head, Firefox gives a tab the focus and leaves it hidden.
    }

    /** A tab of this Pushcall in which no program runs, so that it takes nothing from the inbox. */
    async function openTab() {
      const tab = await browser.connection.newPage();
      await tab.goto(new URL('web/style.css', host.page).href);
      return tab;
    }
  });
}

const newCall = () => Buffer.from(crypto.getRandomValues(new Uint8Array(12))).toString('base64url');

/** Makes a tab the one where calls ring, as AwaitLine does. @param {Page} page */
async function holdLine(page) {
  await page.evaluate(async () => {
    const { active } = await navigator.serviceWorker.ready;
    const { port1, port2 } = new MessageChannel();
    const id = await new Promise((resolve) => {
      port1.onmessage = (event) => resolve(event.data);
      active?.postMessage('who am I?', [port2]);
    });
    await new Promise((resolve) => void navigator.locks.request(`pushcall line ${id}`, () => {
      resolve(undefined);
      return new Promise(() => {});
    }));
  });
}
