// Actions before the page's program has loaded are recorded, and done when it has.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { open, start } from './once.mjs';
import { Lab } from './lab.mjs';
import { Person } from './person.mjs';

/** Opens the page and holds back its program, as on a slow line, until the test releases it.
 * @param {import('./browser.mjs').Browser} browser @param {string} address */
async function openEarly(browser, address) {
  const page = await browser.connection.newPage();
  page.on('pageerror', (error) => console.error(`${browser.kind} page error: ${error}`));
  /** @type {import('puppeteer-core').HTTPRequest[]} */
  const withheld = [];
  await page.setRequestInterception(true);
  page.on('request', (request) => {
    if (new URL(request.url()).pathname.endsWith('.wasm')) withheld.push(request);
    else void request.continue();
  });
  await page.goto(address, { waitUntil: 'domcontentloaded' });
  const person = new Person(browser, page);
  const letProgramCome = async () => {
    assert.ok(withheld.length > 0, 'the program was asked for');
    assert.equal(await page.evaluate(() => document.body.dataset.state), 'starting');
    for (const request of withheld.splice(0)) await request.continue();
  };
  return { person, letProgramCome };
}

/** Waits for a sentence in the dialog that takes a card. @param {Person} person @param {string} sentence */
async function isTold({ page }, sentence) {
  await page.waitForFunction((want) => /** @type {HTMLElement} */ (document.querySelector('#dial-dialog[open]'))?.innerText.includes(want), { polling: 50 }, sentence);
}

const later = 'Pushcall goes on with this as soon as it is ready.';

for (const kind of /** @type {const} */ (['firefox', 'chromium'])) {
  describe(`before the program has loaded, in ${kind}`, () => {
    /** @type {Lab} */ let lab;
    before(async () => { lab = await Lab.start(); });
    after(async () => { await lab?.stop(); });

    test('a name is given and a friend is called', async (t) => {
      const [callee, browser] = await Promise.all([open(t, kind, lab), open(t, kind, lab)]);
      const grace = await Person.open(callee, lab.page);
      const card = await grace.card();
      const { person: ada, letProgramCome } = await openEarly(browser, lab.page);
      await ada.paste('What are you called?', 'Ada');
      await ada.press('Next');
      await ada.sees(`Starting… ${later}`);
      await ada.call(card);
      await isTold(ada, later);
      await letProgramCome();
      await grace.rings('Unknown caller');
      await grace.readsAnywhere('Ada');
      await grace.press('Answer');
      await Promise.all([ada.sees('Connected'), grace.sees('Connected')]);
    });

    test('text that is no card is refused once, and a call that the person cancels is not made', async (t) => {
      const browser = await open(t, kind, lab);
      const { person, letProgramCome } = await openEarly(browser, lab.page);
      await person.call('good morning');
      await person.press('Cancel', 'dialog[open]');
      await person.call('good evening');
      await letProgramCome();
      await person.sees('Ready');
      await isTold(person, 'This is neither a card nor a link to one. Copy all of it and paste it again.');
      assert.equal(await person.reads("Friend's subscription"), 'good evening');
      assert.equal(await person.page.$eval('#dial-early', (element) => element.textContent), '');
      await person.press('Cancel', 'dialog[open]');
      await person.press('Settings');
      assert.equal(await person.reads('Your name'), '');
    });

    test('a link is opened', async (t) => {
      const [callee, browser] = await Promise.all([open(t, kind, lab), open(t, kind, lab)]);
      const grace = await Person.open(callee, lab.page);
      await grace.card();
      const link = await grace.page.$eval('#card-mail', (mail) => /(http\S+#card=[\w-]+)/.exec(decodeURIComponent(/** @type {HTMLAnchorElement} */ (mail).href))?.[1] ?? '');
      const { person, letProgramCome } = await openEarly(browser, link);
      await person.sees("Starting… Your friend's link opens as soon as Pushcall is ready.");
      await letProgramCome();
      await person.press('Call', '#invite[open]');
      await grace.rings('Unknown caller');
    });

    test('a page without permission to notify says how to allow it', async (t) => {
      const other = await start(t);
      const browser = await open(t, kind, other, { denied: true });
      const { person, letProgramCome } = await openEarly(browser, other.page);
      await person.call('{"endpoint":"https://push.example/1","keys":{"p256dh":"BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4","auth":"BTBZMqHH6r4Tts7J_aSIgg"}}');
      await letProgramCome();
      await person.readsAnywhere('How to allow notifications');
      await person.page.waitForSelector('#dial-dialog:not([open])');
    });
  });
}
