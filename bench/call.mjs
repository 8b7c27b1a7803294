// Click to connected, split into its parts: two browsers, the lab's push
// services, one clock.
//
//   node bench/call.mjs [calls]     7 calls of each pair if not said

import { Browser } from '../e2e/browser.mjs';
import { Lab } from '../e2e/lab.mjs';
import { Person } from '../e2e/person.mjs';

const calls = Number(process.argv[2] ?? 7);

/** What happens between one time and the next. */
const parts = ['make the offer and post it', 'push service', 'wake, make the answer, post it', 'push service', 'wake, connect'];

/** Keeps in the page when the person clicked and when it was connected.
 * @param {Person} person */
async function watch(person) {
  await person.page.evaluate(() => {
    const times = { clicked: 0, connected: 0 };
    Object.assign(window, { times });
    document.addEventListener('click', () => { times.clicked = Date.now(); }, true);
    const status = /** @type {Element} */ (document.querySelector('[role=status]'));
    new MutationObserver(() => {
      if (status.textContent?.startsWith('Connected')) times.connected ||= Date.now();
    }).observe(status, { childList: true, characterData: true, subtree: true });
  });
}

/** One call; the times of its steps in milliseconds.
 * @param {Lab} lab @param {Person} caller @param {Person} callee @param {string} card */
async function measure(lab, caller, callee, card) {
  const before = (await lab.messages()).length;
  await caller.page.evaluate(() => { Object(window).times.connected = 0; });
  await caller.call(card);
  await Promise.all([caller.sees('Connected'), callee.sees('Connected')]);
  const { clicked, connected } = await caller.page.evaluate(() => Object(window).times);
  const [offer, answer] = (await lab.messages()).slice(before);
  await caller.press('Hang up');
  await Promise.all([caller.sees('Call ended'), callee.sees('Call ended')]);
  const steps = [clicked, ...[offer, answer].flatMap(({ received, delivered }) => [Date.parse(received), Date.parse(delivered ?? '')]), connected];
  return parts.map((_, i) => steps[i + 1] - steps[i]);
}

/** @param {number[]} values */
function summary(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return [sorted[sorted.length >> 1], sorted[0], sorted[sorted.length - 1]].map((value) => value.toFixed(0).padStart(6)).join('');
}

for (const kind of /** @type {const} */ (['firefox', 'chromium'])) {
  const lab = await Lab.start();
  const browsers = await Promise.all([Browser.start(kind, lab), Browser.start(kind, lab)]);
  const [caller, callee] = await Promise.all(browsers.map((browser) => Person.open(browser, lab.page)));
  const card = await callee.card();
  await watch(caller);
  /** @type {number[][]} */ const runs = [];
  for (let i = 0; i < calls; i++) runs.push(await measure(lab, caller, callee, card));
  console.log(`\n${kind} to ${kind}, ${calls} calls, ms`.padEnd(42) + 'median   min   max');
  parts.forEach((part, i) => console.log(`  ${part}`.padEnd(40) + summary(runs.map((run) => run[i]))));
  console.log('  click to connected'.padEnd(40) + summary(runs.map((run) => run.reduce((a, b) => a + b))));
  await Promise.all(browsers.map((browser) => browser.stop()));
  await lab.stop();
}
