// In every state of the page: axe-core finds no violation (WCAG 2.2 A and AA, and its
// best practices), nothing is beyond the window's edge, the keys that end or answer a
// call are in the window, controls are at least 44 px wide and high, and the keyboard
// reaches every control, with a visible focus.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { Lab } from './lab.mjs';
import { open } from './once.mjs';
import { Person } from './person.mjs';
import { liveThroughAll, see, sightOf } from './states.mjs';

/** @typedef {import('./states.mjs').Sight} Sight */

/** @type {Lab} */ let lab;
/** @type {string} */ let axe;
before(async () => {
  axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  lab = await Lab.start();
});
after(async () => { await lab?.stop(); });

/** All rules of axe run for sights that show different parts of the document. For sights that show the same parts, only the
 * rules run that colours or sizes can break, beside misplaced, which always runs. Colours take axe longest, and
 * another scheme takes the page long. @type {Map<Sight, string[] | undefined>} */
const sights = new Map([
  [sightOf('desktop'), undefined], [sightOf('side'), undefined],
  [sightOf('narrow'), ['scrollable-region-focusable']],
  [sightOf('tablet'), ['scrollable-region-focusable']],
  [sightOf('large'), ['scrollable-region-focusable']],
  [sightOf('phone', 'light', 200), []], [sightOf('narrow', 'light', 200), []], [sightOf('side', 'light', 200), []], [sightOf('desktop', 'light', 200), []],
  [sightOf('phone', 'dark'), undefined], [sightOf('desktop', 'dark'), ['color-contrast']],
]);

test('every state, on a desktop and on phones, light and dark', async (t) => {
  /** @type {string[]} */
  const found = [];
  /** @type {string[]} */
  const names = [];
  await liveThroughAll(lab, async (person, name) => {
    names.push(name);
    for (const [sight, rules] of sights) {
      await see(person, sight);
      const here = [...await misplaced(person), ...await violations(person, rules)];
      if (['phone-dark', 'desktop-dark'].includes(sight.name)) here.push(...await outOfReach(person));
      found.push(...here.map((what) => `${name}, ${sight.name}: ${what}`));
    }
    await see(person, sightOf('desktop'));
  });
  t.diagnostic(`${names.length} states: ${names.join(' ')}`);
  assert.deepEqual(found, []);
});

test('violations are found', async (t) => { // otherwise the test above could not fail
  const browser = await open(t, 'chromium', lab);
  const person = await Person.open(browser, lab.page);
  await see(person, sightOf('narrow', 'light'));
  await person.page.evaluate(() => {
    const image = document.createElement('img');
    image.width = 400;
    const button = document.createElement('button');
    button.tabIndex = -1;
    button.textContent = 'Unreachable';
    document.querySelector('main')?.append(image, button);
    const hangUp = /** @type {HTMLElement} */ (document.querySelector('#hang-up'));
    hangUp.hidden = false;
    hangUp.style.cssText = 'position: fixed; bottom: -30px';
    /** @type {HTMLElement} */ (document.querySelector('#call-friend')).style.cssText = 'height: 43px; min-height: 0';
    /** @type {HTMLElement} */ (document.querySelector('#open-settings')).style.outline = 'none';
  });
  assert.match((await violations(person)).join(), /image-alt: <img/);
  assert.match((await misplaced(person)).join(), /beyond the edge: <img.*not in the window: <button id="hang-up".*under 44 px: <button id="call-friend"/s);
  assert.match((await outOfReach(person)).join(), /focus is not seen: <button id="open-settings".*not reached by the keyboard: <button tabindex="-1"/s);
  await person.page.evaluate(() => {
    /** @type {HTMLElement} */ (document.querySelector('#hang-up')).style.bottom = '0';
    const cover = document.createElement('p');
    cover.style.cssText = 'position: fixed; inset: 0';
    document.body.append(cover);
  });
  assert.match((await misplaced(person)).join(), /covered: <button id="hang-up"/);
  await person.page.evaluate(() => {
    /** @type {HTMLElement} */ (document.querySelector('#hang-up')).hidden = true;
    document.body.classList.add('in-call');
  });
  assert.match((await misplaced(person)).join(), /nothing ends the call/);
});

/** Controls that the tabulator key does not reach, or not with a visible focus. @param {Person} person @returns {Promise<string[]>} */
async function outOfReach({ page }) {
  const before = await page.evaluateHandle(() => document.activeElement);
  const targets = await page.evaluateHandle(() => new Set([...document.querySelectorAll('button, input, select, textarea, summary, a[href], [tabindex="0"]')]
    .filter((element) => {
      const modal = [...document.querySelectorAll('dialog:modal')].at(-1);
      return element.checkVisibility({ visibilityProperty: true }) && !element.closest('[inert], :disabled') && (!modal || modal.contains(element));
    })));
  const out = new Set();
  for (let left = await targets.evaluate(({ size }) => size), tries = 2 * left + 5; left > 0 && tries > 0; tries--) {
    await page.keyboard.press('Tab');
    const { unseen, size } = await targets.evaluate((targets) => {
      const element = document.activeElement;
      if (!element || element === document.body) return { unseen: '', size: targets.size };
      const outlined = [element, ...element.children].some((part) => getComputedStyle(part).outlineStyle !== 'none');
      const { x, y, width, height } = element.getBoundingClientRect();
      const inFront = document.elementFromPoint(x + width / 2, y + height / 2)?.closest('#stage');
      const seen = outlined && (!inFront || inFront.contains(element));
      targets.delete(element);
      return { unseen: seen ? '' : element.outerHTML.slice(0, 200), size: targets.size };
    });
    if (unseen) out.add(`the focus is not seen: ${unseen}`);
    left = size;
  }
  for (const element of await targets.evaluate((targets) => [...targets].map(({ outerHTML }) => outerHTML.slice(0, 200)))) out.add(`not reached by the keyboard: ${element}`);
  await page.evaluate((element) => element instanceof HTMLElement && element.focus(), before);
  return [...out];
}

/** Controls that are out of the window, covered or too small. @param {Person} person @returns {Promise<string[]>} */
async function misplaced({ page }) {
  return page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    /** @param {Element} element */
    const show = ({ outerHTML }) => outerHTML.slice(0, 200);
    /** @param {string} selector */
    const shown = (selector) => [...document.querySelectorAll(selector)].filter((element) => element.checkVisibility() && element.getBoundingClientRect().width > 1);
    const out = shown('button, input, select, textarea, summary, p, h1, h2, h3, li, img').filter((element) => {
      const { left, right } = element.getBoundingClientRect();
      return left < -1 || right > width + 1;
    }).map((element) => `beyond the edge: ${show(element)}`);
    if (document.documentElement.scrollWidth > width) out.push(`scrolls sideways: ${document.documentElement.scrollWidth} px`);

    const deciding = shown('#hang-up, #answer, #decline');
    if (document.body.matches('.in-call') && !deciding.length) out.push('nothing ends the call');
    if (document.querySelector('#ring[open]') && deciding.filter(({ id }) => id !== 'hang-up').length < 2) out.push('nothing answers the call');
    const modal = [...document.querySelectorAll('dialog:modal')].at(-1);
    for (const button of deciding) {
      const { left, right, top, bottom } = button.getBoundingClientRect();
      if (left < 0 || top < 0 || right > width || bottom > innerHeight) out.push(`not in the window: ${show(button)}`);
      const key = /** @type {Element} */ (button.querySelector('.key')).getBoundingClientRect();
      const [x, y] = [key.x + key.width / 2, key.y + key.height / 2];
      const box = modal?.getBoundingClientRect();
      const dimmed = modal && box && (x < box.left || x > box.right || y < box.top || y > box.bottom); // by the dialog's backdrop, and seen through it
      const hit = document.elementFromPoint(x, y);
      if (!button.contains(hit) && !(dimmed && (hit === modal || hit === document.documentElement))) out.push(`covered: ${show(button)}`);
    }

    return [...out, ...shown('button, input, select, textarea, summary, a[href]').filter((element) => {
      const { width, height } = element.getBoundingClientRect();
      return (width < 43.5 || height < 43.5) && getComputedStyle(element).display !== 'inline'; // as links within a text are
    }).map((element) => `under 44 px: ${show(element)}`)];
  });
}

/** @param {Person} person @param {string[]} [rules] these only @returns {Promise<string[]>} */
async function violations({ page }, rules) {
  if (rules?.length === 0) return [];
  if (!await page.evaluate(() => 'axe' in window)) await page.evaluate(axe);
  return page.evaluate(async (runOnly) => {
    const options = { resultTypes: ['violations'], ...runOnly ? { runOnly } : { rules: { 'target-size': { enabled: true } } } };
    const { violations } = await Object(window).axe.run(document, options);
    return /** @type {{id: string, nodes: {html: string, failureSummary: string}[]}[]} */ (violations).reduce((all, { id, nodes }) => [
      ...all, ...nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)}: ${failureSummary.replace(/\s+/g, ' ').slice(0, 300)}`),
    ], /** @type {string[]} */ ([]));
  }, rules);
}
