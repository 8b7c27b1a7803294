// Measures octets, and time from navigation until a page is ready, at the first and
// the second visit, also over slow lines. Beside it: an empty Go program, and a page
// with only PeerJS, which is ready when its broker knows it. Of webwormhole, which also
// has a Go program, only the size.
//
//   node bench/start.mjs [--quick]

import { execFileSync } from 'node:child_process';
import { copyFile, mkdir, readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { Browser } from '../e2e/browser.mjs';
import { fill } from '../e2e/crowd.mjs';
import { Lab } from '../e2e/lab.mjs';
import { until } from '../e2e/until.mjs';
import { Attempts } from './attempts.mjs';
import { root } from './gobench.mjs';
import { Peers } from './peers.mjs';
import { kinds, paintsAll, unlessQuick } from './setting.mjs';
import { Slow, lines } from './slow.mjs';
import { report, row } from './table.mjs';

/** Visits with a new profile: slow lines make times alike. @param {import('./slow.mjs').Line} line */
const runs = (line) => unlessQuick(line === lines[0] ? 3 : 2, 1);
const work = join(root, 'build/bench');
const quiet = 500; // milliseconds without an octet: the page has loaded everything

/** @typedef {{name: string, url: string, slow: Slow}} Place a page, by way of a slow line
 * @typedef {{ready: number, octets: number}} Visit ready in milliseconds from navigation */

/** webwormhole's web/webwormhole.wasm, in octets of brotli 11. Nobody publishes it but its own page, and the Go proxy has
 * neither webwormhole.io nor filippo.io/cpace, which it imports: this is what its published source (13a0cfd, with other words
 * in its list) made with Go 1.26.8, as Pushcall's program is made. Its page does WebRTC in JavaScript. */
const webwormhole = 755_970;

/** The empty program, built like Pushcall's. */
async function buildEmpty() {
  await mkdir(work, { recursive: true });
  execFileSync('go', ['build', '-trimpath', '-ldflags=-s -w', '-o', join(work, 'empty.wasm'), './empty'],
    { cwd: join(root, 'bench'), env: { ...process.env, GOOS: 'js', GOARCH: 'wasm' } });
  await copyFile(join(execFileSync('go', ['env', 'GOROOT'], { encoding: 'utf8' }).trim(), 'lib/wasm/wasm_exec.js'), join(work, 'wasm_exec.js'));
}

/** The octets of the programs alone. */
async function programs() {
  const web = join(root, 'build/site/web');
  const [name] = (await readdir(web)).filter((name) => name.endsWith('.wasm.br'));
  const compressed = async (/** @type {string} */ path) => brotliCompressSync(await readFile(path)).length;
  return row('the program alone, brotli 11', 'octets', [(await stat(join(web, name))).size], {
    'empty Go program': [await compressed(join(work, 'empty.wasm'))],
    'webwormhole, from its source': [webwormhole],
    "PeerJS's script": [await compressed(join(root, 'bench/node_modules/peerjs/dist/peerjs.min.js'))],
  });
}

/** @param {Lab} lab @param {Peers} peers @param {Slow} broker the way to PeerJS's @param {import('./slow.mjs').Line} line @returns {Promise<Place[]>} */
async function places(lab, peers, broker, line) {
  const pages = { Pushcall: lab.page, 'empty Go program': peers.page('empty'), 'PeerJS alone': peers.page('peerjs', broker.port) };
  return Promise.all(Object.entries(pages).map(async ([name, page]) => {
    const url = new URL(page);
    const slow = await Slow.start(Number(url.port), line);
    url.port = String(slow.port);
    return { name, url: url.href, slow };
  }));
}

/** @param {Browser} browser @param {Place} place @returns {Promise<Visit>} */
async function visit(browser, { url, slow }) {
  const page = await browser.connection.newPage();
  await page.evaluateOnNewDocument(() => {
    new MutationObserver((_, watching) => {
      if (!document.querySelector('[role=status]')?.textContent?.trim().startsWith('Ready')) return;
      watching.disconnect();
      Object.assign(window, { readyAfter: performance.now() });
    }).observe(document, { subtree: true, childList: true, characterData: true });
  });
  const before = slow.received;
  await page.goto(url);
  const ready = await until(`${url} to be ready`, () => page.evaluate(() => Object(window).readyAfter), 60_000);
  await until('it to have all it wants', async () => performance.now() - slow.lastReceived > quiet || undefined);
  await page.close();
  return { ready, octets: slow.received - before };
}

/** A first and a second visit, in a new browser that has been elsewhere: what its first page takes is no place's.
 * @param {import('../e2e/browser.mjs').Kind} kind @param {Lab} lab @param {Peers} peers @param {Place} place @returns {Promise<Visit[]>} */
async function visits(kind, lab, peers, place) {
  const browser = await Browser.start(kind, lab, { ...paintsAll, origins: [new URL(place.url).origin] });
  try {
    const elsewhere = await browser.connection.newPage();
    await elsewhere.goto(peers.page('simple-peer'));
    await elsewhere.close();
    return [await visit(browser, place), await visit(browser, place)];
  } finally {
    await browser.stop();
  }
}

/** @param {import('../e2e/browser.mjs').Kind} kind @param {Lab} lab @param {Peers} peers @param {import('./slow.mjs').Line} line */
async function compare(kind, lab, peers, line) {
  const broker = await Slow.start(peers.broker, line);
  const all = await places(lab, peers, broker, line);
  const found = all.map(() => /** @type {Attempts<Visit[]>} */ (new Attempts()));
  if (line === lines[0]) for (const place of all) await visits(kind, lab, peers, place).catch(console.error); // until all is compressed, and read from the disk
  for (let run = 0; run < runs(line); run++) for (const [i, place] of all.entries()) await found[i].add(() => visits(kind, lab, peers, place));
  for (const slow of [broker, ...all.map(({ slow }) => slow)]) slow.stop();
  /** @param {string} name @param {string} unit @param {number} which @param {keyof Visit} part */
  const beside = (name, unit, which, part) => {
    const [[, mine], ...others] = all.map(({ name }, i) => /** @type {const} */ ([name, found[i].of((visits) => visits[which][part])]));
    if (mine instanceof Error) throw mine;
    return row(name, unit, mine, Object.fromEntries(others));
  };
  return ['first', 'second'].flatMap((which, i) => [
    beside(`${line.name}: ${which} visit`, 'ms', i, 'ready'),
    ...(line === lines[0] ? [beside(`${which} visit`, 'octets', i, 'octets')] : []),
  ]);
}

/** Until who comes back sees what there is: the first of 200 contacts and 500 calls, or, in another profile, the guide. Turn by turn.
 * @param {import('../e2e/browser.mjs').Kind} kind @param {Lab} lab */
async function lists(kind, lab) {
  const profiles = await Promise.all([0, 200].map(async (contacts) => {
    const browser = await Browser.start(kind, lab, paintsAll);
    await visitLists(browser, lab.page, 0);
    const page = await browser.connection.newPage();
    await page.goto(lab.page);
    if (contacts) await fill(page, contacts, 500);
    await page.close();
    return { browser, contacts, times: /** @type {number[]} */ ([]) };
  }));
  try {
    for (let run = 0; run <= unlessQuick(7, 3); run++) {
      for (const { browser, contacts, times } of profiles) {
        const ready = await visitLists(browser, lab.page, contacts);
        if (run) times.push(ready); // the first visit with them warms what is stored
      }
    }
    return row('second visit: 200 contacts and 500 calls', 'ms', profiles[1].times, { 'Pushcall with none': profiles[0].times });
  } finally {
    await Promise.all(profiles.map(({ browser }) => browser.stop()));
  }
}

/** @param {Browser} browser @param {string} address @param {number} contacts */
async function visitLists(browser, address, contacts) {
  const page = await browser.connection.newPage();
  await page.evaluateOnNewDocument((contacts) => {
    new MutationObserver((_, watching) => {
      const shown = document.querySelector(contacts ? '#contacts > li' : '.guide > [aria-current]');
      if (!shown || contacts && !document.querySelector('#calls li') || !document.querySelector('[role=status]')?.textContent?.trim().startsWith('Ready')) return;
      watching.disconnect();
      Object.assign(window, { readyAfter: performance.now() });
    }).observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
  }, contacts);
  await page.goto(address);
  const ready = await until(`${address} to be ready`, () => page.evaluate(() => Object(window).readyAfter), 60_000);
  await page.close();
  return ready;
}

await buildEmpty();
await report('Download', [await programs()]);
for (const kind of kinds) {
  const lab = await Lab.start();
  const peers = await Peers.start();
  try {
    const rows = [];
    for (const line of unlessQuick(lines, lines.slice(0, 1))) rows.push(...await compare(kind, lab, peers, line));
    rows.push(await lists(kind, lab));
    await report(`Navigation to ready, ${kind}`, rows);
  } finally {
    await Promise.all([lab.stop(), peers.stop()]);
  }
}
