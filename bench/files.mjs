// What a file costs, beside a data channel as it comes: how fast it goes, and
// what it takes of each page's main thread. Two browsers of a kind, in a call,
// and all of it between the same two pages.
//
//   node bench/files.mjs [--quick]

import { readFile } from 'node:fs/promises';
import { Folder, startWithDownloads } from '../e2e/downloads.mjs';
import { Lab } from '../e2e/lab.mjs';
import { Person, connect } from '../e2e/person.mjs';
import { kinds, unlessQuick } from './setting.mjs';
import { report, row } from './table.mjs';

const runs = unlessQuick(3, 1);
const mib = unlessQuick(32, 16);
const total = mib * (1 << 20); // octets
const sizes = unlessQuick([16, 64, 256], [64]); // KiB of a message

/** @typedef {{rate: number, sender: number, receiver: number}} Cost MiB in a second; ms of main thread for a MiB */

/** Runs f, and tells what it cost. @param {Person[]} people @param {() => Promise<number>} f milliseconds @returns {Promise<Cost>} */
async function measure(people, f) {
  const before = await Promise.all(people.map(({ browser }) => browser.busy()));
  const ms = await f();
  const after = await Promise.all(people.map(({ browser }) => browser.busy()));
  const [sender, receiver] = after.map((value, i) => (value - before[i]) / mib);
  return { rate: mib / ms * 1000, sender, receiver };
}

/** Sends a file as people do. @param {Person} from @param {Person} to @param {string} path @param {number} message octets */
async function ours(from, to, path, message) {
  await from.page.evaluate((message) => { Object(window).FileChannel.message = message; }, message);
  await from.sends(path);
  await to.seesFile('bench.bin', /^\d+ MB$/);
  return measure([from, to], () => to.page.evaluate(() => new Promise((/** @type {(ms: number) => void} */ resolve, reject) => {
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

/** The same with a data channel of their own. @param {Person} from @param {Person} to @param {number} message octets @param {boolean} file */
async function plain(from, to, message, file) {
  await to.page.evaluate((total, file) => Object(window).plain.take(total, file), total, file);
  return measure([from, to], () => from.page.evaluate((total, message, file) => {
    const input = /** @type {HTMLInputElement} */ (document.querySelector('#plain-file'));
    return Object(window).plain.give(total, message, file ? input.files?.[0] : undefined);
  }, total, message, file));
}

/** Gives two pages a connection of their own. @param {Person} from @param {Person} to @param {string} path of the file to send */
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

/** The costs of all runs, for each size of a message. @param {Person} from @param {Person} to @param {string} path */
async function* compare(from, to, path) {
  for (const size of sizes) {
    const message = size * 1024;
    /** @type {Record<'ours' | 'toFile' | 'bare', Cost[]>} */ const costs = { ours: [], toFile: [], bare: [] };
    for (let run = 0; run < runs; run++) {
      costs.bare.push(await plain(from, to, message, false));
      costs.toFile.push(await plain(from, to, message, true));
      costs.ours.push(await ours(from, to, path, message));
    }
    yield { size, costs };
  }
}

for (const kind of kinds) {
  const lab = await Lab.start();
  const folders = await Promise.all([Folder.make(), Folder.make(), Folder.make()]);
  const path = await folders[0].add('bench.bin', total);
  const browsers = await Promise.all([1, 2].map((i) => startWithDownloads(kind, lab, folders[i])));
  try {
    const [from, to] = await Promise.all(browsers.map((browser) => Person.open(browser, lab.page)));
    await connect(from, to, await to.card());
    await introduce(from, to, path);
    const rows = [];
    for await (const { size, costs } of compare(from, to, path)) {
      for (const [part, name, unit] of /** @type {const} */ ([['rate', 'rate', 'MiB/s'], ['sender', "sender's main thread", 'ms/MiB'], ['receiver', "receiver's main thread", 'ms/MiB']])) {
        const [mine, toFile, bare] = [costs.ours, costs.toFile, costs.bare].map((list) => list.map((cost) => cost[part]));
        rows.push(row(`${size} KiB messages: ${name}`, unit, mine, { 'plain, file to file': toFile, 'plain, memory to nowhere': bare }));
      }
    }
    await report(`A file of ${mib} MiB, ${kind} to ${kind}`, rows);
  } finally {
    await Promise.all(browsers.map((browser) => browser.stop()));
    await lab.stop();
    await Promise.all(folders.map((folder) => folder.remove()));
  }
}
