// No state of the page has anything that axe-core finds to be in somebody's way
// (WCAG 2.2 A and AA, and its best practices), nothing is beyond the
// window's edge, and the keyboard gets to everything, and visibly.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { Lab } from './lab.mjs';
import { open } from './once.mjs';
import { Person } from './person.mjs';
import { liveThroughAll, see, sightOf } from './states.mjs';

/** @type {Lab} */ let lab;
/** @type {string} */ let axe;
before(async () => {
  axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  lab = await Lab.start();
});
after(async () => { await lab?.stop(); });

test('every state, on a desktop and on phones, light and dark', async (t) => {
  /** @type {string[]} */
  const found = [];
  /** @type {string[]} */
  const names = [];
  await liveThroughAll(lab, async (person, name) => {
    names.push(name);
    for (const sight of [sightOf('desktop', 'light'), sightOf('phone', 'dark'), sightOf('narrow', 'light'), sightOf('desktop', 'dark')]) {
      await see(person, sight);
      found.push(...(await violations(person)).map((what) => `${name}, ${sight.name}: ${what}`));
      if (sight.name.startsWith('phone')) found.push(...(await outOfReach(person)).map((what) => `${name}, ${sight.name}: ${what}`));
    }
    found.push(...(await outOfReach(person)).map((what) => `${name}: ${what}`));
  });
  t.diagnostic(`${names.length} states: ${names.join(' ')}`);
  assert.deepEqual(found, []);
});

test('what is in the way is found', async (t) => { // or the test above could not fail
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
    /** @type {HTMLElement} */ (document.querySelector('#open-settings')).style.outline = 'none';
  });
  assert.match((await violations(person)).join(), /beyond the edge: <img.*image-alt: <img/);
  assert.match((await outOfReach(person)).join(), /focus is not seen: <button id="open-settings".*not reached by the keyboard: <button tabindex="-1"/s);
});

/** What the tabulator key does not get to, or not visibly. @param {Person} person @returns {Promise<string[]>} */
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

/** @param {Person} person @returns {Promise<string[]>} */
async function violations({ page }) {
  if (!await page.evaluate(() => 'axe' in window)) await page.evaluate(axe);
  return page.evaluate(async () => {
    const width = document.documentElement.clientWidth;
    const out = [...document.querySelectorAll('button, input, select, textarea, summary, p, h1, h2, h3, li, img')].filter((element) => {
      const { left, right, width: own } = element.getBoundingClientRect();
      return own > 1 && element.checkVisibility() && (left < -1 || right > width + 1);
    }).map((element) => `beyond the edge: ${element.outerHTML.slice(0, 200)}`);
    if (document.documentElement.scrollWidth > width) out.push(`scrolls sideways: ${document.documentElement.scrollWidth} px`);
    const options = { resultTypes: ['violations'], rules: { 'target-size': { enabled: true } } };
    const { violations } = await Object(window).axe.run(document, options);
    return /** @type {{id: string, nodes: {html: string, failureSummary: string}[]}[]} */ (violations).reduce((all, { id, nodes }) => [
      ...all, ...nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)}: ${failureSummary.replace(/\s+/g, ' ').slice(0, 300)}`),
    ], out);
  });
}
