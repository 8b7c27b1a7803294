// The lists of calls and contacts after years of use: days, calls in a row, strangers
// apart, search and order, and smooth scrolling.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cardOf, fill, store } from './crowd.mjs';
import { open, start } from './once.mjs';
import { Person } from './person.mjs';
import { until } from './until.mjs';

/** @type {import('./browser.mjs').Kind[]} */
const kinds = ['firefox', 'chromium'];

const hour = 3_600_000;

/** The lists of calls that can be seen: each day's heading, and the first lines of its rows. @param {Person} person @param {string} part */
function days({ page }, part) {
  return page.$$eval(`${part} :is(h3:not(.part), [aria-label=Calls] > li)`, (all) => /** @type {HTMLElement[]} */ (all)
    .filter((one) => one.checkVisibility()).map((one) => (one.localName === 'h3' ? `[${one.innerText}]` : one.querySelector('.who')?.textContent ?? '')));
}

for (const kind of kinds) {
  test(`calls are listed by days, those in a row as one, and strangers' apart, in ${kind}`, async (t) => {
    const lab = await start(t);
    const browser = await open(t, kind, lab);
    const first = await Person.open(browser, lab.page);
    const [grace, joan, eve, mallory] = ['Grace', 'Joan', 'Eve', 'Mallory'].map(cardOf);
    const noon = new Date().setHours(12, 0, 0, 0); // a call later than now is today's, too
    const minutes = (/** @type {number} */ n) => noon - n * 60_000;
    await store(first.page, [grace, joan], [
      { card: eve, time: minutes(0), missed: true }, { card: mallory, time: minutes(1), missed: true },
      { card: grace, time: minutes(2), duration: 60_000 }, { card: grace, time: minutes(3), missed: true }, { card: grace, time: minutes(4), outgoing: true },
      { card: joan, time: minutes(5), missed: true, seen: true }, { card: grace, time: minutes(6), outgoing: true },
      { card: joan, time: noon - 25 * hour, outgoing: true }, { card: joan, time: noon - 26 * hour, outgoing: true },
      { card: eve, time: noon - 27 * hour, missed: true, seen: true }, { card: grace, time: noon - 60 * 24 * hour, outgoing: true },
    ]);
    await first.page.close();

    const person = await Person.open(browser, lab.page);
    const { page } = person;
    await until('the calls', async () => (await days(person, '#calls-part')).length === 6 && (await days(person, '#strangers-part')).length === 5 || undefined);
    assert.deepEqual(await days(person, '#calls-part'), ['[Today]', 'Grace', 'Joan', 'Grace', '[Yesterday]', 'Joan']);
    assert.deepEqual(await days(person, '#strangers-part'), ['[Today]', 'Unknown caller', 'Unknown caller', '[Yesterday]', 'Unknown caller']);
    assert.match((await person.lists('Calls'))[0], /^Grace Incoming, 1 min, today at .* 3 calls$/);
    assert.match((await person.lists('Calls')).find((row) => row.startsWith('Joan')) ?? '', /^Joan Missed, today at [\d: AaPpMm]+$/, 'a single call has no count');
    assert.equal(await page.$eval('#calls-missed', (count) => count.textContent), '1 missed');
    assert.equal(await page.$eval('#strangers-missed', (count) => count.textContent), '2 missed');
    await until('the title', async () => (await page.title()).startsWith('(3)') || undefined);
    await page.waitForSelector('#calls [aria-label=Calls] > li.new:first-child'); // of the call in the run that was missed

    const count = await person.find('button', '3 calls', '[aria-label=Calls]');
    assert.equal(await count.evaluate((button) => button.getAttribute('aria-expanded')), 'false');
    const { height } = /** @type {{height: number}} */ (await count.boundingBox());
    assert.ok(height >= 44, `${height} px`);
    await count.focus();
    await page.keyboard.press('Enter');
    await until('the run to open', async () => (await days(person, '#calls-part')).filter((name) => name === 'Grace').length === 4 || undefined);
    assert.equal(await count.evaluate((button) => button.getAttribute('aria-expanded') + String(document.activeElement === button)), 'truetrue');
    await page.keyboard.press('Enter');
    await until('the run to close', async () => (await days(person, '#calls-part')).length === 6 || undefined);

    await person.press('Earlier calls', '#calls-part');
    await until('all days', async () => (await days(person, '#calls-part')).at(-2)?.startsWith('[') && (await days(person, '#calls-part')).length === 8 || undefined);
    await page.evaluate(() => scrollTo(0, 0));
    await until('the missed calls to be seen', async () => !(await page.title()).startsWith('(') || undefined);
    assert.equal(await page.$('li.new'), null);
  });

  test(`contacts are searched, and sorted by name or by last talked to, in ${kind}`, async (t) => {
    const lab = await start(t);
    const browser = await open(t, kind, lab);
    const first = await Person.open(browser, lab.page);
    const few = ['Zoë', 'émile Zola', 'Łukasz'].map(cardOf);
    await store(first.page, few, [{ card: few[1], time: Date.now() - hour, duration: 60_000 }, { card: few[2], time: Date.now() - 2 * hour, duration: 1000 },
      { card: few[0], time: Date.now(), missed: true }]);
    await first.page.close();

    const person = await Person.open(browser, lab.page);
    const { page } = person;
    const names = async () => (await person.lists('Contacts')).join();
    await until('the contacts', async () => await names() === 'émile Zola,Łukasz,Zoë' || undefined);
    assert.equal(await page.$eval('#contacts-search', (box) => box.checkVisibility()), false, 'three contacts need no search');
    await page.select('#contacts-order', 'talked');
    await until('the order', async () => await names() === 'émile Zola,Łukasz,Zoë' || undefined);
    await store(page, Array.from({ length: 7 }, (_, i) => cardOf(`Friend ${i + 1}`)), [{ card: few[0], time: Date.now(), duration: 5 }]);
    await page.reload();
    await until('the order after a reload', async () => await names() === 'Zoë,émile Zola,Łukasz,Friend 1,Friend 2,Friend 3,Friend 4,Friend 5,Friend 6,Friend 7' || undefined);
    assert.equal(await page.$eval('#contacts-order', (order) => /** @type {HTMLSelectElement} */ (order).value), 'talked');

    for (const [typed, found] of /** @type {const} */ ([['ZO', 'Zoë,émile Zola'], ['emile', 'émile Zola'], [' 7 ', 'Friend 7'], ['nd 3', 'Friend 3'], ['(', ''], ['zoe\u0308', 'Zoë']])) {
      await person.paste('Search contacts', typed);
      await until(`${found} for ${typed}`, async () => await names() === found || undefined);
      if (!found) await person.readsAnywhere('No contact has this name.');
    }
    await person.paste('Search contacts', '');
    await until('all', async () => (await person.lists('Contacts')).length === 10 || undefined);
    await page.select('#contacts-order', '');
    await until('the order by name', async () => (await names()).startsWith('émile Zola,Friend 1') || undefined);
    await person.press('More', '[aria-label=Contacts]');
    await person.press('Delete', '[aria-label=Contacts]');
    await person.press('Delete contact', '[aria-label=Contacts]');
    await until('nine', async () => (await person.lists('Contacts')).length === 9 || undefined);
    assert.equal(await page.$eval('#contacts-search', (box) => box.checkVisibility()), false, 'nor do nine');
  });

  test(`500 calls and 200 contacts scroll smoothly in ${kind}`, async (t) => {
    const lab = await start(t);
    const browser = await open(t, kind, lab);
    const first = await Person.open(browser, lab.page);
    await fill(first.page, 200, 500);
    await first.page.close();
    const { page } = await Person.open(browser, lab.page);
    const person = new Person(browser, page);
    await page.setViewport({ width: 390, height: 844 });
    await person.press('Earlier calls');
    await until('all calls', async () => (await person.lists('Calls')).length === 500 || undefined);
    await until('all contacts', async () => (await person.lists('Contacts')).length === 200 || undefined);
    const frames = await page.evaluate(async () => {
      const times = [];
      const height = document.documentElement.scrollHeight;
      for (let at = 0, before = performance.now(); at < height; at += 400) { // a fast finger
        scrollTo(0, at);
        const asked = performance.now();
        document.elementFromPoint(100, 400)?.getBoundingClientRect(); // lays out
        const laid = performance.now() - asked;
        const now = await new Promise(requestAnimationFrame);
        times.push({ laid, frame: now - before });
        before = now;
      }
      const middle = (/** @type {number[]} */ all) => all.sort((a, b) => a - b)[all.length >> 1];
      return { height, n: times.length, frame: middle(times.map(({ frame }) => frame)), laid: middle(times.map(({ laid }) => laid)) };
    });
    t.diagnostic(`${kind}: ${frames.n} frames over ${frames.height} px: ${frames.frame.toFixed(1)} ms each, of which layout ${frames.laid.toFixed(1)} ms`);
    assert.ok(frames.laid < 8, `layout takes ${frames.laid} ms, half of a frame`); // the rest depends on who else uses the machine
  });
}
