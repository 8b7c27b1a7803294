// Leaving the page before a call has connected ends the call on the other side, for
// every way to leave and at any time.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Browser } from './browser.mjs';
import { Lab } from './lab.mjs';
import { open, start } from './once.mjs';
import { Person, connect, hangUp } from './person.mjs';
import { all } from './store.mjs';
import { until } from './until.mjs';

/** @typedef {import('puppeteer-core').Page} Page */

/** @type {Record<string, (page: Page, elsewhere: string) => Promise<unknown>>} */
const ways = {
  reload: (page) => page.reload(),
  link: (page, elsewhere) => page.evaluate((elsewhere) => Object.assign(document.body.appendChild(document.createElement('a')), { href: elsewhere }).click(), elsewhere),
  Back: (page) => page.evaluate(() => void setTimeout(() => history.back())), // or the answer may be lost with the page (Firefox, observed)
  address: (page, elsewhere) => page.evaluate((elsewhere) => location.assign(elsewhere), elsewhere),
  replaced: (page, elsewhere) => page.evaluate((elsewhere) => location.replace(elsewhere), elsewhere),
  'opened in its place': (page, elsewhere) => page.evaluate((elsewhere) => void window.open(elsewhere, '_self'), elsewhere),
  'tab closed': (page) => page.close(),
  'window closed': (page) => page.close(), // its only tab
};
const services = { firefox: 'mozilla', chromium: 'fcm' };
const delays = [0, 300, 1500]; // milliseconds after it rings

/** Each way after one delay; with PUSHCALL_ALL_WAYS, after each. @param {string[]} names */
function cases(names) {
  if (process.env.PUSHCALL_ALL_WAYS) return Object.keys(ways).flatMap((way) => delays.map((delay) => ({ way, delay })));
  return names.map((way, i) => ({ way, delay: delays[i % delays.length] }));
}

for (const kind of /** @type {const} */ (['firefox', 'chromium'])) {
  test(`${kind} asks before a call is left, and only then`, async (t) => {
    const lab = await start(t);
    const browser = await open(t, kind, lab, { prefs: { 'dom.disable_beforeunload': false } }); // automation sets it
    const page = await browser.connection.newPage();
    await page.goto(`${lab.page}web/style.css`);
    await page.goto(lab.page);
    const [caller, callee] = [new Person(browser, page), await Person.open(await open(t, kind, lab), lab.page)];
    await caller.sees('Ready');
    const card = await callee.card();
    const leave = (/** @type {string} */ way) => ways[way](page, `${lab.page}web/style.css`);
    let asked = 0;
    const isAsked = async (/** @type {string} */ way) => {
      await leave(way); // not by a reload: Firefox makes none by a script after one that was refused (observed)
      await until(`the question before ${way}`, async () => caller.leaving.asked > asked || undefined);
      asked++;
    };

    await caller.prepare(card); // with a press, without which no browser asks
    await caller.page.reload();
    assert.equal(caller.leaving.asked, 0, 'at rest');
    await caller.sees('Ready');

    caller.leaving.stays = true;
    await caller.call(card);
    await callee.rings('Unknown caller');
    for (const way of ['Back', 'address']) await isAsked(way);
    await callee.press('Answer');
    await Promise.all([caller.sees('Connected'), callee.sees('Connected')]);
    for (const way of ['Back', 'address']) await isAsked(way);
    await caller.says('I am still here');
    await callee.hears('I am still here');
    await hangUp(caller, callee);
    caller.leaving.stays = false;
    await caller.page.reload();
    assert.equal(caller.leaving.asked, asked, 'after the call');
    await caller.sees('Ready');

    await caller.callContact();
    await callee.press('Answer');
    await Promise.all([caller.sees('Connected'), callee.sees('Connected')]);
    await isAsked('address');
    await callee.sees('Call ended', 10_000);
    assert.equal(caller.leaving.asked, asked);
    assert.equal(callee.leaving.asked, 0);
  });
}

for (const kind of /** @type {const} */ (['firefox', 'chromium'])) {
  test(`a page of ${kind} that comes back offers the way back into its call, and its friend knows that it was closed`, async (t) => {
    const lab = await start(t);
    const [browser, other] = await Promise.all([open(t, kind, lab), open(t, kind === 'firefox' ? 'chromium' : 'firefox', lab)]);
    const [caller, callee] = await Promise.all([Person.open(browser, lab.page), Person.open(other, lab.page)]);
    await callee.isCalled('Grace');
    const noted = () => until('a note of the call', async () => (await all(caller.page, 'settings')).some((setting) => /^B[\w-]{86} \d+$/.test(setting)) || undefined);
    await connect(caller, callee, await callee.card());
    await noted();
    await caller.page.reload();
    await callee.sees('Call ended', 10_000);
    await callee.readsAnywhere('Their page has closed.');
    await caller.press('Back to the call with Grace');
    await callee.press('Answer');
    await Promise.all([caller.sees('Connected'), callee.sees('Connected')]);
    await until('the offer to go', async () => await caller.page.$eval('#back-to-call', (button) => !button.checkVisibility()) || undefined);
    await noted();

    let again = caller;
    if (kind === 'chromium') { // Firefox's driver crashes no page alone, and a new browser takes too long on a slow machine
      (await caller.page.createCDPSession()).send('Page.crash').catch(() => {});
      await callee.sees('Reconnecting');
      again = await Person.open(browser, lab.page);
      await again.press('Back to the call with Grace');
      await callee.press('Answer');
      await Promise.all([again.sees('Connected'), callee.sees('Connected')]);
    }
    await hangUp(again, callee);
    assert.ok(!(await callee.status()).includes('Their page'), await callee.status());
    await again.page.reload();
    await again.sees('Ready');
    await again.find('button', 'Call', '[aria-label=Contacts]'); // all is there to see
    assert.equal(await again.page.$eval('#back-to-call', (button) => button.checkVisibility()), false, 'nobody has lost this call');
  });
}

for (const [callerKind, calleeKind] of /** @type {const} */ ([['chromium', 'firefox'], ['firefox', 'chromium']])) {
  describe(`${callerKind} leaves a call to ${calleeKind}`, () => {
    /** @type {Lab} */ let lab;
    /** @type {Browser[]} */ let browsers;
    /** @type {Person} */ let callee;
    /** @type {string} */ let card;
    /** @type {Person | undefined} whose page is still open */ let caller;
    let calls = 0; // that the caller has made

    before(async () => {
      lab = await Lab.start();
      browsers = await Promise.all([Browser.start(callerKind, lab), Browser.start(calleeKind, lab)]);
      callee = await Person.open(browsers[1], lab.page);
      card = await callee.card();
    });

    after(async () => {
      await Promise.all((browsers ?? []).map((browser) => browser.stop()));
      await lab?.stop();
    });

    /** Opens the caller's page, in the tab of the case before if there is one. @param {boolean} [inWindow] of its own */
    async function openCaller(inWindow) {
      if (inWindow) await caller?.page.close();
      const page = caller && !inWindow ? caller.page : await browsers[0].connection.newPage({ type: inWindow ? 'window' : 'tab' });
      if (!page.url().startsWith(`${lab.page}web/`)) await page.goto(`${lab.page}web/style.css`); // to go Back to
      await page.goto(lab.page);
      caller = new Person(browsers[0], page);
      await caller.sees('Ready');
      return caller;
    }

    /** @param {string} way @param {number} delay @param {string} heading */
    async function leaves(way, delay, heading) {
      const leaving = await openCaller(way === 'window closed');
      const before = (await lab.messages()).length;
      await leaving.call(card);
      calls++;
      await callee.rings(heading);
      if (delay) await sleep(delay);
      await ways[way](leaving.page, `${lab.page}web/style.css`);
      if (/closed|Back/.test(way)) caller = undefined;
      await callee.sees('Missed call', 10_000); // and not only when the ring's own time is over
      if (way === 'Back') leaving.page.close().catch(() => {}); // Firefox's driver loses a page that is shown again, Chromium's may wait for its end for ever
      await until('the end', async () => await ends(before) || undefined); // after a bye, where there is a channel
      assert.equal(await ends(before), 1, 'messages that end the call');
    }

    /** Counts the messages to the callee in the newest call, without its offer. @param {number} before messages before it */
    async function ends(before) {
      const toCallee = (await lab.messages()).slice(before).filter(({ service }) => service === services[calleeKind]);
      return toCallee.filter(({ topic }) => topic === toCallee.at(-1)?.topic).length - 1;
    }

    describe('as a stranger', () => {
      const alike = callerKind === 'chromium' ? [] : ['address', 'replaced', 'opened in its place']; // as a link is, there
      for (const { way, delay } of cases(Object.keys(ways).filter((way) => !alike.includes(way)))) {
        test(`${way}, ${delay} ms after it rings`, async () => {
          if (process.env.PUSHCALL_ALL_WAYS) await callee.page.reload().then(() => callee.sees('Ready')); // who takes so many calls of strangers anew
          await leaves(way, delay, 'Unknown caller');
        });
      }

      test('after the answer, before the call connects', async () => {
        const leaving = await openCaller();
        await leaving.call(card);
        calls++;
        await callee.press('Answer');
        await leaving.sees('Connect');
        await leaving.page.reload();
        await callee.page.waitForFunction(() => /^(Missed call|Call ended)/.test(document.querySelector('[role=status]')?.textContent?.trim() ?? ''), { timeout: 10_000, polling: 50 });
      });

      test('the callee leaves at once after Answer', async () => {
        const waiting = await openCaller();
        await waiting.call(card);
        calls++;
        const answer = await callee.find('button', 'Answer');
        await Promise.all([callee.page.waitForNavigation(), answer.evaluate((button) => (button.click(), location.reload()))]);
        await waiting.page.waitForFunction(() => /^(Declined|Call ended)/.test(document.querySelector('[role=status]')?.textContent?.trim() ?? ''), { timeout: 10_000, polling: 50 });
        await callee.sees('Ready');
        await until('the offer to be deleted, which it is not while it rings', async () => (await all(callee.page, 'inbox')).length === 0 || undefined);
        assert.match(await callee.status(), /^Ready/);
        const [last] = (await all(callee.page, 'calls')).sort((a, b) => b.time - a.time);
        assert.deepEqual([last.outgoing, last.missed], [false, false]);
      });
    });

    describe('as a contact', () => {
      before(async () => {
        const known = await openCaller();
        await known.call(card);
        calls++;
        await callee.press('Answer');
        await Promise.all([known.sees('Connected'), callee.sees('Connected')]);
        await callee.press('Save contact');
        await callee.paste('Name', 'Ada');
        await callee.press('Save', 'dialog[open]');
        await hangUp(known, callee);
      });

      for (const { way, delay } of cases(['tab closed', 'reload', 'Back', 'link'])) {
        test(`${way}, ${delay} ms after it rings`, () => leaves(way, delay, 'Ada is calling'));
      }

      test('all these calls, and one ended by a crash, are in the caller\'s list', async () => {
        const crashing = await openCaller();
        assert.equal((await all(crashing.page, 'calls')).length, calls);
        await crashing.call(card);
        await callee.press('Answer');
        await Promise.all([crashing.sees('Connected'), callee.sees('Connected')]);
        await until('the call to be kept', async () => (await all(crashing.page, 'calls')).some(({ duration, reason }) => duration > 0 && !reason) || undefined);
        await browsers[0].crash();
        await browsers[0].open();
        caller = undefined;
        const again = await openCaller();
        const kept = await all(again.page, 'calls');
        assert.deepEqual([kept.length, kept.filter(({ outgoing }) => outgoing).length], [calls + 1, calls + 1]);
        await until('it to be shown', async () => (await again.lists('Calls'))[0]?.includes('Outgoing') || undefined);
      });
    });
  });
}
