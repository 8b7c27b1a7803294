// What a person does with the pictures of a call: their own and the friend's.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { open, start } from './once.mjs';
import { Person, connect } from './person.mjs';
import { fakeDevices, seesPicture } from './senses.mjs';
import { until } from './until.mjs';

for (const [kind, other] of /** @type {const} */ ([['chromium', 'firefox'], ['firefox', 'chromium']])) {
  test(`the own picture in ${kind} moves, grows and hides, the friend's fits or fills, and what is not used fades`, async (t) => {
    const lab = await start(t);
    const [ada, bob] = await Promise.all([kind, other].map(async (kind) => Person.open(await open(t, kind, lab, fakeDevices[kind]), lab.page)));
    const { page } = ada;
    await page.setViewport({ width: 1280, height: 800 });
    await connect(ada, bob, await bob.card());
    await Promise.all([ada.press('Camera'), bob.press('Camera')]);
    await Promise.all([seesPicture(ada), seesPicture(ada, '#own-tile')]);

    const small = await boxOf(ada, '#own-view');
    const stage = await boxOf(ada, '#stage');
    await ada.press('Your picture');
    await until('a larger picture', async () => (await boxOf(ada, '#own-view')).width > small.width * 1.5 || undefined);
    await ada.press('Your picture');
    await until('the small picture', async () => (await boxOf(ada, '#own-view')).width === small.width || undefined);

    await page.mouse.move(small.x + small.width / 2, small.y + small.height / 2);
    await page.mouse.down();
    await page.mouse.move(stage.x + 300, stage.y + 250, { steps: 5 });
    await page.mouse.up();
    await isAt(ada, 'left', 'top');
    assert.equal((await boxOf(ada, '#own-view')).width, small.width, 'a drag is no press');
    await page.focus('#own-size');
    await page.keyboard.press('ArrowRight');
    await isAt(ada, 'right', 'top');
    await page.keyboard.press('ArrowDown');
    await isAt(ada, 'right', 'bottom');

    await ada.press('Hide your picture');
    await page.waitForSelector('#own-view', { hidden: true });
    await ada.press('Show your picture');
    await page.waitForSelector('#own-view', { visible: true });
    await page.keyboard.press('h');
    await page.waitForSelector('#own-view', { hidden: true });
    await page.keyboard.press('h');
    await page.waitForSelector('#own-view', { visible: true });

    const fits = await fitOf(ada);
    await page.mouse.click(stage.x + stage.width / 2, stage.y + stage.height / 2, { count: 2 });
    await page.waitForFunction((fits) => getComputedStyle(/** @type {Element} */ (document.querySelector('#picture'))).objectFit !== fits, { polling: 50 }, fits);
    await page.keyboard.press('z');
    await page.waitForFunction((fits) => getComputedStyle(/** @type {Element} */ (document.querySelector('#picture'))).objectFit === fits, { polling: 50 }, fits);

    await page.mouse.move(stage.x + stage.width / 2, stage.y + stage.height / 3);
    await controlsAre(ada, '0');
    await page.mouse.move(stage.x + stage.width / 2 + 20, stage.y + stage.height / 3);
    await controlsAre(ada, '1');
    await controlsAre(ada, '0');
    for (let presses = 0; presses < 2; presses++) { // at one place
      await page.mouse.down();
      await page.mouse.up();
      await controlsAre(ada, '1');
      await controlsAre(ada, '0');
    }
    await page.keyboard.press('Tab');
    await page.focus('#camera'); // moved by the keyboard
    await controlsAre(ada, '1');
    await page.waitForSelector('#stage[data-still]');
    await controlsAre(ada, '1'); // the focus keeps them
    assert.ok(await page.$eval('#camera', (button) => button.matches(':focus-visible')));
  });
}

/** @param {Person} person @param {string} selector */
const boxOf = (person, selector) => person.page.$eval(selector, (element) => {
  const { x, y, width, height } = element.getBoundingClientRect();
  return { x, y, width, height };
});

/** Waits until the own picture is in a corner of the stage. @param {Person} person @param {'left' | 'right'} x @param {'top' | 'bottom'} y */
async function isAt(person, x, y) {
  await person.page.waitForFunction((x, y) => {
    const [own, stage] = ['#own-view', '#stage'].map((selector) => /** @type {Element} */ (document.querySelector(selector)).getBoundingClientRect());
    if (!own || !stage) return false;
    const isLeft = own.left - stage.left < stage.right - own.right;
    const isTop = own.top - stage.top < stage.bottom - own.bottom;
    return isLeft === (x === 'left') && isTop === (y === 'top') && Math.min(own.left - stage.left, stage.right - own.right) < 40;
  }, { polling: 50 }, x, y);
}

/** @param {Person} person */
const fitOf = (person) => person.page.$eval('#picture', (picture) => getComputedStyle(picture).objectFit);

/** Waits until the keys of the call are there, or have faded. @param {Person} person @param {'0' | '1'} opacity */
async function controlsAre(person, opacity) {
  await person.page.waitForFunction((opacity) => getComputedStyle(/** @type {Element} */ (document.querySelector('.stage > .controls'))).opacity === opacity, { polling: 50 }, opacity);
}
