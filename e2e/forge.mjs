// Makes and pushes messages of an attacker without the page: repeated or changed
// messages of others, or own ones with any content.

import { createECDH, createHash, createPublicKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
// @ts-expect-error it has no types
import webPush from 'web-push';

/** Pushes a payload to the owner of a card.
 * @param {import('./lab.mjs').Lab} lab whose relay carries it, where one is needed @param {any} card @param {string} payload */
export async function push(lab, card, payload) {
  const { endpoint, keys, vapid } = card;
  const ecdh = createECDH('prime256v1');
  ecdh.setPrivateKey(Buffer.from(vapid.privateKey, 'base64url'));
  const { method, headers, body } = webPush.generateRequestDetails({ endpoint, keys }, payload, {
    TTL: 60, vapidDetails: { subject: 'https://example.com', publicKey: ecdh.getPublicKey('base64url'), privateKey: vapid.privateKey },
  });
  const direct = endpoint.startsWith('http:'); // Firefox's service, on this machine, needs no relay
  const answer = await fetch(direct ? endpoint : new URL('relay', lab.page), { method, body, headers: { ...headers, 'Push-Endpoint': endpoint } });
  if (answer.status !== 201) throw new Error(`the push service answered ${answer.status}`);
}

/** What is in a browser's inbox, as its page can read it. @param {import('./person.mjs').Person} person @returns {Promise<string[]>} */
export function inbox(person) {
  return person.page.evaluate(async () => {
    /** @type {IDBDatabase} */
    const database = await new Promise((resolve) => {
      const opening = indexedDB.open('pushcall');
      opening.onsuccess = () => resolve(opening.result);
    });
    /** @type {unknown[]} */
    const all = await new Promise((resolve) => {
      const getting = database.transaction('inbox').objectStore('inbox').getAll();
      getting.onsuccess = () => resolve(getting.result);
    });
    database.close();
    return all.filter((item) => typeof item === 'string');
  });
}

/** A description to which nobody connects; only its beginning is valid. */
const description = `AQCuf000001passwordpasswordpassword${'A'.repeat(46)}kAAADAAAIB`;

/** Somebody with an identity of their own. */
export class Stranger {
  #key = generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey;

  get identity() {
    const { x = '', y = '' } = createPublicKey(this.#key).export({ format: 'jwk' });
    return Buffer.concat([Buffer.from([4]), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')]).toString('base64url');
  }

  /** Signs a message, as signaling.Message.Seal does: an offer, unless it says otherwise. @param {any} card of the receiver @param {Record<string, unknown>} members */
  seal(card, members) {
    /** @type {Record<string, any>} */
    const message = { v: 1, type: 'offer', call: randomBytes(12).toString('base64url'), time: Date.now(), from: this.identity, ...members };
    const { identity: _, name: __, ...own } = card;
    if (message.card) message.card = { ...own, ...message.card }; // it may have any address
    if (['offer', 'ringing', 'answer'].includes(String(message.type)) && !('description' in members)) message.description = `${message.type === 'offer' ? 'I' : 'N'}${description}`;
    return this.sign(JSON.stringify(message).slice(0, -1), card.keys.p256dh);
  }

  /** Closes a message with a signature. @param {string} unsigned an object without its last brace @param {string} receiver their p256dh key */
  sign(unsigned, receiver) {
    return `${unsigned},"signature":"${this.#sign(Buffer.from('pushcall message 1\n'), Buffer.from(receiver, 'base64url'), Buffer.from(unsigned)).toString('base64url')}"}`;
  }

  /** Makes the succession of several identities, like signaling.Chain. @param {Stranger[]} identities @param {Stranger} [forger] who signs it all */
  static chain([first, ...rest], forger) {
    const octets = [first.#compressed];
    let old = first;
    for (const next of rest) {
      const signature = (forger ?? old).#sign(Buffer.from('pushcall succession 1\n'), Buffer.from(old.identity, 'base64url'), Buffer.from(next.identity, 'base64url'));
      octets.push(next.#compressed, signature);
      old = next;
    }
    return Buffer.concat(octets).toString('base64url');
  }

  get #compressed() {
    const octets = Buffer.from(this.identity, 'base64url');
    return Buffer.concat([Buffer.from([2 + octets[64] % 2]), octets.subarray(1, 33)]);
  }

  /** @param {Buffer[]} parts */
  #sign(...parts) {
    return sign('sha256', Buffer.concat(parts), { key: this.#key, dsaEncoding: 'ieee-p1363' });
  }
}

/** Returns the link with its card's identity replaced by another's (the layout is at Short in package signaling).
 * @param {string} link @param {string} another */
export function mixLinks(link, another) {
  const [octets, others] = [link, another].map((link) => Buffer.from(link.replace(/^.*#card=/, ''), 'base64url').subarray(0, -4));
  const identity = 1 + 33 + 16 + 32; // after the version, p256dh, auth and the private key
  others.copy(octets, identity, identity, identity + 33);
  const sum = createHash('sha256').update(octets).digest().subarray(0, 4);
  return link.replace(/#card=.*/, `#card=${Buffer.concat([octets, sum]).toString('base64url')}`);
}
