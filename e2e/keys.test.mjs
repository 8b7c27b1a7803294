// The keyboard's shortcuts in a call.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { open, start } from './once.mjs';
import { Person, connect } from './person.mjs';
import { fakeDevices } from './senses.mjs';

for (const [kind, other] of /** @type {const} */ ([['chromium', 'firefox'], ['firefox', 'chromium']])) {
  test(`keys in ${kind} mute, show the camera and the shortcuts, but not while the person types`, async (t) => {
    const lab = await start(t);
    const [ada, bob] = await Promise.all([kind, other].map(async (kind) => Person.open(await open(t, kind, lab, fakeDevices[kind]), lab.page)));
    const { keyboard } = ada.page;
    await ada.page.setViewport({ width: 1280, height: 800 }); // settings are in sight during a call
    for (const key of /** @type {const} */ (['m', 'h', 'z'])) await keyboard.press(key); // there is no call
    await connect(ada, bob, await bob.card());
    await ada.find('button', 'Mute');

    await keyboard.press('m');
    await ada.find('button', 'Unmute');
    await keyboard.press('M');
    await ada.find('button', 'Mute');
    assert.equal(await focused(ada), 'hang-up'); // where the page has put the focus
    await keyboard.press(' ');
    await ada.find('button', 'Unmute');
    await ada.sees('Connected'); // it did not hang up
    await ada.press('Unmute');
    await keyboard.press(' '); // after a click on it, once only
    await ada.find('button', 'Unmute');
    await keyboard.press('v');
    await pressed(ada, 'camera', 'true');
    await ada.page.waitForSelector('#own-tile', { visible: true }); // nothing was hidden before
    assert.equal(await ada.page.$eval('#theatre', (theatre) => theatre.getAttribute('data-fit')), null);
    await keyboard.down('Control');
    await keyboard.press('m'); // not ours
    await keyboard.up('Control');
    await keyboard.press('v');
    await pressed(ada, 'camera', 'false');
    await ada.find('button', 'Unmute');

    await ada.type('Message', 'movies? 7 v');
    assert.equal(await ada.reads('Message'), 'movies? 7 v');
    await ada.find('button', 'Unmute');
    await pressed(ada, 'camera', 'false');
    assert.equal(await ada.page.$('#keys[open]'), null);

    await keyboard.press('Tab');
    await keyboard.press('Tab');
    await ada.page.focus('#camera');
    await keyboard.press(' '); // the person has moved the focus
    await pressed(ada, 'camera', 'true');
    await ada.find('button', 'Unmute');

    await ada.page.mouse.click(2, 2);
    await keyboard.press('f');
    await ada.page.waitForFunction(() => document.fullscreenElement?.id === 'stage', { polling: 50 });
    await keyboard.press('Escape');
    await ada.page.waitForFunction(() => !document.fullscreenElement, { polling: 50 });

    await keyboard.type('?');
    await ada.page.waitForSelector('#keys[open]');
    assert.match(await ada.page.$eval('#keys', (dialog) => dialog.textContent ?? ''), /M\s+Space\s*Mute or unmute/);
    await keyboard.press('m');
    await keyboard.press('Escape');
    await ada.page.waitForSelector('#keys:not([open])');
    await ada.find('button', 'Unmute');
    assert.equal(await ada.page.$eval('#mute', (button) => button.getAttribute('aria-keyshortcuts')), 'M Space');

    await ada.press('Settings');
    await ada.page.click('dialog[open] ::-p-aria(Keyboard shortcuts)');
    await ada.press('Close', '#settings');
    await ada.page.waitForSelector('#settings:not([open])');
    await ada.page.mouse.click(2, 2);
    await keyboard.press('m');
    await keyboard.type('?');
    await ada.press('Unmute'); // they are off
    await ada.find('button', 'Mute');
    assert.equal(await ada.page.$('#keys[open]'), null);
  });
}

/** @param {Person} person */
const focused = (person) => person.page.evaluate(() => document.activeElement?.id);

/** @param {Person} person @param {string} id of a button @param {string} is */
const pressed = (person, id, is) => person.page.waitForSelector(`#${id}[aria-pressed=${is}]`);
