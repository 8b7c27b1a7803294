// Measures file transfers beside a plain data channel and other libraries: the rate,
// and the time of the main threads of each browser's pages. Two browsers of a kind are
// in a call. The plain channel connects the same two pages; the libraries run in other
// tabs.
//
//   node bench/files.mjs [--quick]

import { readFile } from 'node:fs/promises';
import { Folder, startWithDownloads } from '../e2e/downloads.mjs';
import { Lab } from '../e2e/lab.mjs';
import { Person, connect } from '../e2e/person.mjs';
import { Attempts } from './attempts.mjs';
import { Peers } from './peers.mjs';
import { kinds, unlessQuick } from './setting.mjs';
import { report, row } from './table.mjs';

const runs = unlessQuick(3, 1);
const mib = unlessQuick(32, 16);
const total = mib * (1 << 20); // octets
const sizes = unlessQuick([16, 64, 256], [64]); // KiB of a message

/** @typedef {{rate: number, sender: number, receiver: number}} Cost MiB in a second; ms of main thread for a MiB */

/** @typedef {import('../e2e/browser.mjs').Browser} Browser */

/** Runs f, and returns its cost. @param {Browser[]} browsers @param {() => Promise<number>} f milliseconds @returns {Promise<Cost>} */
async function measure(browsers, f) {
  const before = await Promise.all(browsers.map((browser) => browser.busy()));
  const ms = await f();
  const after = await Promise.all(browsers.map((browser) => browser.busy()));
  const [sender, receiver] = after.map((processes, i) => sum([...processes].map(([id, ms]) => ms - (before[i].get(id) ?? 0))) / mib);
  return { rate: mib / ms * 1000, sender, receiver };
}

/** @param {number[]} list */
const sum = (list) => list.reduce((a, b) => a + b, 0);

/** Sends a file as people do. @param {Person} from @param {Person} to @param {string} path @param {number} message octets */
async function ours(from, to, path, message) {
  await from.page.evaluate((message) => { Object(window).FileWorker.message = message; }, message);
  await from.sends(path);
  await to.seesFile('bench.bin', /^\d+ MB$/);
  return measure([from.browser, to.browser], () => to.page.evaluate(() => new Promise((/** @type {(ms: number) => void} */ resolve, reject) => {
    const item = /** @type {HTMLElement} */ (document.querySelector('[aria-label="Files"] > li'));
    const accept = [...item.querySelectorAll('button')].find((button) => button.innerText === 'Accept');
    const begun = performance.now();
    const watching = new MutationObserver(() => {
      if (item.matches('.done')) resolve(performance.now() - begun);
      else if (item.matches('.failed')) reject(new Error(item.innerText));
      else return;
      watching.disconnect();
    });
    watching.observe(item, { attributeFilter: ['class'] });
    accept?.click();
  })));
}

/** Sends a file over a plain data channel. @param {Person} from @param {Person} to @param {number} message octets @param {boolean} file */
async function plain(from, to, message, file) {
  await to.page.evaluate((total, file) => Object(window).plain.take(total, file), total, file);
  return measure([from.browser, to.browser], () => from.page.evaluate((total, message, file) => {
    const input = /** @type {HTMLInputElement} */ (document.querySelector('#plain-file'));
    return Object(window).plain.give(total, message, file ? input.files?.[0] : undefined);
  }, total, message, file));
}

/** Connects two pages by a plain peer connection. @param {Person} from @param {Person} to @param {string} path of the file to send */
async function introduce(from, to, path) {
  const script = await readFile(new URL('plain.js', import.meta.url), 'utf8');
  for (const { page } of [from, to]) await page.evaluate(`(() => { ${script} })()`);
  const meet = (/** @type {Person} */ person, /** @type {unknown} */ remote) => person.page.evaluate((remote) => Object(window).plain.meet(remote), remote);
  await meet(from, await meet(to, await meet(from, undefined)));
  await from.page.evaluate(() => {
    document.body.append(Object.assign(document.createElement('input'), { type: 'file', id: 'plain-file', hidden: true }));
  });
  await (await from.page.$('input#plain-file'))?.uploadFile(path);
}

/** Returns the costs of all runs by sender, for each size of a message.
 * @param {Person} from @param {Person} to @param {string} path @param {import('./peers.mjs').Carrier[]} libraries */
async function* compare(from, to, path, libraries) {
  const browsers = [from.browser, to.browser];
  for (const size of sizes) {
    const message = size * 1024;
    /** @type {Cost[]} */ const mine = [];
    const senders = [
      { name: 'plain, file to file', send: () => plain(from, to, message, true) },
      { name: 'plain, memory to nowhere', send: () => plain(from, to, message, false) },
      ...libraries.map(({ name, prepare, send }) => ({
        name, send: async () => { await prepare(); return measure(browsers, () => send(message)); },
      })),
    ];
    const theirs = senders.map(({ name, send }) => ({ name, send, costs: /** @type {Attempts<Cost>} */ (new Attempts()) }));
    for (let run = size === sizes[0] ? -1 : 0; run < runs; run++) { // the first run is a warm-up
      for (const { page } of [from, to]) await page.bringToFront();
      const cost = await ours(from, to, path, message);
      if (run >= 0) mine.push(cost);
      for (const { send, costs } of theirs) await costs.add(send, run >= 0);
    }
    yield { size, mine, theirs };
  }
}

/** @type {{part: keyof Cost, name: string, unit: string}[]} */
const figures = [
  { part: 'rate', name: 'rate', unit: 'MiB/s' },
  { part: 'sender', name: "sender's main thread", unit: 'ms/MiB' },
  { part: 'receiver', name: "receiver's main thread", unit: 'ms/MiB' },
];

for (const kind of kinds) {
  const lab = await Lab.start();
  const peers = await Peers.start();
  const folders = await Promise.all([Folder.make(), Folder.make(), Folder.make()]);
  const path = await folders[0].add('bench.bin', total);
  const browsers = await Promise.all([1, 2].map((i) => startWithDownloads(kind, lab, folders[i])));
  try {
    const [from, to] = await Promise.all(browsers.map((browser) => Person.open(browser, lab.page)));
    await connect(from, to, await to.card());
    await introduce(from, to, path);
    const rows = [];
    for await (const { size, mine, theirs } of compare(from, to, path, peers.carriers(browsers, path, total))) {
      for (const { part, name, unit } of figures) {
        const beside = Object.fromEntries(theirs.map(({ name, costs }) => [name, costs.of((cost) => cost[part])]));
        rows.push(row(`${size} KiB messages: ${name}`, unit, mine.map((cost) => cost[part]), beside));
      }
    }
    await report(`A file of ${mib} MiB, ${kind} to ${kind}`, rows);
  } finally {
    await Promise.all(browsers.map((browser) => browser.stop()));
    await Promise.all([lab.stop(), peers.stop()]);
    await Promise.all(folders.map((folder) => folder.remove()));
  }
}
