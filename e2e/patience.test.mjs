// Tests of timeouts, run concurrently since they only wait.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { open, start } from './once.mjs';
import { Person } from './person.mjs';
import { until } from './until.mjs';

describe('timeouts', { concurrency: true }, () => {
  test('a page of which only the document loads says what to do', async (t) => {
    const lab = await start(t);
    const browser = await open(t, 'chromium', lab);
    const page = await browser.connection.newPage();
    await page.setRequestInterception(true);
    page.on('request', (request) => void (new URL(request.url()).pathname.startsWith('/web/trouble.') ? request.abort() : request.continue()));
    await page.goto(lab.page);
    await page.waitForFunction(() => document.querySelector('.unloaded')?.checkVisibility({ visibilityProperty: true }), { timeout: 30_000, polling: 100 });
  });

  test('nobody answers within 45 s: no answer here, a missed call there', async (t) => {
    const lab = await start(t);
    const browsers = await Promise.all([open(t, 'firefox', lab), open(t, 'chromium', lab)]);
    const [caller, callee] = await Promise.all(browsers.map((browser) => Person.open(browser, lab.page)));
    await caller.call(await callee.card());
    await callee.rings('Unknown caller');
    await Promise.all([
      caller.sees('No answer Your friend did not answer within 45 seconds.', 60_000),
      callee.sees('Missed call', 60_000),
    ]);
  });

  test('nobody answers within 45 s, and the friend learns of it later', async (t) => {
    const lab = await start(t);
    const [callerBrowser, calleeBrowser] = await Promise.all([open(t, 'chromium', lab), open(t, 'chromium', lab)]);
    const card = await (await Person.open(calleeBrowser, lab.page)).card();
    await calleeBrowser.quit();
    const caller = await Person.open(callerBrowser, lab.page);
    await caller.call(card);
    await caller.sees('No answer Your friend did not answer within 45 seconds.', 60_000);
    await calleeBrowser.open();
    const shown = await until('the missed call', async () => (await calleeBrowser.notifications())[0]);
    assert.equal(shown.title, 'Missed call from an unknown caller', 'what stands in the place of the ring');
  });

  test('two browsers without a path between them', async (t) => {
    const lab = await start(t);
    const prefs = { 'media.peerconnection.ice.proxy_only': true }; // and there is no proxy
    const browsers = await Promise.all([open(t, 'firefox', lab, { prefs }), open(t, 'firefox', lab, { prefs })]);
    const [caller, callee] = await Promise.all(browsers.map((browser) => Person.open(browser, lab.page)));
    await caller.call(await callee.card());
    await callee.press('Answer');
    await caller.sees('Call ended The two browsers found no way to each other.', 60_000);
    await callee.sees('Call ended The two browsers found no way to each other.', 60_000);
  });
});
