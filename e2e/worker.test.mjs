// What the service worker does while nobody is looking at the page.

import assert from 'node:assert/strict';
import { createECDH } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
// @ts-expect-error it has no types
import webPush from 'web-push';
import { Browser } from './browser.mjs';
import { staticHost } from './hosts.mjs';
import { Lab } from './lab.mjs';
import { Person } from './person.mjs';
import { until } from './until.mjs';

for (const kind of /** @type {const} */ (['firefox', 'chromium'])) {
  describe(`the service worker in ${kind}`, () => {
    /** @type {Lab} */ let lab;
    /** @type {Awaited<ReturnType<typeof staticHost>>} a host of other pages, too */ let host;
    /** @type {Browser[]} */ let browsers;
    /** @type {Person} */ let caller;
    /** @type {string} of the page on that host */ let card;

    before(async () => {
      [lab, host] = await Promise.all([Lab.start(), staticHost()]);
      browsers = await Promise.all([
        Browser.start('firefox', lab), // a page without a relay can answer Firefox
        Browser.start(kind, lab, { origins: [new URL(host.page).origin] }),
      ]);
      caller = await Person.open(browsers[0], lab.page);
      const callee = await Person.open(browsers[1], host.page);
      card = await callee.card();
      await callee.page.goto(new URL('/another-app/', host.page).href); // visible, and none of our business
    });

    after(async () => {
      await Promise.all((browsers ?? []).map((browser) => browser.stop()));
      await Promise.all([lab?.stop(), host?.stop()]);
    });

    /** @param {string} title */
    const notification = (title) => until(`"${title}"`, async () =>
      (await browsers[1].notifications()).find((shown) => shown.title === title));

    const openedPage = () => until('the page', async () =>
      (await browsers[1].connection.pages()).find((page) => page.url().startsWith(host.page)));

    test('rings although another app of the same origin is open; a missed call calls nobody', async () => {
      await caller.call(card);
      await notification('Incoming call');
      await caller.press('Hang up');
      const missed = await notification('Missed call');
      await missed.click();
      const callee = new Person(browsers[1], await openedPage());
      await callee.sees('Ready');

      await caller.call(card);
      await Promise.all([caller.sees('Connected'), callee.sees('Connected')]);
      await caller.press('Hang up');
      await callee.sees('Call ended');
      assert.equal((await lab.messages()).length, 4, 'offer and cancel, offer and answer');
      await callee.page.close();
    });

    // The lab's other service is behind an authority that only its relay trusts.
    if (kind === 'firefox') test('shows something for a message that it cannot read', async () => {
      const { endpoint, keys, vapid } = JSON.parse(card);
      for (const text of ['hello', '{}', '{"type":"constructor","call":"a"}', '{"type":"__proto__","call":"b"}']) {
        const publicKey = publicKeyOf(vapid.privateKey);
        const { method, headers, body } = webPush.generateRequestDetails({ endpoint, keys }, text, {
          TTL: 60, vapidDetails: { subject: 'https://example.com', publicKey, privateKey: vapid.privateKey },
        });
        const answer = await fetch(endpoint, { method, headers: /** @type {Record<string, string>} */ (headers), body });
        assert.equal(answer.status, 201);
        const shown = await notification('Pushcall');
        await shown.click();
        await (await openedPage()).close();
      }
    });

    test('starts the page without network', async () => {
      await host.stop();
      await Person.open(browsers[1], host.page);
    });
  });
}

/** The public half of an application server key. @param {string} privateKey base64url */
function publicKeyOf(privateKey) {
  const key = createECDH('prime256v1');
  key.setPrivateKey(Buffer.from(privateKey, 'base64url'));
  return key.getPublicKey('base64url');
}
