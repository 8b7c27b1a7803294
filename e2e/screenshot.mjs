// Makes the README's picture: docs/call.png, a call between two real browsers.

import { mkdir } from 'node:fs/promises';
import { Browser } from './browser.mjs';
import { Lab } from './lab.mjs';
import { Person } from './person.mjs';

const docs = new URL('../docs/', import.meta.url).pathname;
await mkdir(docs, { recursive: true });

const lab = await Lab.start();
const browsers = await Promise.all([Browser.start('chromium', lab), Browser.start('chromium', lab)]);
const [caller, callee] = await Promise.all(browsers.map((browser) => Person.open(browser, lab.page)));
await caller.page.setViewport({ width: 1120, height: 680, deviceScaleFactor: 2 });
await caller.call(await callee.card());
await Promise.all([caller.sees('Connected'), callee.sees('Connected')]);
await caller.says('Are you there?');
await callee.hears('Are you there?');
await callee.says('Yes! And who is between us?');
await caller.hears('Yes! And who is between us?');
await caller.says('Nobody.');
await callee.hears('Nobody.');
await caller.page.evaluate(() => Promise.all(document.getAnimations().map((animation) => animation.finished)));
await caller.page.screenshot({ path: `${docs}call.png`, optimizeForSpeed: false });
await Promise.all(browsers.map((browser) => browser.stop()));
await lab.stop();
