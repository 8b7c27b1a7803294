// The layout of calls and of the own card, in windows from a small phone to a
// desktop: positions, sizes, and overlaps.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Browser } from './browser.mjs';
import { Lab } from './lab.mjs';
import { Person, hangUp } from './person.mjs';
import { fakeDevices, seesPicture } from './senses.mjs';
import { see, sightOf } from './states.mjs';

/** @type {Lab} */ let lab;
/** @type {Browser[]} */ let browsers;
/** @type {Person} */ let ada;
/** @type {Person} */ let grace;

before(async () => {
  lab = await Lab.start();
  browsers = await Promise.all([1, 2].map(() => Browser.start('chromium', lab, fakeDevices.chromium)));
  [ada, grace] = await Promise.all(browsers.map((browser) => Person.open(browser, lab.page)));
});

after(async () => {
  await Promise.all((browsers ?? []).map((browser) => browser.stop()));
  await lab?.stop();
});

const sights = [sightOf('narrow'), sightOf('phone'), sightOf('side'), sightOf('tablet'), sightOf('desktop')];

test('the card has its own sheet, Share first, and is not shown beside a call', async () => {
  const card = await grace.card();
  await grace.press('Show my push subscription');
  await grace.type('Your name', 'Grace'); // which is asked for once
  await grace.page.waitForFunction(() => JSON.parse(/** @type {HTMLTextAreaElement} */ (document.querySelector('#card-text')).value).name === 'Grace', { polling: 50 });
  await grace.press('Close', '#card-dialog');
  for (const sight of sights) {
    await see(grace, sight);
    await grace.press('Show my push subscription');
    await grace.page.waitForSelector('#card-dialog[open] #card-code:not([hidden])');
    assert.deepEqual(await unseen(grace, '#card-share'), [], sight.name);
    if (sight.height > 600) assert.deepEqual(await unseen(grace, '#card-link', '#card-qr', '#card-copy'), [], sight.name);
    const order = await grace.page.$$eval('#card-dialog :is(#card-share, #card-qr, #card-link, #card-copy)', (parts) => parts.map(({ id }) => id));
    assert.equal(order[0], 'card-share');
    assert.equal(await grace.page.evaluate(() => document.activeElement?.id), 'card-share');
    if (sight === sights.at(-1)) break;
    await grace.page.keyboard.press('Escape');
    await grace.page.waitForSelector('#card-dialog:not([open])');
  }
  await ada.call(card);
  await grace.find('button', 'Answer', '#ring');
  assert.equal(await grace.page.$eval('#card-dialog', (dialog) => dialog.matches('[open]')), true, 'it is still there when the ring is over');
  await grace.press('Answer', '#ring');
  await Promise.all([ada, grace].map((person) => person.sees('Connected')));
  for (const part of ['#card-dialog', '#card-qr']) assert.equal(await grace.page.$eval(part, (element) => element.checkVisibility()), false, part);
});

test('a spoken call shows the person, and then their messages', async () => {
  for (const sight of sights) {
    await see(grace, sight);
    assert.deepEqual(await unseen(grace, '#mark', '#name', '#message', '#hang-up'), [], sight.name);
    const [mark, name, words, box] = await boxes(grace, '#stage .dial', '#name', '#open-safety', '#composer');
    assert.ok((mark.bottom <= words.top || mark.right <= words.left) && name.bottom <= words.top, `${sight.name}: the person comes before the safety words`);
    assert.ok(mark.height > 1.5 * box.height, `${sight.name}: the person is larger than the text box`);
    for (const label of await labels(grace)) assert.ok(label.seen, `${sight.name}: ${label.text}`);
  }
  await ada.says('Now it is a conversation');
  await grace.hears('Now it is a conversation');
  for (const sight of sights) {
    await see(grace, sight);
    assert.deepEqual(await unseen(grace, '#name', '#messages > li:last-child', '#message'), [], sight.name);
  }
});

test('messages beside a video do not cover the picture', async () => {
  await ada.press('Camera');
  await seesPicture(grace);
  await grace.press('Messages');
  for (const sight of sights) {
    await see(grace, sight);
    const [picture, talk, stage] = await boxes(grace, '#picture', '#conversation', '#stage');
    const covered = overlap(picture, talk) / area(picture);
    assert.ok(covered < 0.2, `${sight.name}: ${Math.round(100 * covered)} % of the picture is covered`);
    assert.ok(area(picture) > 0.4 * area(stage), `${sight.name}: the picture is ${Math.round(100 * area(picture) / area(stage))} % of the stage`);
    assert.deepEqual(await unseen(grace, '#message', '#hang-up'), [], sight.name);
  }
  await hangUp(grace, ada);
});

/** Returns those of the elements that are partly outside the window, or covered in their middle. @param {Person} person @param {string[]} selectors */
async function unseen({ page }, ...selectors) {
  return page.evaluate((selectors) => selectors.filter((selector) => {
    const element = document.querySelector(selector);
    if (!element?.checkVisibility()) return true;
    const { left, right, top, bottom } = element.getBoundingClientRect();
    const hit = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    return left < 0 || top < 0 || right > innerWidth || bottom > innerHeight || !(element.contains(hit) || hit?.contains(element));
  }), selectors);
}

/** @typedef {{left: number, right: number, top: number, bottom: number, height: number}} Box */

/** @param {Person} person @param {string[]} selectors @returns {Promise<Box[]>} */
async function boxes({ page }, ...selectors) {
  return page.evaluate((selectors) => selectors.map((selector) => document.querySelector(selector)?.getBoundingClientRect().toJSON()), selectors);
}

/** Returns the labels under the keys, each with whether it is readable. @param {Person} person */
async function labels({ page }) {
  return page.$$eval('#stage .control', (controls) => /** @type {HTMLElement[]} */ (controls).filter((control) => control.checkVisibility()).map((control) => {
    const range = document.createRange();
    range.selectNodeContents(control);
    const text = control.innerText.trim();
    const { left, right, bottom } = range.getBoundingClientRect();
    return { text, seen: parseFloat(getComputedStyle(control).fontSize) >= 10 && left >= 0 && right <= innerWidth && bottom <= innerHeight };
  }));
}

/** @param {Box} box */
function area({ left, right, top, bottom }) { return Math.max(0, right - left) * Math.max(0, bottom - top); }

/** @param {Box} one @param {Box} other */
function overlap(one, other) {
  return area({ height: 0, left: Math.max(one.left, other.left), right: Math.min(one.right, other.right), top: Math.max(one.top, other.top), bottom: Math.min(one.bottom, other.bottom) });
}
