// The browser's own limit for click to connected: plain pages that do only what every
// call by push must do. This program hands the descriptions over, which does not count.

import { lazily } from './peers.mjs';

/** The steps that take a browser's time, of which the limit is the sum. */
export const steps = ['make the offer', 'make the answer', 'connect'];

/** Returns the plain pages' ways to call, each between the same two pages: with descriptions that are taken at their last
 * candidate, and at the end of gathering. A call returns the milliseconds of each step.
 * @param {import('./peers.mjs').Peers} peers @param {import('../e2e/browser.mjs').Browser[]} browsers
 * @returns {{name: string, call: () => Promise<number[]>}[]} */
export function floors(peers, browsers) {
  const open = lazily(() => Promise.all(browsers.map((browser) => peers.visit(browser, 'floor'))));
  /** @param {boolean} untilEnd */
  const call = async (untilEnd) => {
    const pages = await open();
    for (const page of pages) await page.bringToFront();
    const [caller, callee] = pages;
    const offer = await caller.evaluate((untilEnd) => Object(window).describe(untilEnd), untilEnd);
    const answer = await callee.evaluate((untilEnd, offer) => Object(window).describe(untilEnd, offer), untilEnd, offer.description);
    const connect = await caller.evaluate((answer) => Object(window).connect(answer), answer.description);
    for (const page of pages) await page.evaluate(() => Object(window).hangUp());
    return [offer.took, answer.took, connect];
  };
  return [
    { name: "the browser's own limit", call: () => call(false) },
    { name: 'a plain page, to the end of gathering', call: () => call(true) },
  ];
}
