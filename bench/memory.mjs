// Measures a page's memory: idle, in a call, and after ten and a hundred calls, beside a
// page with only PeerJS, and idle beside an empty Go program. The memory of the browser
// without the page is subtracted.
//
//   node bench/memory.mjs [--quick]

import { Browser } from '../e2e/browser.mjs';
import { Lab } from '../e2e/lab.mjs';
import { Person, connect, hangUp } from '../e2e/person.mjs';
import { Attempts } from './attempts.mjs';
import { buildEmpty } from './empty.mjs';
import { Peers } from './peers.mjs';
import { kinds, paintsAll, unlessQuick } from './setting.mjs';
import { report, row } from './table.mjs';

/** After how many calls to measure. A hundred take minutes, so only the last browser makes them. @param {import('../e2e/browser.mjs').Kind} kind */
const counts = (kind) => unlessQuick(kind === kinds.at(-1) ? [10, 100] : [10], [3]);

/** @typedef {{idle: number, called: number, after: number[]}} Memory MiB, after for each of the counts */

/** Returns the memory of an idle browser: the minimum over two seconds. @param {Browser} browser */
async function calm(browser) {
  let least = Infinity;
  for (const began = performance.now(); performance.now() - began < 2000;) least = Math.min(least, await browser.memory());
  return least;
}

/** Measures the memory of a page during its calls.
 * @param {Browser} browser @param {{open: () => Promise<void>, call: () => Promise<void>, hangUp: () => Promise<void>}} steps @returns {Promise<Memory>} */
async function follow(browser, steps) {
  const without = await calm(browser);
  const began = performance.now();
  await steps.open();
  const idle = await calm(browser);
  await steps.call();
  const called = await calm(browser);
  await steps.hangUp();
  const after = [];
  let made = 1;
  for (const count of counts(browser.kind)) {
    for (; made < count; made++) {
      await steps.call();
      await steps.hangUp();
    }
    after.push(await calm(browser) - without);
    console.error(`${count} calls: ${Math.round((performance.now() - began) / 1000)} s`);
  }
  return { idle: idle - without, called: called - without, after };
}

/** Runs f with two new browsers. @template T @param {import('../e2e/browser.mjs').Kind} kind @param {Lab} lab @param {(browsers: Browser[]) => Promise<T>} f */
async function withBrowsers(kind, lab, f) {
  const browsers = await Promise.all([Browser.start(kind, lab, paintsAll), Browser.start(kind, lab, paintsAll)]);
  try {
    return await f(browsers);
  } finally {
    await Promise.all(browsers.map((browser) => browser.stop()));
  }
}

/** @param {Lab} lab @param {Browser[]} browsers */
async function ours(lab, [here, there]) {
  const callee = await Person.open(there, lab.page);
  const card = await callee.card();
  /** @type {Person} */ let caller;
  let known = false;
  return follow(here, {
    open: async () => { caller = await Person.open(here, lab.page); },
    call: async () => {
      await connect(caller, callee, known ? undefined : card);
      known = true;
    },
    hangUp: () => hangUp(caller, callee),
  });
}

/** @param {Peers} peers @param {Browser[]} browsers */
async function peerJS(peers, [here, there]) {
  const callee = await peers.visit(there, 'peerjs');
  const address = await callee.evaluate(() => Object(window).address);
  /** @type {import('../e2e/person.mjs').Page} */ let page;
  return follow(here, {
    open: async () => { page = await peers.visit(here, 'peerjs'); },
    call: () => page.evaluate(async (address) => { await Object(window).call(address); }, address),
    hangUp: () => page.evaluate(() => Object(window).hangUp()),
  });
}

/** @param {Peers} peers @param {Browser[]} browsers of which the other one shares as much with this one as in a call */
async function empty(peers, [browser]) {
  const without = await calm(browser);
  await peers.visit(browser, 'empty');
  return await calm(browser) - without;
}

await buildEmpty();
for (const kind of kinds) {
  const lab = await Lab.start('--rate', '1000', '--burst', '1000'); // as if the calls were hours apart
  const peers = await Peers.start();
  try {
    const mine = await withBrowsers(kind, lab, (browsers) => ours(lab, browsers));
    const theirs = /** @type {Attempts<Memory>} */ (new Attempts(180));
    await theirs.add(() => withBrowsers(kind, lab, (browsers) => peerJS(peers, browsers)));
    const least = await withBrowsers(kind, lab, (browsers) => empty(peers, browsers));
    /** @param {string} name @param {(memory: Memory) => number} figure @param {Record<string, number[]>} [more] */
    const beside = (name, figure, more) => row(name, 'MiB', [figure(mine)], { 'PeerJS alone': theirs.of(figure), ...more });
    await report(`Memory of the caller's page, ${kind}`, [
      beside('idle', ({ idle }) => idle, { 'empty Go program': [least] }),
      beside('in a call', ({ called }) => called),
      ...counts(kind).map((count, i) => beside(`after ${count} calls`, ({ after }) => after[i], i ? { 'Pushcall after 10 calls': [mine.after[0]] } : {})),
    ]);
  } finally {
    await Promise.all([lab.stop(), peers.stop()]);
  }
}
