// Fills a page's stores with many contacts and calls, as after years of use.

import { createECDH, randomBytes } from 'node:crypto';

/** Stores contacts named Friend 1, Friend 2 and so on, and calls of theirs. The page shows them when it is next
 * loaded.
 * @param {import('puppeteer-core').Page} page any of the same origin @param {number} contacts @param {number} calls */
export async function fill(page, contacts, calls) {
  const cards = Array.from({ length: contacts }, (_, i) => cardOf(`Friend ${i + 1}`));
  const [now, minute] = [Date.now(), 60_000];
  await store(page, cards, Array.from({ length: calls }, (_, i) => ({
    card: cards[i % contacts], outgoing: i % 2 === 0, time: now - i * minute, reason: i % 2 === 0 ? 3 : 5, missed: i % 2 === 1, seen: true,
  })));
}

/** Stores contacts and calls. @param {import('puppeteer-core').Page} page any of the same origin @param {Card[]} contacts their cards
 * @param {{card: Card, time: number, outgoing?: boolean, duration?: number, reason?: number, missed?: boolean, seen?: boolean}[]} calls */
export async function store(page, contacts, calls) {
  const entries = {
    contacts: contacts.map((card) => /** @type {const} */ ([card.identity, {
      card: JSON.stringify(card), cardTime: 0, name: card.name, blocked: false, verified: false, moved: false, succeeds: '', told: '', heard: false,
    }])),
    calls: calls.map(({ card, ...call }) => /** @type {const} */ ([randomBytes(12).toString('base64url'), {
      outgoing: false, duration: 0, reason: 1, missed: false, seen: false, ...call, identity: card.identity, card: JSON.stringify(card),
    }])),
  };
  await page.evaluate(async (entries) => {
    /** @type {IDBDatabase} */
    const database = await new Promise((resolve, reject) => {
      const opening = indexedDB.open('pushcall');
      opening.onsuccess = () => resolve(opening.result);
      opening.onerror = () => reject(opening.error);
    });
    const transaction = database.transaction(Object.keys(entries), 'readwrite');
    for (const [name, all] of Object.entries(entries)) for (const [key, value] of all) transaction.objectStore(name).put(value, key);
    await new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = () => reject(transaction.error);
    });
    database.close();
  }, entries);
}

/** @typedef {ReturnType<typeof cardOf>} Card */

/** Makes a card that nobody has. @param {string} name */
export function cardOf(name) {
  const [identity, key, vapid] = Array.from({ length: 3 }, () => {
    const pair = createECDH('prime256v1');
    pair.generateKeys();
    return pair;
  });
  return {
    endpoint: `https://push.example/${randomBytes(60).toString('base64url')}`,
    keys: { p256dh: key.getPublicKey('base64url'), auth: randomBytes(16).toString('base64url') },
    vapid: { privateKey: Buffer.from(vapid.getPrivateKey('hex').padStart(64, '0'), 'hex').toString('base64url') }, identity: identity.getPublicKey('base64url'), name,
  };
}
