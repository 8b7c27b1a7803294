// Starts a lab and browsers that stop when the test is over.

import { Browser } from './browser.mjs';
import { Lab } from './lab.mjs';

/** @param {import('node:test').TestContext} t @param {string[]} args of pushcall lab */
export async function start(t, ...args) {
  const lab = await Lab.start(...args);
  t.after(() => lab.stop());
  return lab;
}

/** @param {import('node:test').TestContext} t @param {import('./browser.mjs').Kind} kind @param {Lab} lab
 * @param {import('./browser.mjs').Options} [options] */
export async function open(t, kind, lab, options) {
  const browser = await Browser.start(kind, lab, options);
  t.after(() => browser.stop());
  return browser;
}
