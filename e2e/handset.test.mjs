// What the device does for a call beside the page: the screen stays on, it vibrates, the
// app's icon has a count, and headsets and lock screens have keys. The browsers' own
// interfaces are called, and note what they are told.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { open, start } from './once.mjs';
import { Person, connect, hangUp } from './person.mjs';
import { fakeDevices } from './senses.mjs';
import { until } from './until.mjs';

/** @typedef {import('./browser.mjs').Kind} Kind */
/** @typedef {{locks: WakeLockSentinel[], vibrates: unknown[], badges: unknown[], keys: Record<string, MediaSessionActionHandler | null>}} Noted */

/** Notes what the page tells the device, and tells it. Where a browser has no vibration or badge, it notes that alone. */
function note() {
  /** @type {Noted} */ const noted = { locks: [], vibrates: [], badges: [], keys: {} };
  /** @param {any} object @param {string} method @param {(args: any[], result: any) => void} f */
  const watch = (object, method, f) => {
    const original = object?.[method];
    if (object) object[method] = function (/** @type {any[]} */ ...args) {
      const result = original?.apply(this, args) ?? Promise.resolve();
      f(args, result);
      return result;
    };
  };
  watch(globalThis.WakeLock?.prototype, 'request', (_, lock) => lock.then((/** @type {WakeLockSentinel} */ lock) => noted.locks.push(lock), () => {}));
  watch(Navigator.prototype, 'vibrate', ([pattern]) => noted.vibrates.push(pattern));
  watch(Navigator.prototype, 'setAppBadge', ([count]) => noted.badges.push(count));
  watch(MediaSession.prototype, 'setActionHandler', ([action, handler]) => { noted.keys[action] = handler; });
  Object.assign(globalThis, { noted });
}

/** @param {import('node:test').TestContext} t @param {Kind} kind @param {import('./lab.mjs').Lab} lab */
async function person(t, kind, lab) {
  const browser = await open(t, kind, lab, fakeDevices[kind]);
  const page = await browser.connection.newPage();
  await page.evaluateOnNewDocument(note);
  await page.goto(lab.page);
  const person = new Person(browser, page);
  await person.sees('Ready');
  return person;
}

/** @template T @param {Person} person @param {(noted: Noted) => T} look @returns {Promise<T>} */
async function noted({ page }, look) {
  return /** @type {Promise<T>} */ (page.evaluate(`(${look})(noted)`));
}

/** Waits until the screen is kept on, or not. @param {Person} person @param {boolean} on */
async function isAwake(person, on) {
  await until(`the screen of the ${person.browser.kind} page ${on ? 'to stay on' : 'to be let go'}`, async () =>
    (await noted(person, ({ locks }) => locks.filter((lock) => !lock.released).length)) === Number(on) || undefined);
}

/** Presses a key of a headset. @param {Person} person @param {string} action */
async function pressKey({ page }, action) {
  await page.evaluate((action) => /** @type {any} */ (globalThis).noted.keys[action]({ action }), action);
}

/** Waits until the lock screen names somebody, or nobody. @param {Person} person @param {string | undefined} name */
async function names(person, name) {
  await until(`the lock screen to name ${name}`, async () =>
    (await person.page.evaluate(() => navigator.mediaSession.metadata?.title ?? '')) === (name ?? '') || undefined);
}

for (const [callerKind, calleeKind] of /** @type {const} */ ([['chromium', 'firefox'], ['firefox', 'chromium']])) {
  test(`a call from ${callerKind} keeps the screens on, vibrates at ${calleeKind}, and has the keys of a headset`, async (t) => {
    const lab = await start(t);
    const [caller, callee] = await Promise.all([person(t, callerKind, lab), person(t, calleeKind, lab)]);
    await caller.isCalled('Ada');
    await connect(caller, callee, await callee.card());
    await callee.press('Save contact');
    await callee.press('Save', 'dialog[open]');
    await names(callee, 'Ada');
    await Promise.all([isAwake(caller, true), isAwake(callee, true)]);
    await hangUp(caller, callee);
    await Promise.all([isAwake(caller, false), isAwake(callee, false), names(callee, undefined)]);
    assert.deepEqual(await noted(callee, ({ keys }) => Object.values(keys).filter(Boolean)), [], 'keys after the call');

    await caller.callContact();
    await callee.rings('Ada is calling');
    await until('it to vibrate', async () => Array.isArray(await noted(callee, ({ vibrates }) => vibrates.at(-1))) || undefined);
    await isAwake(callee, true);
    await callee.press('Answer');
    await Promise.all([caller.sees('Connected'), callee.sees('Connected')]);
    assert.equal(await noted(callee, ({ vibrates }) => vibrates.at(-1)), 0, 'it vibrates no more');
    assert.deepEqual(await noted(caller, ({ vibrates }) => vibrates), [], 'the caller asks nobody');
    for (const each of [caller, callee].filter(({ browser }) => browser.kind === 'chromium')) { // Firefox knows no keys of calls
      await pressKey(each, 'togglemicrophone');
      await each.find('button', 'Unmute');
      await pressKey(each, 'togglecamera');
      await each.page.waitForSelector('#camera[aria-pressed=true]');
      await pressKey(each, 'hangup');
      await Promise.all([caller.sees('Call ended'), callee.sees('Call ended')]);
      await isAwake(each, false);
    }
  });
}

for (const kind of /** @type {Kind[]} */ (['firefox', 'chromium'])) {
  test(`a page of ${kind} that was hidden in a call keeps the screen on again`, async (t) => {
    const lab = await start(t);
    const [caller, callee] = await Promise.all([person(t, kind, lab), person(t, kind, lab)]);
    await connect(caller, callee, await callee.card());
    await isAwake(callee, true);
    const other = await callee.browser.connection.newPage();
    await other.bringToFront();
    await until('the page to be hidden', async () => await callee.page.evaluate(() => document.hidden) || undefined);
    await isAwake(callee, false);
    await callee.page.bringToFront();
    await isAwake(callee, true);
    await hangUp(callee, caller);
    await isAwake(callee, false);
  });

  test(`the icon of ${kind} counts missed calls until they are seen, and a headset's key declines`, async (t) => {
    const lab = await start(t);
    const [caller, callee] = await Promise.all([person(t, kind, lab), person(t, kind, lab)]);
    const badge = (/** @type {number} */ count) => until(`a count of ${count}`, async () => (await noted(callee, ({ badges }) => badges.at(-1))) === count || undefined);
    await caller.call(await callee.card());
    await callee.rings('Unknown caller');
    await caller.press('Hang up');
    await callee.sees('Missed call');
    await badge(1);
    await caller.callContact();
    await callee.rings('Unknown caller');
    await names(callee, 'Unknown caller');
    if (kind === 'chromium') {
      await pressKey(callee, 'hangup');
      await caller.sees('Declined');
    } else {
      await caller.press('Hang up');
      await callee.sees('Missed call');
      await badge(2);
    }
    await callee.page.$eval('#calls-heading', (heading) => heading.scrollIntoView({ block: 'center' }));
    await badge(0);
  });
}
