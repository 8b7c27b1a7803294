// A holder of two cards can mix them. A card with a friend's identity and somebody
// else's address calls the friend's stored address, unless the person decides otherwise.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Browser } from './browser.mjs';
import { mixLinks } from './forge.mjs';
import { Lab } from './lab.mjs';
import { Person, connect, hangUp } from './person.mjs';
import { until } from './until.mjs';

for (const kind of /** @type {const} */ (['firefox', 'chromium'])) {
  describe(`mixed cards in ${kind}`, () => {
    /** @type {Lab} */ let lab;
    /** @type {Browser[]} */ let browsers;
    /** @type {Person} */ let ada;
    /** @type {Person} */ let grace;
    /** @type {Person} */ let mallory;
    /** @type {string} of Grace's identity and Mallory's address */ let mixed;
    /** @type {string} the same */ let link;

    before(async () => {
      lab = await Lab.start();
      browsers = await Promise.all([Browser.start(kind, lab), Browser.start('chromium', lab), Browser.start('chromium', lab)]);
      [ada, grace, mallory] = await Promise.all(browsers.map((browser) => Person.open(browser, lab.page)));
      await grace.isCalled('Grace');
      await mallory.isCalled('Mallory');
      const [hers, theirs] = [await grace.card(), await mallory.card()];
      mixed = JSON.stringify({ ...JSON.parse(theirs), identity: JSON.parse(hers).identity });
      link = mixLinks(await linkOf(mallory), await linkOf(grace));
      await connect(ada, grace, hers);
      await hangUp(ada, grace);
    });

    after(async () => {
      await Promise.all((browsers ?? []).map((browser) => browser.stop()));
      await lab?.stop();
    });

    const pushed = async () => (await lab.messages()).length;

    /** @param {string} link */
    async function opens(link) {
      await ada.page.evaluate((hash) => { location.hash = hash; }, new URL(link).hash);
    }

    async function isAsked() {
      await ada.rings('Another address');
      await ada.readsAnywhere('This card has another address than the one you keep for Grace.');
      await ada.readsAnywhere('Whoever made it gets your card and your network address');
      assert.deepEqual(await ada.page.$$eval('dialog[open]', (all) => all.map(({ id }) => id)), ['address']);
    }

    /** A contact is called at the stored address. */
    async function isKept() {
      await until('the contact', async () => (await ada.lists('Contacts')).join() === 'Grace' || undefined);
      await connect(ada, grace);
      await hangUp(ada, grace);
    }

    test('a mixed link: the page asks before it sends anything, does not show the name in it, and calls the stored address', async () => {
      const before = await pushed();
      await opens(link);
      await ada.rings('Grace'); // the heading of the invitation
      assert.ok(!(await ada.page.evaluate(() => document.body.innerText)).includes('Mallory'));
      await ada.press('Call', 'dialog[open]');
      await isAsked();
      await ada.press('Cancel', '#address');
      await ada.page.waitForSelector('#address:not([open])');
      await ada.sees('Ready');
      assert.equal(await pushed(), before);

      await opens(link);
      await ada.press('Call', '#invite[open]');
      await isAsked();
      await ada.press('Call the kept address');
      await grace.press('Answer');
      await Promise.all([ada.sees('Connected'), grace.sees('Connected')]);
      await hangUp(ada, grace);
      assert.equal(await pushed(), before + 2, 'an offer and an answer');
      assert.deepEqual(await mallory.lists('Calls'), []);
      assert.equal(await ada.page.$('dialog[open]'), null, 'the invitation does not come back');
    });

    test('a mixed pasted card: Escape calls nobody, and a video call asks, too', async () => {
      const before = await pushed();
      await ada.prepare(mixed);
      await ada.press('Video call', 'dialog[open]');
      await isAsked();
      await ada.page.keyboard.press('Escape');
      await ada.page.waitForSelector('#address:not([open])');
      await ada.prepare(mixed);
      await ada.press('Save contact', '#dial-dialog');
      await ada.readsAnywhere('You have Grace in your contacts already. Nothing is changed by this card.');
      await ada.press('Cancel', '#dial-dialog');
      assert.equal(await pushed(), before);
      await isKept();
    });

    test('a call to the new address: its owner gets no card, and nothing is stored without an answer', async () => {
      /** @type {string[]} */
      const dropped = [];
      mallory.page.on('console', (line) => void dropped.push(line.text()));
      await ada.call(mixed);
      await isAsked();
      await ada.press('Use the new one');
      await until('the offer to be dropped', async () => dropped.find((line) => line.includes('offer without a card'))); // only Grace has the caller's card
      assert.ok((await ada.status()).startsWith('Calling…'), await ada.status());
      await ada.press('Hang up');
      await ada.sees('Call ended');
      assert.match((await mallory.lists('Calls')).join(), /^Unknown caller Missed/);
      await isKept();
    });

    test('a mixed card before the program has loaded', async () => {
      const before = await pushed();
      const page = ada.page;
      await page.evaluateOnNewDocument(() => {
        const instantiate = WebAssembly.instantiate;
        const instantiateStreaming = WebAssembly.instantiateStreaming;
        const wait = new Promise((resolve) => Object.assign(globalThis, { letProgramCome: resolve }));
        Object.assign(WebAssembly, {
          instantiate: (/** @type {any[]} */ ...args) => wait.then(() => Reflect.apply(instantiate, WebAssembly, args)),
          instantiateStreaming: (/** @type {any[]} */ ...args) => wait.then(() => Reflect.apply(instantiateStreaming, WebAssembly, args)),
        });
      });
      await page.reload();
      assert.equal(await page.evaluate(() => document.body.dataset.state), 'starting');
      await ada.call(mixed);
      await ada.sees('Starting…');
      await page.evaluate(() => Object(globalThis).letProgramCome());
      await isAsked();
      assert.equal(await pushed(), before);
      await ada.press('Cancel', '#address');
      await page.close();
      ada = await Person.open(browsers[0], lab.page);
      await isKept();
    });

    test('a friend\'s real new address is stored once they have answered there', async () => {
      await grace.press('Settings');
      await grace.press('New number');
      await grace.press('Change my number');
      await grace.readsAnywhere('You have a new number');
      await grace.press('Close', '#settings');
      await ada.call(await grace.card());
      await isAsked();
      await ada.press('Use the new one');
      await grace.press('Answer');
      await Promise.all([ada.sees('Connected'), grace.sees('Connected')]);
      await hangUp(ada, grace);
      await isKept();
    });

    test('a blocked contact stays blocked, and is not called', async () => {
      await ada.press('More', '[aria-label=Contacts]');
      await ada.press('Block', '[aria-label=Contacts]');
      await ada.find('button', 'Unblock', '[aria-label=Contacts]');
      const before = await pushed();
      for (const [card, button] of [[await grace.card(), 'Call'], [mixed, 'Call'], [mixed, 'Video call'], [link, 'Call']]) {
        await ada.prepare(card);
        await ada.press(button, 'dialog[open]');
        await ada.page.waitForFunction(() => document.querySelector('#dial-error')?.textContent === 'You have blocked Grace. Unblock them in your contacts first.', { polling: 50 });
        await ada.press('Cancel', '#dial-dialog');
      }
      await opens(link);
      await ada.rings('Grace');
      await ada.readsAnywhere('You have blocked Grace. Unblock them in your contacts first.');
      const buttons = await ada.page.$$eval('dialog[open] button', (all) => all.filter((b) => b.checkVisibility()).map((b) => b.ariaLabel ?? b.innerText));
      assert.deepEqual(buttons, ['Close']);
      await ada.press('Close', '#invite');
      assert.equal(await pushed(), before);
      await ada.press('Unblock', '[aria-label=Contacts]');
      await isKept();
    });
  });
}

/** @param {Person} person @returns {Promise<string>} */
async function linkOf(person) {
  await person.card();
  return person.page.$eval('#card-mail', (mail) => /(http\S+#card=[\w-]+)/.exec(decodeURIComponent(/** @type {HTMLAnchorElement} */ (mail).href))?.[1] ?? '');
}
