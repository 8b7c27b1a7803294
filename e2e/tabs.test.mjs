// Several tabs, one of which holds the line.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Browser } from './browser.mjs';
import { Lab } from './lab.mjs';
import { open, start } from './once.mjs';
import { Person, connect, hangUp } from './person.mjs';

for (const kind of /** @type {const} */ (['firefox', 'chromium'])) {
  describe(`three tabs of ${kind}`, () => {
    /** @type {Lab} */ let lab;
    /** @type {Browser[]} */ let browsers;
    /** @type {Person} */ let caller;
    /** @type {Person[]} */ let tabs;
    /** @type {string} */ let card;

    before(async () => {
      lab = await Lab.start();
      browsers = await Promise.all([Browser.start('chromium', lab), Browser.start(kind, lab)]);
      caller = await Person.open(browsers[0], lab.page);
      tabs = [await Person.open(browsers[1], lab.page)];
      card = await tabs[0].card();
      for (let i = 1; i < 3; i++) {
        tabs.push(await Person.open(browsers[1], lab.page, 'Open in another tab'));
      }
    });

    after(async () => {
      await Promise.all((browsers ?? []).map((browser) => browser.stop()));
      await lab?.stop();
    });

    test('a ring shows in the one that holds the line', async () => {
      await tabs[0].page.bringToFront();
      await caller.call(card);
      await tabs[0].rings('Unknown caller');
      for (const tab of tabs.slice(1)) assert.ok((await tab.status()).startsWith('Open in another tab'));
      await tabs[0].press('Answer');
      await Promise.all([caller.sees('Connected'), tabs[0].sees('Connected')]);
      await hangUp(caller, tabs[0]);
    });

    test('Use here takes the line, and ends a call in the tab that had it', async () => {
      await connect(caller, tabs[0]);
      await tabs[2].page.bringToFront();
      await tabs[2].press('Use here');
      await tabs[2].sees('Ready');
      await tabs[0].sees('Open in another tab');
      await caller.sees('Call ended');
    });

    test('a tab that takes the line takes over the ring', async () => {
      await caller.callContact();
      await tabs[2].rings('Unknown caller');
      await tabs[2].page.evaluate(() => dispatchEvent(new PageTransitionEvent('pagehide'))); // and go on for a moment, as on a slow machine
      await tabs[2].page.waitForSelector('#ring:not([open])');
      await tabs[2].page.close();
      const next = await Promise.any(tabs.slice(0, 2).map(async (tab) => (await tab.rings('Unknown caller'), tab)));
      await next.page.bringToFront();
      await next.press('Answer');
      await Promise.all([caller.sees('Connected'), next.sees('Connected')]);
      await next.page.close(); // and with it the call
      await caller.sees('Call ended');
      const last = tabs.slice(0, 2).find((tab) => tab !== next);
      await last?.find('button', 'Call a friend');
    });
  });
}

for (const kind of /** @type {const} */ (['firefox', 'chromium'])) {
  test(`a page of ${kind} that finds the stores of a newer version says so, and deletes nothing`, async (t) => {
    const lab = await start(t);
    const browser = await open(t, kind, lab);
    const ada = await Person.open(browser, lab.page);
    await ada.isCalled('Ada');
    const newer = await browser.connection.newPage();
    await newer.goto(`${lab.page}service-worker.js`); // any file: the page itself would be of this version
    await newer.evaluate(() => new Promise((resolve, reject) => {
      const opening = indexedDB.open('pushcall', 1000);
      opening.onsuccess = () => resolve(Object(window).database = opening.result);
      opening.onerror = () => reject(opening.error);
    }));
    await ada.page.bringToFront();
    await ada.readsAnywhere('A newer version of Pushcall is open in another tab.');
    await ada.press('Reload');
    await ada.sees('This page is out of date.');
    await ada.find('button', 'Reload');
    const kept = await newer.evaluate(() => new Promise((resolve) => {
      const reading = Object(window).database.transaction('settings').objectStore('settings').get('name');
      reading.onsuccess = () => resolve(reading.result);
    }));
    assert.equal(kept, 'Ada');
  });
}
