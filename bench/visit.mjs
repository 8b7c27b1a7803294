// Visits pages over slow lines, and measures from the navigation until something
// happens in the page.

import { Browser } from '../e2e/browser.mjs';
import { until } from '../e2e/until.mjs';
import { paintsAll } from './setting.mjs';
import { Slow } from './slow.mjs';

const quiet = 500; // milliseconds without an octet: the page has loaded everything

/** @typedef {{name: string, url: string, slow: Slow, line: import('./slow.mjs').Line}} Place a page, by way of a slow line
 * @typedef {{took: number, octets: number}} Visit milliseconds from navigation */

/** The pages, each by way of a line of its own. @param {Record<string, string>} pages addresses by name @param {import('./slow.mjs').Line} line
 * @returns {Promise<Place[]>} */
export async function places(pages, line) {
  return Promise.all(Object.entries(pages).map(async ([name, page]) => {
    const url = new URL(page);
    const slow = await Slow.start(Number(url.port), line);
    url.port = String(slow.port);
    return { name, url: url.href, slow, line };
  }));
}

/** Runs f with a new browser for a place that has been elsewhere: what its first page takes is no place's.
 * @template T @param {import('../e2e/browser.mjs').Kind} kind @param {import('../e2e/lab.mjs').Lab} lab @param {import('./peers.mjs').Peers} peers
 * @param {Place} place @param {(browser: Browser) => Promise<T>} f */
export async function withBrowserFor(kind, lab, peers, place, f) {
  const browser = await Browser.start(kind, lab, { ...paintsAll, origins: [new URL(place.url).origin] });
  try {
    const elsewhere = await browser.connection.newPage();
    await elsewhere.goto(peers.page('simple-peer'));
    await elsewhere.close();
    return await f(browser);
  } finally {
    await browser.stop();
  }
}

/** Opens a page until it is quiet, and runs `then` with it before it is closed.
 * @param {Browser} browser @param {Place} place @param {() => void} watch runs in the page, and sets window.measured at the event
 * @param {(page: import('../e2e/person.mjs').Page) => Promise<unknown>} [then] @returns {Promise<Visit>} */
export async function visit(browser, { url, slow, line }, watch, then) {
  const page = await browser.connection.newPage();
  await page.evaluateOnNewDocument(watch);
  if (line.slower) await slowDown(page, line.slower);
  const before = slow.received;
  await page.goto(url);
  const took = await until(`${url} to be ready`, () => page.evaluate(() => Object(window).measured), 60_000);
  await until('it to have all it wants', async () => performance.now() - slow.lastReceived > quiet || undefined);
  await then?.(page);
  await page.close();
  return { took, octets: slow.received - before };
}

/** Slows the main thread of a page of Chromium down, until the page is closed. @param {import('../e2e/person.mjs').Page} page @param {number} times */
export async function slowDown(page, times) {
  const session = await page.createCDPSession();
  await session.send('Emulation.setCPUThrottlingRate', { rate: times });
}

/** Until the status says that the page is ready. */
export function ready() {
  new MutationObserver((_, watching) => {
    if (!document.querySelector('[role=status]')?.textContent?.trim().startsWith('Ready')) return;
    watching.disconnect();
    Object.assign(window, { measured: performance.now() });
  }).observe(document, { subtree: true, childList: true, characterData: true });
}

/** Until a press on "Call a friend" opens a dialog. It is pressed in every frame in which it can be seen, as by an impatient person. */
export function pressed() {
  requestAnimationFrame(function press() {
    const button = document.getElementById('call-friend');
    const { x = 0, y = 0, width = 0, height = 0 } = button?.getBoundingClientRect() ?? {};
    if (button?.contains(document.elementFromPoint(x + width / 2, y + height / 2))) button.click();
    if (document.querySelector('dialog[open]')) Object.assign(window, { measured: performance.now() });
    else requestAnimationFrame(press);
  });
}

/** Until the dialog of a call that rings is open and says who calls. */
export function rung() {
  new MutationObserver((_, watching) => {
    if (!document.querySelector('#ring[open] h2')?.textContent) return;
    watching.disconnect();
    Object.assign(window, { measured: performance.now() });
  }).observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
}
