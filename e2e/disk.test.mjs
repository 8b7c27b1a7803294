// The browser's storage is full, or cannot be read.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdir, rename, writeFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Browser } from './browser.mjs';
import { Stranger, inbox, push } from './forge.mjs';
import { Lab } from './lab.mjs';
import { Person } from './person.mjs';

for (const kind of /** @type {const} */ (['firefox', 'chromium'])) {
  describe(`the disk of ${kind}`, () => {
    /** @type {Lab} */ let lab;
    /** @type {Browser} */ let browser;
    /** @type {Person} */ let callee;
    /** @type {any} */ let card;

    before(async () => {
      lab = await Lab.start();
      browser = await Browser.start(kind, lab, { prefs: { 'dom.quotaManager.temporaryStorage.fixedLimit': 40_960 } }); // KiB
      callee = await Person.open(browser, lab.page);
      card = JSON.parse(await callee.card());
    });

    after(async () => {
      await browser?.stop();
      await lab?.stop();
    });

    if (kind === 'firefox') { // Chromium stores data as small as a message even beyond its quota
      test('a call rings while the disk is full', async () => {
        await callee.page.waitForFunction(async () => (await caches.keys()).length > 0, { polling: 100 }); // the page is cached
        const stranger = new Stranger();
        let stored = true;
        for (let tries = 0; stored && tries < 20; tries++) { // the database has some room left in its own files at first
          await fill();
          const call = randomBytes(12).toString('base64url');
          await push(lab, card, stranger.seal(card, { call, card: {} }));
          await callee.rings('Unknown caller');
          stored = (await inbox(callee)).length > 0;
          await push(lab, card, stranger.seal(card, { call, type: 'cancel' }));
          await callee.sees('Missed call');
        }
        assert.equal(stored, false, 'there was no room for it');
        await callee.page.waitForFunction(() => caches.delete('filler').catch(() => false), { polling: 100 }); // which takes some room itself
      });
    }

    test('data that cannot be read is not deleted, and is back when it can be read', async () => {
      await callee.isCalled('Alice');
      const identity = await identityOf();
      await browser.quit();
      const [there, away] = await database();
      await rename(there, away);
      await writeFile(there, ''); // a file in place of the folder: databases can be neither opened nor deleted
      await browser.open();
      callee = await Person.open(browser, lab.page, 'Pushcall cannot read');
      await callee.press('Try again');
      await callee.page.waitForFunction(() => performance.now() < 3_000, { polling: 50 }); // it is loaded anew
      await callee.sees('Pushcall cannot read');
      await callee.press('Start anew…');
      await callee.sees('Start anew?');
      assert.deepEqual(await readdir(away).then((names) => names.length > 0), true, 'nothing is deleted unasked');
      await browser.quit();
      await rm(there, { recursive: true });
      await rename(away, there);
      await browser.open();
      callee = await Person.open(browser, lab.page);
      assert.equal(await identityOf(), identity);
    });

    /** Fills the browser's storage. */
    async function fill() {
      await callee.page.evaluate(async () => {
        const cache = await caches.open('filler'); // which shares the room
        for (let size = 1 << 22; size > 64; size /= 4) {
          const octets = new Uint8Array(size);
          for (let at = 0; at < size; at += 65_536) crypto.getRandomValues(octets.subarray(at, at + 65_536)); // which cannot be compressed
          for (let full = false; !full;) full = await cache.put(`./filler-${crypto.randomUUID()}`, new Response(octets)).then(() => false, () => true);
        }
      });
    }

    /** The key by which friends know this browser. */
    async function identityOf() {
      return JSON.parse(await callee.card()).identity;
    }

    /** Where the browser keeps the page's databases, and a place beside it. */
    async function database() {
      const { port } = new URL(lab.page);
      const folder = kind === 'chromium' ? join(browser.profile, 'Default', 'IndexedDB') : join(browser.profile, 'storage', 'default', `http+++localhost+${port}`);
      const name = (await readdir(folder)).find((name) => kind === 'chromium' ? name.includes(port) && name.endsWith('.leveldb') : name === 'idb');
      const there = join(folder, name ?? 'none');
      return [there, `${there}.away`];
    }
  });
}
