// What a file costs, beside a data channel as it comes: how fast it goes, and
// what it takes of each page's main thread. Two browsers of a kind, in a call.
//
//   node bench/files.mjs [runs [MiB]]     3 runs of 64 MiB if not said

import { readFile } from 'node:fs/promises';
import { Folder, startWithDownloads } from '../e2e/downloads.mjs';
import { Lab } from '../e2e/lab.mjs';
import { Person, connect } from '../e2e/person.mjs';

const runs = Number(process.argv[2] ?? 3);
const total = Number(process.argv[3] ?? 64) * (1 << 20); // octets
const sizes = [16, 64, 256]; // KiB of a message

/** @typedef {{rate: number, sender: number, receiver: number}} Cost MiB in a second; ms of main thread for a MiB */

/** Runs f, and tells what it cost. @param {Person[]} people @param {() => Promise<number>} f milliseconds @returns {Promise<Cost>} */
async function measure(people, f) {
  const before = await Promise.all(people.map(({ browser }) => browser.busy()));
  const ms = await f();
  const after = await Promise.all(people.map(({ browser }) => browser.busy()));
  const mib = total / (1 << 20);
  const [sender, receiver] = after.map((value, i) => (value - before[i]) / mib);
  return { rate: mib / ms * 1000, sender, receiver };
}

/** Sends a file as people do. @param {Person} from @param {Person} to @param {string} path @param {number} message octets */
async function ours(from, to, path, message) {
  await from.page.evaluate((message) => { Object(window).FileChannel.message = message; }, message);
  await from.sends(path);
  await to.seesFile('bench.bin', /^\d+ MB$/);
  return measure([from, to], async () => {
    const ms = to.page.evaluate(() => new Promise((resolve) => {
      const item = /** @type {HTMLElement} */ (document.querySelector('[aria-label="Files"] > li'));
      const accept = /** @type {HTMLElement} */ ([...item.querySelectorAll('button')].find((button) => button.innerText === 'Accept'));
      const begun = performance.now();
      const watching = new MutationObserver(() => {
        if (!item.innerText.includes('received')) return;
        watching.disconnect();
        resolve(performance.now() - begun);
      });
      watching.observe(item, { subtree: true, childList: true, characterData: true });
      accept.click();
    }));
    return /** @type {Promise<number>} */ (ms);
  });
}

/** The same with a data channel of their own. @param {Person} from @param {Person} to @param {number} message octets @param {boolean} file */
async function peers(from, to, message, file) {
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
    const input = Object.assign(document.createElement('input'), { type: 'file', id: 'plain-file' });
    document.body.append(input);
  });
  const input = await from.page.$('#plain-file');
  await /** @type {import('puppeteer-core').ElementHandle<HTMLInputElement>} */ (input).uploadFile(path);
}

/** @param {number[]} values */
const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];

/** @param {string} name @param {Cost[]} costs @param {Cost[]} peer */
function print(name, costs, peer) {
  const columns = /** @type {const} */ (['rate', 'sender', 'receiver']).flatMap((part) => {
    const values = costs.map((cost) => cost[part]);
    return [median(values), Math.min(...values), Math.max(...values), median(values) / median(peer.map((cost) => cost[part]))];
  });
  console.log(`  ${name}`.padEnd(30) + columns.map((value, i) => value.toFixed(i % 4 === 3 ? 2 : 1).padStart(i % 4 ? 6 : 9)).join(''));
}

for (const kind of /** @type {const} */ (['firefox', 'chromium'])) {
  const lab = await Lab.start();
  const folders = await Promise.all([Folder.make(), Folder.make(), Folder.make()]);
  const path = await folders[0].add('bench.bin', total);
  const browsers = await Promise.all([1, 2].map((i) => startWithDownloads(kind, lab, folders[i])));
  const [from, to] = await Promise.all(browsers.map((browser) => Person.open(browser, lab.page)));
  await connect(from, to, await to.card());
  await introduce(from, to, path);
  console.log(`\n${kind} to ${kind}, ${total / (1 << 20)} MiB, ${runs} runs; ratio to the plain data channel`);
  console.log(''.padEnd(30) + ['MiB in a second', 'sender, ms/MiB', 'receiver, ms/MiB'].map((title) => title.padStart(27)).join(''));
  console.log(''.padEnd(30) + '   median   min   max ratio'.repeat(3));
  for (const size of sizes) {
    const message = size * 1024;
    /** @type {Cost[][]} */ const costs = [[], [], []];
    for (let run = 0; run < runs; run++) {
      costs[0].push(await peers(from, to, message, false));
      costs[1].push(await peers(from, to, message, true));
      costs[2].push(await ours(from, to, path, message));
    }
    ['plain data channel', 'plain, file to file', 'Pushcall, file to file'].forEach((name, i) => print(`${size} KiB: ${name}`.padStart(0), costs[i], costs[0]));
  }
  await Promise.all(browsers.map((browser) => browser.stop()));
  await lab.stop();
  await Promise.all(folders.map((folder) => folder.remove()));
}
