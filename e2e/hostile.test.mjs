// An attacker cannot forge the identity of a caller.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Browser } from './browser.mjs';
import { Stranger, inbox, push } from './forge.mjs';
import { Lab } from './lab.mjs';
import { Person, connect, hangUp } from './person.mjs';
import { until } from './until.mjs';

for (const kind of /** @type {const} */ (['firefox', 'chromium'])) {
  describe(`an attacker with a card of ${kind}`, () => {
    /** @type {Lab} */ let lab;
    /** @type {Browser[]} */ let browsers;
    /** @type {Person} */ let friend;
    /** @type {Person} */ let callee;
    /** @type {any} */ let card;
    /** @type {string} of the friend's last call, answered or not */ let offer;
    /** @type {any} without the identity, as a message has it */ let own;
    const stranger = new Stranger();

    before(async () => {
      lab = await Lab.start();
      browsers = await Promise.all([Browser.start('chromium', lab), Browser.start(kind, lab)]);
      friend = await Person.open(browsers[0], lab.page);
      callee = await Person.open(browsers[1], lab.page);
      const text = await callee.card();
      card = JSON.parse(text);
      own = { ...card, identity: undefined };
      await connect(callee, friend, await friend.card()); // the friend is a contact
      await hangUp(callee, friend);
      await friend.call(text);
      await callee.rings('Unnamed friend is calling');
      [offer] = await inbox(callee);
      await callee.press('Decline');
      await friend.sees('Declined');
    });

    after(async () => {
      await Promise.all((browsers ?? []).map((browser) => browser.stop()));
      await lab?.stop();
    });

    /** Pushes a payload, and waits until the page has dropped it. @param {string} payload @param {string} why */
    async function isDropped(payload, why) {
      /** @type {string[]} */
      const said = [];
      const note = (/** @type {import('puppeteer-core').ConsoleMessage} */ line) => void said.push(line.text());
      callee.page.on('console', note);
      await push(lab, card, payload);
      await until(`it to be dropped: ${why}`, async () => said.find((line) => line.startsWith('dropped') && line.includes(why)));
      callee.page.off('console', note);
      assert.equal(await callee.page.$('#ring[open]'), null, 'nothing rings');
    }

    /** Returns the friend's offer with other members. @param {Record<string, unknown>} members */
    const changed = (members) => JSON.stringify({ ...JSON.parse(offer), ...members });

    test('a replay does not ring', () => isDropped(offer, 'seen before'));

    test('a replay does not ring after a reload', async () => {
      await callee.page.reload();
      await callee.sees('Ready');
      await isDropped(offer, 'seen before');
    });

    test('a friend\'s offer as another call does not ring', () => isDropped(changed({ call: 'EEEEEEEEEEEEEEEE' }), 'wrong signature'));
    test('a friend\'s offer at another time does not ring', () => isDropped(changed({ time: Date.now() + 1000 }), 'wrong signature'));
    test('a friend\'s offer from another does not ring', () => isDropped(changed({ from: stranger.identity }), 'wrong signature'));
    test('an offer in a friend\'s name does not ring', () =>
      isDropped(stranger.seal(card, { from: JSON.parse(offer).from, description: JSON.parse(offer).description }), 'wrong signature'));
    test('an offer for another receiver does not ring', () => {
      const { description } = JSON.parse(offer);
      const other = { ...card, keys: { ...card.keys, p256dh: stranger.identity } };
      return isDropped(stranger.seal(other, { description, card: own }), 'wrong signature');
    });
    test('an old offer does not ring, and is listed as missed', async () => {
      const { description } = JSON.parse(offer);
      await isDropped(stranger.seal(card, { time: Date.now() - 600_000, description, card: { ...own, name: 'Old' } }), 'stale');
      await until('the missed call', async () => (await callee.lists('Calls')).find((line) => line.includes('Unknown caller')));
    });
    test('an offer from the future does not ring', () => {
      const { description } = JSON.parse(offer);
      return isDropped(stranger.seal(card, { time: Date.now() + 600_000, description, card: own }), 'future');
    });
    test('an unknown version and an unknown type are dropped', async () => {
      await isDropped(stranger.seal(card, { v: 2 }), 'unknown version');
      await isDropped(stranger.seal(card, { type: 'constructor' }), 'unknown type');
    });

    test('a stranger rings as a stranger, whatever name they claim', async () => {
      const { description } = JSON.parse(offer);
      const call = 'BBBBBBBBBBBBBBBB';
      await push(lab, card, stranger.seal(card, { call, description, card: { ...own, name: 'Your <b>friend</b>' } }));
      await callee.rings('Unknown caller');
      await callee.readsAnywhere('They say they are “Your <b>friend</b>”.');
      await push(lab, card, stranger.seal(card, { call, type: 'cancel' }));
      await callee.sees('Missed call');
    });

    test('with the page closed: no contact\'s name without their key, no ring without a valid signature', async () => {
      await callee.page.close();
      const { description } = JSON.parse(offer);
      const titles = async () => (await browsers[1].notifications()).map(({ title }) => title);
      const shows = (/** @type {string} */ want) => until(`"${want}"`, async () => (await titles()).find((title) => title === want));

      const call = 'CCCCCCCCCCCCCCCC';
      await push(lab, card, stranger.seal(card, { call, description, card: { ...own, name: 'Your friend' } }));
      await shows('Incoming call from an unknown caller');
      await push(lab, card, stranger.seal(card, { call, type: 'cancel' }));
      await shows('Missed call from an unknown caller');
      const acked = async () => (await lab.messages()).filter((message) => message.acked).length;
      const before = await acked();
      await push(lab, card, offer);
      await push(lab, card, changed({ call: 'DDDDDDDDDDDDDDDD' }));
      await until('both at the worker', async () => (await acked()) === before + 2 || undefined);
      assert.ok(!(await titles()).some((title) => title.startsWith('Incoming call')), `shown: ${await titles()}`);
    });
  });
}
