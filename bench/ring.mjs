// Measures from the navigation to a page that somebody has called before it was
// opened, until the page rings.

import { cardOf, store } from '../e2e/crowd.mjs';
import { Stranger, push } from '../e2e/forge.mjs';
import { until } from '../e2e/until.mjs';
import { Person } from '../e2e/person.mjs';
import { rung, visit } from './visit.mjs';

/** @typedef {import('./visit.mjs').Place} Place
 * @typedef {import('../e2e/browser.mjs').Browser} Browser
 * @typedef {() => Promise<number>} Ring calls while no page is open, opens one, and returns the milliseconds until it rings */

/** A contact's offer is pushed, and shown in a notification, before the page is opened.
 * @param {import('../e2e/lab.mjs').Lab} lab @param {Browser} browser @param {Place} place @returns {Promise<Ring>} */
export async function bellOfPushcall(lab, browser, place) {
  const person = await Person.open(browser, place.url);
  const card = JSON.parse(await person.card());
  const friend = new Stranger();
  await store(person.page, [{ ...cardOf('Ada'), identity: friend.identity }], []);
  await person.page.close();
  const notices = async () => (await browser.notifications()).length;
  return async () => {
    const offer = friend.seal(card, {});
    await push(lab, card, offer);
    await until('the notification', async () => await notices() > 0 || undefined);
    const { took } = await visit(browser, place, rung, async (page) => {
      await push(lab, card, friend.seal(card, { type: 'cancel', call: JSON.parse(offer).call }));
      await new Person(browser, page).sees('Missed call');
    });
    await until('the notification to go', async () => await notices() === 0 || undefined);
    return took;
  };
}

/** PeerJS's offer waits at its broker for an address that no page has yet.
 * @param {import('./peers.mjs').Peers} peers @param {Browser} caller another browser @param {Browser} browser @param {Place} place @returns {Promise<Ring>} */
export async function bellOfPeerJS(peers, caller, browser, place) {
  const page = await peers.visit(caller, 'peerjs');
  let calls = 0;
  const ring = async () => {
    const address = `callee-${calls++}`;
    await page.evaluate((address) => Object(window).offer(address), address);
    const { took } = await visit(browser, { ...place, url: `${place.url}&address=${address}` }, rung);
    await page.evaluate(() => Object(window).hangUp());
    return took;
  };
  await ring(); // the first visit
  return ring;
}
