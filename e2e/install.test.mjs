// The installed page: its manifest, and what the system opens with it.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Browser } from './browser.mjs';
import { Lab } from './lab.mjs';
import { open, start } from './once.mjs';
import { Person, connect, hangUp } from './person.mjs';

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
  assert.equal(manifest.shareTarget.action, `${lab.page}share`);
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

for (const kind of /** @type {const} */ (['firefox', 'chromium'])) {
  test(`a picture shared with the page goes to the contact who is chosen, in ${kind}`, async (t) => {
    const lab = await start(t);
    const [ada, grace] = await Promise.all([await open(t, kind, lab), await open(t, 'chromium', lab)].map((browser) => Person.open(browser, lab.page)));
    await grace.isCalled('Grace');
    await connect(ada, grace, await grace.card());
    await hangUp(ada, grace);
    await ada.page.waitForFunction(() => navigator.serviceWorker.controller, { polling: 50 });

    /** Posts files as the system does. @param {string[]} names */
    const share = async (...names) => {
      await ada.page.goto('about:blank');
      await ada.shares(lab, ...names);
      assert.equal(await ada.page.$eval('#share-files', (files) => files.textContent), names.join(' · '));
      assert.equal(ada.page.url(), lab.page, 'a reload does not ask again');
    };

    await share('the harbour/at dawn?.png', 'boat.png');
    await ada.press('Send', '#share');
    await grace.press('Answer');
    await Promise.all([ada.sees('Connected'), grace.sees('Connected')]);
    await grace.seesFile('boat.png', '7 bytes');
    await hangUp(ada, grace);

    await share('secret.png', '.', '..', '%2e');
    await ada.press('Close', '#share'); // it is for nobody
    await connect(ada, grace);
    await ada.says('Nothing else');
    await grace.hears('Nothing else');
    assert.ok(!(await grace.lists('Files')).some((file) => file.includes('secret')));
  });
}

describe('the offer to install the page', () => {
  /** Two people who have had a call, in browsers of a kind. @param {import('node:test').TestContext} t @param {import('./browser.mjs').Kind} kind @param {import('./browser.mjs').Options} options of the first */
  async function talk(t, kind, options) {
    const lab = await start(t);
    const browsers = [await open(t, kind, lab, options), await open(t, 'firefox', lab)];
    const [ada, grace] = await Promise.all(browsers.map((browser) => Person.open(browser, lab.page)));
    await ada.page.evaluate(() => { // the question of a browser without a head is never answered, so this is another one
      const event = new Event('beforeinstallprompt', { cancelable: true });
      Object.assign(event, { prompt: async () => { document.body.dataset.asked = String(event.defaultPrevented); return { outcome: 'dismissed' }; } });
      if (navigator.userAgent.includes('Chrome')) dispatchEvent(event);
    });
    await connect(ada, grace, await grace.card());
    assert.deepEqual(await ada.lists('Notices'), []);
    await hangUp(ada, grace);
    return { ada, grace };
  }

  test('comes after the first call, and has the browser ask', async (t) => {
    const { ada } = await talk(t, 'chromium', {});
    await ada.readsAnywhere('Install Pushcall: calls ring more reliably, since browsers forget pages that are seldom open.');
    await ada.press('Install', '#notices');
    await ada.page.waitForSelector('[data-asked=true]');
    await ada.page.waitForFunction(() => document.querySelectorAll('#notices > li').length === 0, { polling: 50 });
  });

  test('is an instruction in Firefox on Android, and is not repeated once it was put away', async (t) => {
    const { ada, grace } = await talk(t, 'firefox', { prefs: { 'general.useragent.override': 'Mozilla/5.0 (Android 15; Mobile; rv:153.0) Gecko/153.0 Firefox/153.0' } });
    await ada.readsAnywhere("From the Home screen calls ring more reliably. Open the browser's menu");
    await ada.press('Dismiss', '#notices');
    await ada.page.reload();
    await ada.sees('Ready');
    await connect(ada, grace, await grace.card());
    await hangUp(ada, grace);
    assert.deepEqual(await ada.lists('Notices'), []);
  });

  test('comes at once on iOS, where no call rings without it', async (t) => {
    const lab = await start(t);
    const page = await (await open(t, 'chromium', lab)).connection.newPage();
    await page.setUserAgent({ userAgent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1' });
    await page.evaluateOnNewDocument(() => { delete Object(globalThis).Notification; }); // as there, in a page that is not installed
    await page.goto(lab.page);
    await page.waitForFunction(() => document.body.innerText.includes('On this device calls ring only from the Home Screen. Press Share in the browser'), { polling: 50 });
    await page.waitForFunction(() => document.querySelector('[role=status]')?.textContent?.startsWith('Calls are off'), { polling: 50 });
  });
});
