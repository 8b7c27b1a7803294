// Makes the README's picture: docs/call.png, a call between two real browsers.
// Other folders and sizes are for looking at the page:
//
//   node screenshot.mjs [folder [width height [dark]]]

import { mkdir } from 'node:fs/promises';
import { Browser } from './browser.mjs';
import { Lab } from './lab.mjs';
import { Person } from './person.mjs';

const [folder = new URL('../docs/', import.meta.url).pathname, width = '1120', height = '680', scheme = 'light'] = process.argv.slice(2);
await mkdir(folder, { recursive: true });

const lab = await Lab.start();
const browsers = await Promise.all([Browser.start('chromium', lab), Browser.start('chromium', lab)]);
const [grace, ada] = await Promise.all(browsers.map((browser) => Person.open(browser, lab.page)));
for (const [person, name] of /** @type {const} */ ([[grace, 'Grace'], [ada, 'Ada']])) {
  await person.page.setViewport({ width: Number(width), height: Number(height), deviceScaleFactor: 2 });
  await person.page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
  await person.press('Settings');
  await person.paste('Your name', name);
  await person.press('Close');
}
const extra = process.argv.length > 2; // states that the README has no room for
if (extra) await look(grace, 'first');
const card = await ada.card();
await grace.call(card);
await ada.find('button', 'Answer');
if (extra) {
  await look(grace, 'calling');
  await look(ada, 'ring');
}
await ada.press('Answer');
await Promise.all([grace.sees('Connected'), ada.sees('Connected')]);
await grace.says('Are you there?');
await ada.hears('Are you there?');
await ada.says('Yes! And who is between us?');
await grace.hears('Yes! And who is between us?');
await grace.says('Nobody.');
await ada.hears('Nobody.');
await look(grace, 'call');
if (extra) {
  await look(ada, 'stranger');
  await ada.press('Hang up');
  await grace.sees('Call ended');
  await look(grace, 'ended');
  await ada.page.screenshot({ path: `${folder}/people.png` });
}
await Promise.all(browsers.map((browser) => browser.stop()));
await lab.stop();

/** Keeps what a person sees, once nothing moves that will ever stop.
 * @param {Person} person @param {string} name */
async function look(person, name) {
  await person.page.bringToFront();
  await person.page.evaluate(() => Promise.all(document.getAnimations()
    .filter((animation) => animation.effect?.getComputedTiming().endTime !== Infinity)
    .map((animation) => animation.finished)));
  await person.page.screenshot({ path: `${folder}/${name}.png`, optimizeForSpeed: false });
}
