// The page is painted, and explains itself, before its program has loaded.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fill } from './crowd.mjs';
import { open, start } from './once.mjs';
import { Person } from './person.mjs';
import { until } from './until.mjs';

/** Has a page remember whether anything of the first use was ever seen in it, frame by frame. @param {import('puppeteer-core').Page} page */
async function watchFirstUse(page) {
  await page.evaluateOnNewDocument(() => {
    /** @type {string[]} */
    const seen = [];
    Object.assign(window, { firstUse: seen });
    const look = () => {
      for (const id of ['guide', 'why']) {
        if (document.getElementById(id)?.checkVisibility({ visibilityProperty: true }) && !seen.includes(id)) seen.push(id);
      }
      requestAnimationFrame(look);
    };
    look();
  });
}

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

for (const kind of /** @type {const} */ (['firefox', 'chromium'])) {
  test(`a person with 200 contacts and 500 calls sees these first in ${kind}, without the guide for first use, also in a second tab`, async (t) => {
    const lab = await start(t);
    const browser = await open(t, kind, lab);
    const first = await Person.open(browser, lab.page);
    await first.find('textbox', 'What are you called?');
    await fill(first.page, 200, 500);
    await first.page.close();

    const page = await browser.connection.newPage();
    await watchFirstUse(page);
    await page.goto(lab.page);
    const person = new Person(browser, page);
    await page.waitForSelector('[aria-label=Contacts] > li', { visible: true });
    assert.equal((await person.lists('Contacts'))[0], 'Friend 1');
    await person.find('button', 'Call again', '[aria-label=Calls]');
    await until('all contacts', async () => (await person.lists('Contacts')).length === 200 || undefined);
    assert.deepEqual((await person.lists('Contacts')).slice(8, 12), ['Friend 9', 'Friend 10', 'Friend 11', 'Friend 12']);
    assert.equal((await person.lists('Contacts'))[199], 'Friend 200');

    const second = await browser.connection.newPage();
    await watchFirstUse(second);
    await second.goto(lab.page);
    await new Person(browser, second).sees('Open in another tab');
    for (const tab of [page, second]) {
      await tab.bringToFront();
      await tab.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
      assert.deepEqual(await tab.evaluate(() => Object(window).firstUse), []);
    }

    await second.close();
    await page.bringToFront();
    await page.setViewport({ width: 390, height: 844 });
    const heights = await page.evaluate(() => ['#stage', '#calls-section', '#contacts-section'].map((part) => {
      const { top, height } = /** @type {Element} */ (document.querySelector(part)).getBoundingClientRect();
      return { top: top + scrollY, height };
    }));
    assert.ok(heights[0].height < 844 / 6, `the stage of a phone at rest: ${heights[0].height} px`);
    assert.ok(heights[1].top < 844 / 3 && heights[2].top < 844, `calls, then contacts: ${JSON.stringify(heights)}`);
    await person.find('button', 'Call a friend');
  });
}
