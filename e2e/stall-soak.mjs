// Long calls of several pairs of browsers at once, while windows are resized,
// processors are slow, tabs are frozen and browsers are suspended: no call ends.
//
//   node stall-soak.mjs [calls [minutes of each [pairs at once [seed]]]]

import { Browser } from './browser.mjs';
import { Lab } from './lab.mjs';
import { Person, connect, hangUp } from './person.mjs';
import { fakeDevices } from './senses.mjs';
import { standStill, talk } from './stall.mjs';

const [calls = 100, minutes = 5, pairs = 3, seed = Date.now() % 1e6] = process.argv.slice(2).map(Number);
const times = [3, 10, 19]; // seconds
const limit = 20; // seconds of suspension that a call has to survive; a loaded machine may make it longer

/** @typedef {import('./browser.mjs').Kind} Kind @type {Kind[]} */
const kinds = ['firefox', 'chromium'];
/** @type {Map<string, number>} how often each thing was done to a call */ const done = new Map();
let begun = 0, lost = 0, excused = 0, minutesTalked = 0;

/** One pair after the other. @param {number} worker */
async function soak(worker) {
  for (; begun < calls;) {
    const call = begun++;
    const random = generator(seed * 1000 + call);
    const lab = await Lab.start();
    const browsers = await Promise.all([call & 1, call >> 1 & 1].map((kind) => Browser.start(kinds[kind], lab, fakeDevices[kinds[kind]])));
    try {
      const [caller, callee] = await Promise.all(browsers.map((browser) => Person.open(browser, lab.page)));
      await connect(caller, callee, await callee.card());
      await Promise.all([caller, callee].map(({ page }) => page.evaluate(watch)));
      await disturb(caller, callee, random, `call ${call}, ${caller.browser.kind} to ${callee.browser.kind}`);
    } catch (error) {
      lost++;
      console.log(`call ${call} by pair ${worker}: ${error}`);
    } finally {
      await Promise.all(browsers.map((browser) => browser.stop()));
      await lab.stop();
    }
  }
}

/** Has the page write down what its status says, and when it did not run, in `diary`. */
function watch() {
  /** @type {string[]} */ const diary = Object.assign(globalThis, { diary: [] }).diary;
  const status = document.querySelector('[role=status]');
  const write = (/** @type {string} */ line) => void (diary.at(-1)?.endsWith(line) || diary.push(`${new Date().toISOString().slice(14, 21)} ${line}`));
  new MutationObserver(() => write(status?.textContent?.trim().slice(0, 20) ?? '')).observe(status ?? document, { childList: true, subtree: true, characterData: true });
  let last = performance.now();
  setInterval(() => {
    const now = performance.now();
    if (now - last > 3000) write(`did not run for ${((now - last) / 1000).toFixed(1)} s`);
    last = now;
  }, 500);
}

/** @param {Person} person @returns {Promise<string[]>} */
async function diary(person) {
  return person.page.evaluate(() => /** @type {any} */ (globalThis).diary).catch(() => []);
}

/** @param {Person} caller @param {Person} callee @param {() => number} random @param {string} name */
async function disturb(caller, callee, random, name) {
  const start = performance.now();
  const pick = /** @template T @param {T[]} from */ (from) => from[Math.floor(random() * from.length)];
  /** @type {string[]} */ const story = [];
  let stood = 0;
  try {
    while (performance.now() - start < minutes * 60_000) {
      const people = pick([[caller], [callee], [caller, callee]]);
      const chromium = people.every(({ browser }) => browser.kind === 'chromium');
      const [what, f] = pick(chromium ? [...anywhere, ...inChromium] : anywhere);
      const seconds = pick(times);
      done.set(what, (done.get(what) ?? 0) + 1);
      story.push(`${((performance.now() - start) / 1000).toFixed(0)} s: ${what} ${people.map((person) => (person === caller ? 'caller' : 'callee')).join(' and ')} ${seconds} s`);
      stood = await f(people, seconds);
      await talk(caller, callee, `${story.length}`);
      await new Promise((resolve) => setTimeout(resolve, 15_000 * random()));
    }
    await hangUp(caller, callee);
    console.log(`${name}: well, after ${story.length} times: ${story.join('; ')}`);
  } catch (error) {
    const diaries = await Promise.all([caller, callee].map(diary));
    const pauses = diaries.flat().slice(-20).map((line) => Number(/ run for (\S+)/.exec(line)?.[1] ?? 0));
    const tooLong = Math.max(stood, ...pauses) > limit;
    if (tooLong) excused++; else lost++;
    console.log(`${name}: ${tooLong ? 'excused' : 'LOST'} at ${new Date().toISOString().slice(14, 21)}, after ${((performance.now() - start) / 1000).toFixed(0)} s, stood still for ${
      stood.toFixed(1)} s: ${error}`, story, diaries);
  } finally {
    minutesTalked += (performance.now() - start) / 60_000;
  }
}

/** @typedef {[what: string, f: (people: Person[], seconds: number) => Promise<number>]} Disturbance what is done, and for how long somebody did not run, in seconds */

/** @type {Disturbance[]} */
const anywhere = [['stopped', standStill], ['resized', resize]];

/** @type {Disturbance[]} */
const inChromium = [['frozen', freeze], ['slowed down', slowDown]];

/** Draws a window larger and smaller. @param {Person[]} people @param {number} seconds */
async function resize(people, seconds) {
  const end = performance.now() + seconds * 1000;
  for (let i = 0; performance.now() < end; i++) {
    await Promise.all(people.map(({ page }) => page.setViewport({ width: 320 + i * 37 % 1000, height: 400 + i * 23 % 600 })));
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return 0;
}

/** @param {Person[]} people @param {number} seconds */
async function freeze(people, seconds) {
  const start = performance.now();
  const sessions = await Promise.all(people.map(({ page }) => page.createCDPSession()));
  for (const state of /** @type {const} */ (['frozen', 'active'])) {
    await Promise.all(sessions.map((session) => session.send('Page.setWebLifecycleState', { state })));
    if (state === 'frozen') await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  }
  await Promise.all(people.map(async ({ browser, page }) => { // which was hidden to freeze, and is shown again by another in between
    const other = await browser.connection.newPage();
    await page.bringToFront();
    await other.close();
  }));
  return (performance.now() - start) / 1000;
}

/** @param {Person[]} people @param {number} seconds */
async function slowDown(people, seconds) {
  const sessions = await Promise.all(people.map(({ page }) => page.createCDPSession()));
  for (const rate of [8, 1]) {
    await Promise.all(sessions.map((session) => session.send('Emulation.setCPUThrottlingRate', { rate })));
    if (rate > 1) await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  }
  return 0;
}

/** Numbers of [0, 1) that follow from a seed (mulberry32). @param {number} state */
function generator(state) {
  return () => {
    state = state + 0x6D2B79F5 | 0;
    let x = Math.imul(state ^ state >>> 15, 1 | state);
    x = x + Math.imul(x ^ x >>> 7, 61 | x) ^ x;
    return ((x ^ x >>> 14) >>> 0) / 4294967296;
  };
}

console.log(`seed ${seed}: ${calls} calls of ${minutes} minutes, ${pairs} at once`);
await Promise.all(Array.from({ length: pairs }, (_, i) => soak(i)));
console.log(`${begun} calls, ${minutesTalked.toFixed(0)} minutes: ${lost} lost, ${excused} of sides that stood still for more than ${limit} s; ${
  [...done].map(([what, n]) => `${n} × ${what}`).join(', ')}`);
process.exitCode = lost ? 1 : 0;
