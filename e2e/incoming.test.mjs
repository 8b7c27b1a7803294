// The service worker's notification for each kind of message, while no page of
// Pushcall is visible. The phone has the same table: see TestIncoming in package call.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { Browser } from './browser.mjs';
import { Stranger, push } from './forge.mjs';
import { staticHost } from './hosts.mjs';
import { Lab } from './lab.mjs';
import { Person } from './person.mjs';
import { all, clear, closeAll, inStore, put, shown } from './store.mjs';
import { until } from './until.mjs';

/** @typedef {Partial<{text: string, from: string, type: string, age: number, card: Record<string, unknown>, description: string, succeeds: string[],
 *   succession: string, members: Record<string, string>, size: number, seal: string}>} Arriving */
/** @type {{descriptions: Record<string, string>, cases: {name: string, state?: string[], first?: Arriving[], message: Arriving, is: string, named?: boolean, claims?: string, inbox: boolean}[]}} */
const { descriptions, cases } = JSON.parse(readFileSync(new URL('../signaling/testdata/incoming.json', import.meta.url), 'utf8'));

/** What a notification says of what has arrived. @type {[RegExp, string][]} */
const meanings = [
  [/^Incoming call from /, 'rings'], [/^Missed call from /, 'missed'],
  [/^(A friend's card has changed|Your line works)\.$/, 'glance'],
  [/^(Your call rings|Your call was answered|Call ended)$/, 'told'],
  [/^(Pushcall|This call is over\.|A blocked caller was turned away\.|A stranger was turned away\.)$/, 'dropped'],
];

for (const kind of /** @type {const} */ (['firefox', 'chromium'])) {
  describe(`messages to the service worker in ${kind}`, () => {
    /** @type {Lab} */ let lab;
    /** @type {Awaited<ReturnType<typeof staticHost>>} */ let host;
    /** @type {Browser} */ let browser;
    /** @type {import('puppeteer-core').Page} visible, of the same origin, and none of our business */ let other;
    /** @type {import('puppeteer-core').Page | undefined} of ours, where no program runs */ let tab;
    /** @type {any} */ let card;
    /** @type {Record<string, Stranger>} */
    const senders = Object.fromEntries(['contact', 'stranger', 'other-stranger', 'blocked', 'own'].map((name) => [name, new Stranger()]));

    before(async () => {
      [lab, host] = await Promise.all([Lab.start('--burst', '1000'), staticHost()]);
      browser = await Browser.start(kind, lab, { origins: [new URL(host.page).origin] });
      const callee = await Person.open(browser, host.page);
      card = JSON.parse(await callee.card());
      other = callee.page;
      await other.goto(new URL('/another-app/', host.page).href);
      const contact = { card: '', cardTime: 0, told: '', heard: false };
      await put(other, 'contacts', senders.contact.identity, { ...contact, name: 'Bobby', blocked: false });
      await put(other, 'contacts', senders.blocked.identity, { ...contact, name: 'Eve', blocked: true });
      await inStore(other, 'settings', (settings, octets) => settings.put({ public: Uint8Array.from(octets) }, 'identity'), [...Buffer.from(senders.own.identity, 'base64url')]);
    });

    after(async () => {
      await browser?.stop();
      await Promise.all([lab?.stop(), host?.stop()]);
    });

    for (const { name, state = [], first = [], message, is, named, claims, inbox } of cases) {
      test(name, async () => {
        await enter(state);
        for (const earlier of first) {
          await arrive(earlier);
          await closeAll(other, browser);
        }
        const kept = (await all(other, 'inbox')).length;
        const { title, body } = await arrive(message);
        assert.equal(meanings.find(([form]) => form.test(title))?.[1], is, title);
        if (is === 'rings') assert.equal(title, `Incoming call from ${named || message.from !== 'stranger' ? 'Bobby' : 'an unknown caller'}`);
        if (claims !== undefined) assert.equal(body, claims ? `They say they are “${claims}”.` : 'Open Pushcall to answer.');
        assert.equal((await all(other, 'inbox')).length - kept, inbox ? 1 : 0, 'messages put into the inbox');
      });
    }

    test('a flood does not displace a contact\'s call in the inbox', async () => {
      await enter([]);
      const { contact: friend, stranger } = senders;
      const send = (/** @type {string} */ payload) => push(lab, card, payload);
      const calls = { friend: randomBytes(12).toString('base64url'), last: randomBytes(12).toString('base64url'), other: randomBytes(12).toString('base64url') };
      await send(friend.seal(card, { call: calls.friend }));
      await until('the friend\'s', async () => (await browser.notifications()).find(({ title }) => title === 'Incoming call from Bobby'));
      const from = async (/** @type {Stranger} */ sender) => (await all(other, 'inbox')).filter((item) => JSON.parse(item).from === sender.identity).map((item) => JSON.parse(item).call);
      for (let i = 0; i < 5; i++) await send(stranger.seal(card, { card: {}, call: i === 4 ? calls.last : randomBytes(12).toString('base64url') }));
      await until('the last of one stranger', async () => (await from(stranger)).includes(calls.last) || undefined);
      assert.equal((await from(stranger)).length, 3, 'of one stranger');
      for (let i = 0; i < 12; i++) await send(new Stranger().seal(card, { card: {}, call: i === 11 ? calls.other : randomBytes(12).toString('base64url') }));
      await until('all of many', async () => (await all(other, 'inbox')).some((item) => item.includes(calls.other)) || undefined);
      assert.equal((await all(other, 'inbox')).length, 11, 'ten of strangers, and the friend\'s');
      for (let i = 0; i < 3; i++) await send(stranger.seal(card, { from: friend.identity })); // and does not verify
      await until('that, too', async () => (await shown(other)).includes('Pushcall') || undefined);
      assert.equal((await all(other, 'inbox')).length, 11);
      assert.deepEqual(await from(friend), [calls.friend]);
      for (let i = 0; i < 9; i++) await send(friend.seal(card, { call: randomBytes(12).toString('base64url'), type: 'cancel' })); // a contact's own flood
      await until('a contact\'s', async () => (await from(friend)).length === 8 && !(await from(friend)).includes(calls.friend) || undefined);
      assert.equal((await all(other, 'inbox')).length, 18);
    });

    /** Prepares the stores for a case. @param {string[]} state */
    async function enter(state) {
      await clear(other, browser);
      callID = randomBytes(12).toString('base64url');
      await inStore(other, 'calls', (calls) => calls.clear());
      const call = { identity: senders.contact.identity, card: '', outgoing: false, time: 1, duration: 0, reason: 3, missed: state.includes('missed'), seen: true };
      if (state.includes('listed') || state.includes('missed')) await put(other, 'calls', callID, call);
      if (state.includes('has called')) await put(other, 'calls', 'another', { ...call, identity: senders.stranger.identity, card: JSON.stringify(card) });
      await put(other, 'settings', 'contactsOnly', state.includes('contactsOnly') ? 'on' : '');
      if (!state.includes('contactsOnly')) await inStore(other, 'settings', (settings) => settings.delete('contactsOnly'));
      if (state.includes('calling') === (tab !== undefined)) return;
      if (tab) {
        await tab.close();
        tab = undefined;
        return;
      }
      tab = await browser.connection.newPage();
      await tab.goto(new URL('web/style.css', host.page).href);
      await other.bringToFront();
    }

    /** Pushes a message, and waits for the notification of it. @param {Arriving} message */
    async function arrive(message) {
      await push(lab, card, seal(message));
      return until('a notification', async () => (await browser.notifications())[0]);
    }

    let callID = ''; // another for each case: a notice of the one before is closed by its call, 4 s later

    /** Signs a message like package signaling, with any content. @param {Arriving} message */
    function seal({ text, from = 'contact', type = 'offer', age = 0, card: own, description = type === 'offer' ? 'offer' : '', succeeds = [], succession, members = {}, size, seal: how = '' }) {
      if (text !== undefined) return text;
      const sender = senders[from];
      /** @type {Record<string, string>} */
      const texts = { v: '1', type: JSON.stringify(type), call: JSON.stringify(callID), time: String(Date.now() - age), from: JSON.stringify(sender.identity) };
      const { identity: _, name: __, ...plain } = card;
      if (own) texts.card = JSON.stringify({ ...plain, ...own });
      if (succeeds.length > 0) {
        const chain = [...succeeds.map((name) => senders[name]), succession === 'of another' ? senders['other-stranger'] : sender];
        texts.succeeds = JSON.stringify(Stranger.chain(chain, succession === 'forged' ? sender : undefined));
      }
      if (description) texts.description = JSON.stringify(descriptions[description]);
      Object.assign(texts, members);
      if (size) texts.padding = '""';
      let unsigned = `{${Object.entries(texts).map(([name, value]) => `${JSON.stringify(name)}:${value}`).join()}`;
      if (size) unsigned = `${unsigned.slice(0, -1)}${'x'.repeat(size - unsigned.length - ',"signature":""}'.length - 86)}"`;
      if (how === 'other name') { // of the sender's key: the last two of its bits say nothing
        const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
        unsigned = unsigned.replace(sender.identity, sender.identity.slice(0, -1) + letters[letters.indexOf(sender.identity.slice(-1)) + 1]);
      }
      const receiver = how === 'other receiver' ? sender.identity : card.keys.p256dh;
      const signed = (how === 'other signer' ? senders['other-stranger'] : sender).sign(unsigned, receiver);
      switch (how) {
        case 'changed': return signed.replace(',', ', ');
        case 'none': return `${unsigned}}`;
        case 'not last': return `${signed.slice(0, -1)},"later":1}`;
        case 'cut': return `${signed.slice(0, -9)}"}`;
        default: return signed;
      }
    }
  });
}
