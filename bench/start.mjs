// Measures octets, and time from navigation until a page is ready, until a press has an
// effect and until a call rings, also over slow lines and with a slow processor. Beside
// it: an empty Go program, and a page with only PeerJS, which is ready when its broker
// knows it. Of webwormhole, which also has a Go program, only the size.
//
//   node bench/start.mjs [--quick]

import { readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { Browser } from '../e2e/browser.mjs';
import { fill } from '../e2e/crowd.mjs';
import { Lab } from '../e2e/lab.mjs';
import { until } from '../e2e/until.mjs';
import { Attempts } from './attempts.mjs';
import { buildEmpty, work } from './empty.mjs';
import { root } from './gobench.mjs';
import { Peers } from './peers.mjs';
import { bellOfPeerJS, bellOfPushcall } from './ring.mjs';
import { kinds, paintsAll, quick, unlessQuick } from './setting.mjs';
import { Slow, lines, lowEnd } from './slow.mjs';
import { report, row } from './table.mjs';
import { places, pressed, ready, visit, withBrowserFor } from './visit.mjs';

/** Visits with a new profile: slow lines make times alike. @param {import('./slow.mjs').Line} line */
const runs = (line) => unlessQuick(line === lines[0] ? 3 : 2, 1);

/** @typedef {import('./visit.mjs').Place} Place @typedef {import('./visit.mjs').Visit} Visit */

/** webwormhole's web/webwormhole.wasm, in octets of brotli 11. Nobody publishes it but its own page, and the Go proxy has
 * neither webwormhole.io nor filippo.io/cpace, which it imports: this is what its published source (13a0cfd, with other words
 * in its list) made with Go 1.26.8, as Pushcall's program is made. Its page does WebRTC in JavaScript. */
const webwormhole = 755_970;

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

/** A first and a second visit in a new browser. @param {import('../e2e/browser.mjs').Kind} kind @param {Lab} lab @param {Peers} peers
 * @param {Place} place @param {() => void} watch see visit @returns {Promise<Visit[]>} */
function visits(kind, lab, peers, place, watch) {
  return withBrowserFor(kind, lab, peers, place, async (browser) => [await visit(browser, place, watch), await visit(browser, place, watch)]);
}

/** @param {import('../e2e/browser.mjs').Kind} kind @param {Lab} lab @param {Peers} peers @param {import('./slow.mjs').Line} line */
async function compare(kind, lab, peers, line) {
  const broker = await Slow.start(peers.broker, line);
  const all = await places({ Pushcall: lab.page, 'empty Go program': peers.page('empty'), 'PeerJS alone': peers.page('peerjs', broker.port) }, line);
  /** Measures each page turn by turn. @param {() => void} watch see visit */
  const measure = async (watch) => {
    const found = all.map(() => /** @type {Attempts<Visit[]>} */ (new Attempts()));
    for (let run = 0; run < runs(line); run++) for (const [i, place] of all.entries()) await found[i].add(() => visits(kind, lab, peers, place, watch));
    return found;
  };
  /** @param {string} name @param {string} unit @param {Attempts<Visit[]>[]} found @param {(visits: Visit[]) => number} figure */
  const beside = (name, unit, found, figure) => {
    const [[, mine], ...others] = all.map(({ name }, i) => /** @type {const} */ ([name, found[i].of(figure)]));
    if (mine instanceof Error) throw mine;
    return row(name, unit, mine, Object.fromEntries(others));
  };
  const which = ['first', 'second'];
  try {
    if (line === lines[0]) for (const place of all) await visits(kind, lab, peers, place, ready).catch(console.error); // until all is compressed, and read from the disk
    const found = await measure(ready);
    const rows = which.map((which, i) => beside(`${line.name}: ${which} visit`, 'ms', found, (visits) => visits[i].took));
    if (line === lines[0]) rows.push(...which.map((which, i) => beside(`${which} visit`, 'octets', found, (visits) => visits[i].octets)));
    if (line !== lines[0] && (line !== lowEnd || quick)) return rows;
    const presses = await measure(pressed);
    rows.push(...which.map((which, i) => beside(`${line.name}: first press that works, ${which} visit`, 'ms', presses, (visits) => visits[i].took)));
    return [...rows, await compareRings(kind, lab, peers, all)];
  } finally {
    for (const slow of [broker, ...all.map(({ slow }) => slow)]) slow.stop();
  }
}

/** Of the others only PeerJS's page can ring, if its broker keeps the offer. @param {import('../e2e/browser.mjs').Kind} kind @param {Lab} lab @param {Peers} peers
 * @param {Place[]} all Pushcall's, another and PeerJS's */
async function compareRings(kind, lab, peers, [ours, , peerJS]) {
  /** @param {Place} place @param {(browser: Browser) => Promise<() => Promise<number>>} hang */
  const rings = (place, hang) => withBrowserFor(kind, lab, peers, place, async (browser) => {
    const ring = await hang(browser);
    const took = [];
    for (let i = 0; i < unlessQuick(5, 2); i++) took.push(await ring());
    return took;
  });
  const mine = await rings(ours, (browser) => bellOfPushcall(lab, browser, ours));
  const caller = await Browser.start(kind, lab, paintsAll);
  const theirs = await rings(peerJS, (browser) => bellOfPeerJS(peers, caller, browser, peerJS)).catch((error) => /** @type {Error} */ (error));
  await caller.stop();
  return row(`${ours.line.name}: first ring that shows`, 'ms', mine, { [peerJS.name]: theirs });
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
    const ends = kind === 'chromium' ? [lowEnd] : [];
    for (const line of [...unlessQuick(lines, lines.slice(0, 1)), ...ends]) rows.push(...await compare(kind, lab, peers, line));
    rows.push(await lists(kind, lab));
    await report(`Navigation to ready, ${kind}`, rows);
  } finally {
    await Promise.all([lab.stop(), peers.stop()]);
  }
}
