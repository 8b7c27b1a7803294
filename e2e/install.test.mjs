// The installed page: its manifest, and what the system opens with it.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Browser } from './browser.mjs';
import { Lab } from './lab.mjs';
import { open, start } from './once.mjs';
import { Person } from './person.mjs';

test('the manifest, as Chromium reads it', async (t) => {
  const lab = await start(t);
  const { page } = await Person.open(await open(t, 'chromium', lab), lab.page);
  const session = await page.createCDPSession();
  const { errors, manifest } = /** @type {any} */ (await session.send('Page.getAppManifest'));
  assert.deepEqual(errors, []);
  assert.equal(manifest.id, new URL('/pushcall', lab.page).href);
  assert.equal(manifest.launchHandler.clientMode, 'kFocusExisting');
  assert.deepEqual(manifest.protocolHandlers, [{ protocol: 'web+pushcall', url: `${lab.page}#card=%s` }]);
  for (const { name, url } of manifest.shortcuts) assert.ok(await page.$(`button${new URL(url).hash}`), `${name} is a button`);
  assert.deepEqual(manifest.screenshots.map((/** @type {any} */ { formFactor }) => formFactor), ['kWide', 'kNarrow']);
  for (const { image } of manifest.screenshots) {
    const size = await page.evaluate(async (url) => {
      const { width, height } = await createImageBitmap(await (await fetch(url)).blob());
      return `${width}x${height}`;
    }, image.url);
    assert.equal(size, image.sizes);
  }
});

for (const kind of /** @type {const} */ (['firefox', 'chromium'])) {
  describe(`opened by the system in ${kind}`, () => {
    /** @type {Lab} */ let lab;
    /** @type {Browser} */ let browser;
    /** @type {Person} */ let ada;
    /** @type {string} of Grace's card, with which no other program does anything */ let url;

    before(async () => {
      lab = await Lab.start();
      browser = await Browser.start(kind, lab);
      const grace = await Browser.start('chromium', lab);
      try {
        const person = await Person.open(grace, lab.page);
        await person.isCalled('Grace');
        await person.card();
        const link = await person.page.$eval('#card-mail', (mail) => /#card=([\w-]+)/.exec(decodeURIComponent(/** @type {HTMLAnchorElement} */ (mail).href))?.[1] ?? '');
        url = `web+pushcall:${link}`;
      } finally {
        await grace.stop();
      }
      ada = await Person.open(browser, lab.page);
    });
    after(async () => {
      await browser?.stop();
      await lab?.stop();
    });

    test('a card by its own scheme', async () => {
      await ada.page.goto('about:blank');
      await ada.page.goto(`${lab.page}#card=${encodeURIComponent(url)}`); // as the manifest says
      await ada.rings('Grace');
      assert.equal(new URL(ada.page.url()).hash, '', 'the card does not stay in the address');
      await ada.press('Close', '#invite');
      await ada.press('Call a friend');
      await ada.paste("Friend's subscription", `Call me: <${url}>`);
      await ada.press('Save contact', '#dial-dialog');
      await ada.press('Save', '#save-dialog');
      await ada.page.waitForFunction(() => document.querySelector('#contacts .who')?.textContent === 'Grace', { polling: 50 });
    });

    for (const [hash, dialog] of [['#call-friend', '#dial-dialog'], ['#show-card', '#card-dialog']]) {
      test(`the shortcut ${hash}, before the program has come and after`, async () => {
        await ada.page.goto('about:blank');
        await ada.page.goto(`${lab.page}${hash}`);
        await ada.page.waitForSelector(`${dialog}[open]`);
        assert.equal(new URL(ada.page.url()).hash, '');
        await ada.sees('Ready');
        await ada.page.keyboard.press('Escape');
        await ada.page.waitForSelector(`${dialog}:not([open])`);
        await ada.page.evaluate((hash) => { location.hash = hash; }, hash);
        await ada.page.waitForSelector(`${dialog}[open]`);
        await ada.page.keyboard.press('Escape');
      });
    }

    test('a launch is for the open window', async () => { // which browsers without a head do not make: this is what they would tell the page
      const page = await browser.connection.newPage();
      await page.evaluateOnNewDocument(() => Object.defineProperty(globalThis, 'launchQueue', { value: { setConsumer: (/** @type {unknown} */ f) => Object.assign(globalThis, { launch: f }) } }));
      await ada.page.close();
      await page.goto(`${lab.page}#call-friend`);
      ada = new Person(browser, page);
      const launch = (/** @type {string} */ hash) => page.evaluate((hash) => Object(globalThis).launch({ targetURL: new URL(hash, location.href).href }), hash);
      await page.waitForSelector('#dial-dialog[open]');
      await ada.sees('Ready');
      await page.keyboard.press('Escape');
      await page.waitForSelector('#dial-dialog:not([open])');
      await launch('#call-friend'); // the browser tells of the first launch, too
      await launch('#card=' + encodeURIComponent(url));
      await ada.rings('Grace');
      assert.equal(await page.$('#dial-dialog[open]'), null, 'what was opened already');
      await ada.press('Close', '#invite');
      await launch('#call-friend');
      await page.waitForSelector('#dial-dialog[open]');
    });
  });
}
