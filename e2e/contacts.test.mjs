// Cards go from friend to friend: as links, as codes, as text.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import decodeQR from 'qr/decode.js';
import { Browser } from './browser.mjs';
import { Lab } from './lab.mjs';
import { Person, hangUp } from './person.mjs';

for (const [ownerKind, guestKind] of /** @type {const} */ ([['chromium', 'firefox'], ['firefox', 'chromium']])) {
  describe(`a link of ${ownerKind}'s opened in ${guestKind}`, () => {
    /** @type {Lab} */ let lab;
    /** @type {Browser[]} */ let browsers;
    /** @type {Person} */ let owner;
    /** @type {string} */ let link;

    before(async () => {
      lab = await Lab.start();
      browsers = await Promise.all([Browser.start(ownerKind, lab), Browser.start(guestKind, lab)]);
      owner = await Person.open(browsers[0], lab.page);
      await owner.isCalled('Grace');
    });

    after(async () => {
      await Promise.all((browsers ?? []).map((browser) => browser.stop()));
      await lab?.stop();
    });

    test('the card is shown as a code that a decoder reads as the link', async () => {
      await owner.press('Show my push subscription');
      const code = await owner.page.waitForSelector('#card-qr', { visible: true });
      await code?.scrollIntoView();
      link = decodeQR(await pixels(owner, /** @type {import('puppeteer-core').ElementHandle} */ (code)));
      assert.ok(link.startsWith(`${lab.page}#card=`), link);
      assert.equal(await owner.page.$eval('#card-mail', (mail) => new URL(/** @type {HTMLAnchorElement} */ (mail).href).search.includes('%23card=')), true);
      await owner.press('Close', '#card-dialog');
    });

    test('a stranger reads what it is, presses one button, and talks', async () => {
      const guest = await Person.open(browsers[1], link);
      await guest.rings('Grace'); // the heading of the dialog
      assert.equal(guest.page.url(), lab.page, 'the card is gone from the address');
      const buttons = await guest.page.$$eval('dialog[open] button', (all) => all.filter((b) => b.checkVisibility() && !b.ariaLabel).map((b) => b.textContent));
      assert.deepEqual(buttons, ['Call']);
      const words = await guest.page.$eval('#invite-text', (text) => text.textContent ?? '');
      assert.equal(words.split('. ').length, 2, words);
      await guest.press('Call', 'dialog[open]');
      await owner.press('Answer');
      await Promise.all([owner.sees('Connected'), guest.sees('Connected')]);
      await hangUp(guest, owner);
      await guest.find('button', 'Call a friend'); // the dialog does not come back
      assert.deepEqual(await guest.lists('Contacts'), ['Grace']);
      await guest.page.goBack().catch(() => undefined);
      assert.ok(!guest.page.url().includes('card='), 'nor is it in the history');
      await guest.page.close();
    });

    test('opened in a page that runs, it says who they are by now', async () => {
      const guest = await Person.open(browsers[1], lab.page);
      await guest.page.evaluate((hash) => { location.hash = hash; }, new URL(link).hash);
      await guest.rings('Grace');
      await guest.readsAnywhere('They are in your contacts.');
      assert.equal(guest.page.url(), lab.page);
      await guest.press('Close', 'dialog[open]');
      await guest.page.evaluate((hash) => { location.hash = hash; }, new URL(link).hash.slice(0, -9));
      await guest.rings('This link does not work');
      await guest.readsAnywhere('This link is damaged');
      await guest.press('Close', 'dialog[open]');

      const tab = await Person.open(browsers[1], link, 'Open in another tab');
      await tab.rings('Grace');
      await tab.press('Call', 'dialog[open]');
      await guest.sees('Open in another tab');
      await owner.press('Answer');
      await Promise.all([owner.sees('Connected'), tab.sees('Connected')]);
      await hangUp(owner, tab);
      await tab.page.close();
      await guest.page.close();
    });

    test('pasted where a card is pasted, with words around it, it calls', async () => {
      const guest = await Person.open(browsers[1], lab.page);
      await guest.call(`Call me: <${link}>\n\nGrace`);
      await owner.press('Answer');
      await Promise.all([owner.sees('Connected'), guest.sees('Connected')]);
      await hangUp(owner, guest);
      await guest.page.close();
    });

    test("one's own link is known as such", async () => {
      await owner.page.evaluate((hash) => { location.hash = hash; }, new URL(link).hash);
      await owner.rings('This is your own link');
      await owner.press('Close', 'dialog[open]');
    });
  });
}

/** An element as it is on the screen. @param {Person} person @param {import('puppeteer-core').ElementHandle} element */
async function pixels(person, element) {
  const png = await element.screenshot({ encoding: 'base64' });
  const { width, height, data } = await person.page.evaluate(async (base64) => {
    const bitmap = await createImageBitmap(new Blob([Uint8Array.from(atob(base64), (octet) => octet.charCodeAt(0))]));
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
    context?.drawImage(bitmap, 0, 0);
    const image = context?.getImageData(0, 0, bitmap.width, bitmap.height);
    return { width: bitmap.width, height: bitmap.height, data: [...image?.data ?? []] };
  }, png);
  return { width, height, data: Uint8Array.from(data) };
}
