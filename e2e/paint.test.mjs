// The page is seen, and says what it is, before its program has come.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { open, start } from './once.mjs';
import { Person } from './person.mjs';

for (const kind of /** @type {const} */ (['firefox', 'chromium'])) {
  for (const { languages, text } of [{ languages: 'en', text: 'A phone number for your browser.' }, { languages: 'de', text: 'Eine Telefonnummer für deinen Browser.' }]) {
    test(`first paint in ${kind}, in ${languages}`, async (t) => {
      const lab = await start(t);
      const browser = await open(t, kind, lab, { prefs: { 'intl.accept_languages': languages }, args: [`--accept-lang=${languages}`] });
      const page = await browser.connection.newPage();
      /** @type {import('puppeteer-core').HTTPRequest[]} */
      const withheld = [];
      await page.setRequestInterception(true);
      page.on('request', (request) => {
        if (new URL(request.url()).pathname.endsWith('.wasm')) withheld.push(request);
        else void request.continue();
      });
      await page.goto(lab.page, { waitUntil: 'domcontentloaded' });
      await page.waitForFunction(() => performance.getEntriesByName('first-contentful-paint').length > 0, { polling: 50 });
      await page.waitForFunction((text) => document.body.innerText.includes(text), { polling: 50 }, text);
      assert.ok(withheld.length > 0, 'the program was asked for');
      await page.waitForFunction(() => !(/** @type {HTMLButtonElement} */ (document.getElementById('call-friend'))).disabled, { polling: 50 }); // see early.test.mjs
      for (const request of withheld.splice(0)) await request.continue();
      await new Person(browser, page).sees(languages === 'en' ? 'Ready' : 'Bereit');
    });
  }
}
