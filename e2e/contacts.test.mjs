// Friends exchange cards as links, QR codes and text.

import assert from 'node:assert/strict';
import { createCipheriv, createDecipheriv, createECDH, pbkdf2Sync, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import decodeQR from 'qr/decode.js';
import { Browser } from './browser.mjs';
import { Folder, startWithDownloads } from './downloads.mjs';
import { Lab } from './lab.mjs';
import { open } from './once.mjs';
import { until } from './until.mjs';
import { Person, connect, hangUp } from './person.mjs';

for (const [ownerKind, guestKind] of /** @type {const} */ ([['chromium', 'firefox'], ['firefox', 'chromium']])) {
  describe(`a link of ${ownerKind}'s opened in ${guestKind}`, () => {
    /** @type {Lab} */ let lab;
    /** @type {Browser[]} */ let browsers;
    /** @type {Person} */ let owner;
    /** @type {string} */ let link;
    /** @type {Person} */ let last;

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

    test('the card\'s QR code contains its link', async () => {
      await owner.press('Show my push subscription');
      const code = await owner.page.waitForSelector('#card-qr', { visible: true });
      await code?.scrollIntoView();
      link = decodeQR(await pixels(owner, /** @type {import('puppeteer-core').ElementHandle} */ (code)));
      assert.ok(link.startsWith(`${lab.page}#card=`), link);
      await until('what draws it is there without a network', () => owner.page.$eval('link[rel="code"]',
        (encoder) => caches.match(/** @type {HTMLLinkElement} */ (encoder).href).then((kept) => kept !== undefined || undefined)));
      assert.equal(await owner.page.$eval('#card-mail', (mail) => new URL(/** @type {HTMLAnchorElement} */ (mail).href).search.includes('%23card=')), true);
      await owner.press('Close', '#card-dialog');
    });

    test('opening a link explains it, and one button calls', async () => {
      const guest = await Person.open(browsers[1], link);
      await guest.rings('Grace'); // the heading of the dialog
      assert.equal(guest.page.url(), lab.page, 'the card is gone from the address');
      const buttons = await guest.page.$$eval('dialog[open] button', (all) => all.filter((b) => b.checkVisibility() && !b.ariaLabel).map((b) => b.textContent));
      assert.deepEqual(buttons, ['Call']);
      const words = await guest.page.$eval('#invite-text', (text) => text.textContent ?? '');
      assert.equal(words.split('. ').length, 2, words);
      await guest.readsAnywhere('Grace will see it.');
      await guest.type('Your name', 'Joan');
      await guest.press('Call', 'dialog[open]');
      await owner.readsAnywhere('They say they are “Joan”.');
      await owner.press('Answer');
      await Promise.all([owner.sees('Connected'), guest.sees('Connected')]);
      await hangUp(guest, owner);
      await guest.find('button', 'Call a friend'); // the dialog does not come back
      assert.deepEqual(await guest.lists('Contacts'), ['Grace']);
      await guest.page.goBack().catch(() => undefined);
      assert.ok(!guest.page.url().includes('card='), 'nor is it in the history');
      await guest.page.close();
    });

    test('a link opened in a running page says that its owner is a contact', async () => {
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
      await guest.page.close();
      last = tab;
    });

    test('a link pasted as a card, with words around it, calls', async () => {
      const guest = last; // a new tab might find the line still held
      await guest.call(`Call me: <${link}>\n\nGrace`);
      await owner.press('Answer');
      await Promise.all([owner.sees('Connected'), guest.sees('Connected')]);
      await hangUp(owner, guest);
      await guest.page.close();
    });

    test('in a browser where no call can ring, the page says why it cannot call, and saves the friend', async (t) => {
      const denied = await open(t, guestKind, lab, { denied: true });
      const windows = [denied.connection]; // and Chromium's private windows, which never ask; Firefox's do, and calls ring there
      if (guestKind === 'chromium') windows.push(/** @type {any} */ (await browsers[1].connection.createBrowserContext()));
      for (const window of windows) {
        const page = await window.newPage();
        const guest = new Person(denied, page);
        await page.goto(link);
        await guest.rings('Grace');
        await guest.press('Call', 'dialog[open]');
        await guest.readsAnywhere("Nor can you call from here: your friend's answer would come the same way.");
        await guest.sees('Calls are off');
        await guest.readsAnywhere('rivate window');
        await until('the friend', async () => (await guest.lists('Contacts')).join() === 'Grace' || undefined);
        await page.reload();
        await until('the friend after a reload', async () => (await guest.lists('Contacts')).join() === 'Grace' || undefined);
        await page.close();
      }
    });

    test("the page recognises the person's own link", async () => {
      await owner.page.evaluate((hash) => { location.hash = hash; }, new URL(link).hash);
      await owner.rings('This is your own link');
      await owner.press('Close', 'dialog[open]');
    });
  });
}

test("the camera reads a friend's code, and without a camera the page says so", async () => {
  const lab = await Lab.start();
  const folder = await mkdtemp(join(tmpdir(), 'pushcall-camera-'));
  const camera = join(folder, 'code.y4m');
  const owner = await Browser.start('firefox', lab);
  const browsers = [owner];
  try {
    const grace = await Person.open(owner, lab.page);
    await grace.isCalled('Grace');
    await grace.press('Show my push subscription');
    const code = await grace.page.waitForSelector('#card-qr', { visible: true });
    await code?.scrollIntoView();
    await writeFile(camera, film(await pixels(grace, /** @type {import('puppeteer-core').ElementHandle} */ (code))));
    await grace.press('Close', '#card-dialog');

    const args = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream', `--use-file-for-fake-video-capture=${camera}`];
    const scanner = await Browser.start('chromium', lab, { args });
    browsers.push(scanner);
    const ada = await Person.open(scanner, lab.page);
    await ada.press('Call a friend');
    await ada.press('Scan a code');
    await ada.rings('Grace'); // the heading of the dialog
    await ada.press('Call', 'dialog[open]');
    await grace.press('Answer');
    await Promise.all([ada.sees('Connected'), grace.sees('Connected')]);
    await hangUp(ada, grace);

    await grace.press('Call a friend');
    await grace.press('Scan a code');
    await grace.readsAnywhere('No camera can be used here.');
    await grace.press('Close', '#scan');
  } finally {
    await Promise.all(browsers.map((browser) => browser.stop()));
    await lab.stop();
    await rm(folder, { recursive: true, force: true });
  }
});

/** Makes a video of one picture, which Chromium plays instead of a camera.
 * @param {{width: number, height: number, data: Uint8Array}} picture */
function film({ width, height, data }) {
  const [w, h] = [640, 640];
  const luma = Buffer.alloc(w * h, 235);
  for (let y = 0; y < h; y++) {
    for (let x = 0; x < w; x++) {
      const at = 4 * (Math.floor(y * height / h) * width + Math.floor(x * width / w));
      luma[y * w + x] = data[at];
    }
  }
  const chroma = Buffer.alloc(w * h / 2, 128);
  return Buffer.concat([Buffer.from(`YUV4MPEG2 W${w} H${h} F10:1 Ip A1:1 C420jpeg\nFRAME\n`), luma, chroma]);
}

describe('safety words', () => {
  /** @type {Lab} */ let lab;
  /** @type {Browser[]} */ let browsers;
  /** @type {Person[]} */ let people;

  before(async () => {
    lab = await Lab.start();
    browsers = await Promise.all([Browser.start('chromium', lab), Browser.start('firefox', lab), Browser.start('chromium', lab)]);
    people = await Promise.all(browsers.map((browser) => Person.open(browser, lab.page)));
    await people[1].isCalled('Grace');
    await people[2].isCalled('Grace'); // or so she says
  });

  after(async () => {
    await Promise.all((browsers ?? []).map((browser) => browser.stop()));
    await lab?.stop();
  });

  /** Returns the safety words that the page shows for this call. @param {Person} person */
  async function wordsOf(person) {
    await person.press('Safety words');
    await person.page.waitForSelector('#safety-words > li', { visible: true });
    return person.page.$$eval('#safety-words > li', (items) => items.map((item) => item.textContent));
  }

  test('are equal on both sides, and the page stores that they were compared', async () => {
    const [ada, grace] = people;
    await connect(ada, grace, await grace.card());
    const words = await wordsOf(ada);
    assert.equal(words.length, 6);
    assert.deepEqual(await wordsOf(grace), words);
    await grace.press('Close', '#safety');
    await ada.press('They match');
    await ada.find('button', 'Verified');
    await hangUp(ada, grace);
    assert.deepEqual(await ada.lists('Contacts'), ['Grace Verified']);
    await ada.page.reload();
    await ada.sees('Ready');
    await ada.page.waitForSelector('[aria-label=Contacts] .verified', { visible: true });
    await connect(ada, grace);
    await ada.press('Verified');
    const again = await ada.page.$$eval('#safety-words > li', (items) => items.map((item) => item.textContent));
    assert.notDeepEqual(again, words, 'of another connection');
    await ada.press('Close', '#safety');
    await hangUp(ada, grace);
  });

  test('a stranger with a contact\'s name is shown as a stranger, and has other words', async () => {
    const [ada, grace, mallory] = people;
    await mallory.call(await ada.card());
    await ada.rings('Unknown caller');
    await ada.readsAnywhere('This is not the “Grace” in your contacts: their mark is another.');
    await ada.press('Answer');
    await Promise.all([ada.sees('Connected'), mallory.sees('Connected')]);
    const words = await wordsOf(ada);
    assert.deepEqual(await wordsOf(mallory), words);
    await ada.press('They differ');
    await ada.readsAnywhere('Hang up, and exchange your cards anew by another way.');
    for (const person of [ada, mallory]) await person.press('Close', '#safety');
    await hangUp(ada, mallory);
    await connect(ada, grace);
    await ada.press('Verified');
    assert.notDeepEqual(await wordsOf(grace), words);
    await grace.press('Close', '#safety');
    await ada.press('Close', '#safety');
    await hangUp(ada, grace);
  });
});

for (const kind of /** @type {const} */ (['firefox', 'chromium'])) {
  describe(`contacts of ${kind}`, () => {
    /** @type {Lab} */ let lab;
    /** @type {Browser[]} */ let browsers;
    /** @type {Person} */ let ada;
    /** @type {Person} */ let grace;

    before(async () => {
      lab = await Lab.start();
      browsers = await Promise.all([Browser.start(kind, lab), Browser.start('chromium', lab)]);
      [ada, grace] = await Promise.all(browsers.map((browser) => Person.open(browser, lab.page)));
      await grace.isCalled('Grace');
    });

    after(async () => {
      await Promise.all((browsers ?? []).map((browser) => browser.stop()));
      await lab?.stop();
    });

    /** @param {string} name of a switch in the settings */
    async function turn(name) {
      await ada.press('Settings');
      await ada.press(name, '#settings');
      await ada.readsAnywhere('Saved');
      await ada.press('Close', '#settings');
    }

    test('contacts only: a stranger does not ring, page open or closed, and is listed as missed', async () => {
      const card = await ada.card();
      await turn('Contacts only');
      await grace.call(card);
      await until('the missed call', async () => (await ada.lists('Calls')).length === 1 || undefined);
      assert.match((await ada.lists('Calls'))[0], /^Unknown caller They say they are “Grace”. Missed/);
      assert.ok((await ada.status()).startsWith('Ready'));
      await grace.press('Hang up');
      await grace.sees('Call ended');

      await ada.page.close();
      const before = (await lab.messages()).length;
      await grace.callContact();
      await until('the push', async () => (await lab.messages()).slice(before).some((message) => message.acked) || undefined);
      const shown = await until('a notification', async () => (await browsers[0].notifications()).find(({ title }) => /call/i.test(title)));
      assert.equal(shown.title, 'Missed call from an unknown caller');
      ada = await Person.open(browsers[0], lab.page);
      await until('the other missed call', async () => (await ada.lists('Calls')).length === 2 || undefined);
      assert.ok((await ada.status()).startsWith('Ready'));
      await grace.press('Hang up');
      await grace.sees('Call ended');
    });

    test('a contact saved from a link rings, and is a stranger after deletion', async () => {
      await ada.press('Call a friend');
      await ada.paste("Friend's subscription", await grace.card());
      await ada.press('Save contact', '#dial-dialog');
      await ada.paste('Name', 'G.');
      await ada.press('Save', '#save-dialog');
      await until('the contact', async () => (await ada.lists('Contacts'))[0] === 'G.' || undefined);
      await connect(grace, ada);
      await hangUp(grace, ada);

      await ada.press('More', '[aria-label=Contacts]');
      await ada.press('Delete', '[aria-label=Contacts]');
      await ada.press('Keep', '[aria-label=Contacts]');
      await ada.press('Delete', '[aria-label=Contacts]');
      await ada.press('Delete contact', '[aria-label=Contacts]');
      await until('no contact', async () => (await ada.lists('Contacts')).length === 0 || undefined);
      await ada.page.reload();
      await ada.sees('Ready');
      await until('the calls', async () => (await ada.lists('Calls')).length === 3 || undefined);
      assert.deepEqual(await ada.lists('Contacts'), []);
      await grace.callContact();
      await until('the missed call', async () => (await ada.lists('Calls')).length === 4 || undefined);
      await grace.press('Hang up');
      await grace.sees('Call ended');
    });

    test('a stranger in the list of calls is called back, and saved without the name they claim', async () => {
      assert.match((await ada.lists('Calls'))[0], /^Unknown caller They say they are “Grace”. Missed/);
      await ada.find('button', 'Save contact', '[aria-label=Calls]');
      await ada.press('Call again', '[aria-label=Calls]');
      await grace.press('Answer');
      await Promise.all([ada.sees('Connected'), grace.sees('Connected')]);
      await hangUp(ada, grace);
      assert.deepEqual(await ada.lists('Contacts'), ['Unnamed friend']);
    });
  });
}

for (const kind of /** @type {const} */ (['firefox', 'chromium'])) {
  test(`a person without a name is asked for it beside the first card in ${kind}, and the guide does not claim that they gave one`, async (t) => {
    const lab = await Lab.start();
    t.after(() => lab.stop());
    const ada = await Person.open(await open(t, kind, lab), lab.page);
    const ticked = () => ada.page.$eval('#guide-1', (step) => getComputedStyle(step, '::before').content.includes('✓'));
    await ada.press('Next');
    await ada.page.waitForSelector('#guide > [aria-current]:not(#guide-1)');
    assert.equal(await ticked(), false);
    assert.equal('name' in JSON.parse(await ada.card()), false);
    assert.equal(await ticked(), false);
    await ada.press('Show my push subscription');
    await ada.readsAnywhere('Your friend will see it.');
    await ada.type('Your name', 'Ada');
    await ada.page.waitForFunction(() => JSON.parse(/** @type {HTMLTextAreaElement} */ (document.querySelector('#card-text')).value).name === 'Ada', { polling: 50 });
    await until('the link with it', () => ada.page.$eval('#card-mail', (mail) => {
      const [, short] = /#card=([\w-]+)/.exec(decodeURIComponent(/** @type {HTMLAnchorElement} */ (mail).href)) ?? [];
      return atob(short.replace(/-/g, '+').replace(/_/g, '/')).includes('Ada') || undefined;
    }));
    await ada.press('Close', '#card-dialog');
    assert.equal(await ticked(), true);
    await ada.press('Show my push subscription');
    await ada.find('button', 'Close', '#card-dialog');
    assert.equal(await ada.page.$eval('#card-own', (part) => part.checkVisibility()), false, 'it is asked once');
  });
}

for (const [oldKind, newKind] of /** @type {const} */ ([['chromium', 'firefox'], ['firefox', 'chromium']])) {
  describe(`moving from ${oldKind} to ${newKind}`, () => {
    /** @type {Lab} */ let lab;
    /** @type {Browser[]} */ let browsers;
    /** @type {Person} */ let before_;
    /** @type {Person} */ let after_;
    /** @type {Person} */ let friend;
    /** @type {Person} */ let last;
    /** @type {Folder[]} */ let folders;
    const passphrase = 'correct horse battery';

    before(async () => {
      lab = await Lab.start();
      folders = await Promise.all([Folder.make(), Folder.make()]);
      browsers = await Promise.all([startWithDownloads(oldKind, lab, folders[0]), startWithDownloads(newKind, lab, folders[1]),
        Browser.start('chromium', lab), Browser.start('chromium', lab)]);
      [before_, after_, friend, last] = await Promise.all(browsers.map((browser) => Person.open(browser, lab.page)));
    });

    after(async () => {
      await Promise.all((browsers ?? []).map((browser) => browser.stop()));
      await lab?.stop();
      await Promise.all((folders ?? []).map((folder) => folder.remove()));
    });

    /** Opens a file to import it. @param {Person} person @param {string} file @param {string} [words] */
    async function opens(person, file, words = passphrase) {
      await person.press('Settings');
      await person.paste('Passphrase', words);
      const input = await person.page.$('#move-file');
      await /** @type {import('puppeteer-core').ElementHandle<HTMLInputElement>} */ (input).uploadFile(file);
    }

    /** Imports a file that was opened, and waits for the page that is loaded anew. @param {Person} person */
    async function imports(person) {
      await person.page.evaluate(() => { Object(globalThis).before = true; });
      await person.press('Import', '#import');
      await until('the page anew', () => person.page.evaluate(() => !('before' in globalThis) || undefined).catch(() => undefined));
      await person.sees('Ready');
    }

    /** @param {Person} person @param {Folder} folder of their downloads; a file from before goes */
    async function exports(person, folder) {
      await rm(join(folder.path, 'pushcall.contacts'), { force: true });
      await person.press('Settings');
      await person.paste('Passphrase', passphrase);
      await person.press('Export');
      const file = await folder.has('pushcall.contacts');
      await person.press('Close', '#settings');
      return file;
    }

    /** @param {Person} person @returns {Promise<string>} */
    const identityOf = async (person) => JSON.parse(await person.card()).identity;

    test("an archive file and its passphrase move the identity, and the friends' lists follow", async () => {
      await before_.isCalled('Grace');
      await friend.isCalled('Ada');
      await connect(friend, before_, await before_.card());
      await friend.press('Safety words');
      await friend.press('They match');
      await before_.press('Save contact');
      await before_.press('Save', '#save-dialog');
      await friend.says('hello');
      await before_.hears('hello');
      await hangUp(before_, friend);
      assert.deepEqual(await friend.lists('Contacts'), ['Grace Verified']);

      await before_.press('Settings');
      await before_.paste('Passphrase', 'too short');
      await before_.press('Export');
      await before_.readsAnywhere('Write a passphrase of 12 characters at least');
      await before_.paste('Passphrase', passphrase);
      await before_.press('Export');
      await before_.readsAnywhere('Keep the file and its passphrase apart.');
      const path = await folders[0].has('pushcall.contacts');
      const file = await readFile(path);
      assert.equal(file.subarray(0, 8).toString(), 'PUSHCALL');
      assert.ok(!file.includes('Ada'), 'it can be read by everybody');

      await opens(after_, path, 'correct horse batterY');
      await after_.readsAnywhere('This passphrase does not open the file.');
      await after_.press('Close', '#settings');

      await after_.page.evaluate(() => {
        const add = IDBObjectStore.prototype.add;
        IDBObjectStore.prototype.add = function (...args) {
          if (this.name === 'messages') throw new DOMException('The disk is full.', 'QuotaExceededError');
          return add.apply(this, args);
        };
      });
      await opens(after_, path);
      await after_.press('Import', '#import');
      await after_.readsAnywhere('Something went wrong. Try again, or reload the page.');
      const contacts = await after_.page.evaluate(() => new Promise((resolve, reject) => {
        const opening = indexedDB.open('pushcall');
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
          const counting = opening.result.transaction('contacts').objectStore('contacts').count();
          counting.onsuccess = () => resolve(counting.result);
          opening.result.close();
        };
      }));
      assert.equal(contacts, 0, 'contacts who would be told of a move that there was not');
      await after_.page.reload();
      await after_.sees('Ready');

      const own = await identityOf(after_);
      const pushed = (await lab.messages()).length;
      await opens(after_, path);
      await after_.readsAnywhere('Import this file?');
      await after_.readsAnywhere('The file says that it is from “Grace”.');
      await after_.readsAnywhere('It has 1 contact and 1 call in it.');
      await after_.readsAnywhere('Friends will know you by a new mark');
      const mark = (/** @type {Element} */ svg) => svg.innerHTML;
      assert.equal(await after_.page.$eval('#import-mark', mark), await friend.page.$eval('#contacts .mark', mark));
      await after_.press('Cancel', '#import');
      await after_.press('Close', '#settings');
      assert.deepEqual([await after_.lists('Contacts'), await identityOf(after_), (await lab.messages()).length], [[], own, pushed]);

      await opens(after_, path);
      await imports(after_);
      await until('the contact', async () => (await after_.lists('Contacts').catch(() => []))[0] === 'Ada' || undefined);
      await until('the call in the list', async () => (await after_.lists('Calls')).length === 1 || undefined);
      await after_.press('More', '[aria-label=Contacts]');
      await after_.press('Messages', '[aria-label=Contacts]');
      await until('the message', async () => (await after_.lists('Messages with this contact'))[0]?.includes('hello') || undefined);
      await after_.press('Close', '#letters');

      await friend.readsAnywhere('Grace has moved to another browser, and has another mark from now on.');
      const [row, ...others] = await friend.lists('Contacts');
      assert.match(row, /^Grace Grace has moved/);
      assert.deepEqual(others, []);
      const fresh = await identityOf(after_);
      assert.ok(![own, successorIn(file, passphrase)].includes(fresh), 'whoever has the file has the identity');
      await connect(friend, after_);
      await friend.readsAnywhere('Grace has moved to another browser');
      await hangUp(friend, after_);
      await friend.press('Understood');
      await until('a list as before', async () => (await friend.lists('Contacts'))[0] === 'Grace' || undefined);
      await connect(after_, friend);
      await hangUp(after_, friend);
    });

    test('the old browser is a stranger', async () => {
      await before_.press('Close', '#settings');
      await before_.callContact();
      await friend.rings('Unknown caller');
      await friend.readsAnywhere('This is not the “Grace” in your contacts');
      await friend.press('Decline');
      await before_.sees('Declined');
    });

    test('nothing is imported from a damaged or forged file', async () => {
      const file = await readFile(join(folders[0].path, 'pushcall.contacts'));
      const archive = unseal(file, passphrase);
      const forged = Buffer.from(archive.succession, 'base64url');
      forged[forged.length - 1] ^= 1;
      const chain = forged.toString('base64url');
      const path = join(folders[1].path, 'forged.contacts');
      const [contact] = archive.contacts;
      for (const octets of [
        file.subarray(0, 50),
        Buffer.from('<html></html>'),
        reseal(file, passphrase, { ...archive, succession: chain }),
        reseal(file, passphrase, { ...archive, contacts: [{ ...contact, succeeds: chain }] }),
        reseal(file, passphrase, { ...archive, contacts: [{ ...contact, card: '{}' }] }),
        reseal(file, passphrase, []),
      ]) {
        await writeFile(path, octets);
        await opens(last, path);
        await last.readsAnywhere('This is not a file that Pushcall has written, or it is damaged.');
        await last.press('Close', '#settings');
      }
      assert.deepEqual(await last.lists('Contacts'), []);
    });

    test('a file that was imported or written here moves nothing', async () => {
      const file = join(folders[0].path, 'pushcall.contacts');
      const [fresh, pushed] = [await identityOf(after_), (await lab.messages()).length];
      await opens(after_, file);
      await after_.readsAnywhere('The file was imported here before.');
      await after_.readsAnywhere('Friends know you by the same mark as before.');
      await imports(after_);
      assert.equal(await identityOf(after_), fresh);
      await until('the contact', async () => (await after_.lists('Contacts')).join() === 'Ada' || undefined);
      await opens(before_, file);
      await before_.readsAnywhere('This browser wrote the file.');
      await imports(before_);
      await until('the contact', async () => (await before_.lists('Contacts')).join() === 'Ada' || undefined);
      assert.equal((await lab.messages()).length, pushed, 'friends are told nothing');
    });

    test('a friend who was away during two moves follows', async () => {
      await lab.faults([{ fault: 'drop' }]); // the friend is told, and away
      const before = (await lab.messages()).length;
      await opens(before_, await exports(after_, folders[1]));
      await before_.readsAnywhere('The file says that it is from “Grace”.');
      await imports(before_);
      await until('the friend to be told', async () => (await lab.messages()).length > before || undefined);
      assert.match((await friend.lists('Contacts')).join(), /^Grace$/);

      await opens(last, await exports(before_, folders[0]));
      await imports(last);
      await friend.readsAnywhere('Grace has moved to another browser');
      await connect(friend, last);
      await hangUp(friend, last);
      assert.equal((await friend.lists('Contacts')).length, 1);
    });

    test('a friend’s file: the page warns, with the name that they have here', async () => {
      await last.isCalled('Somebody else');
      const download = await last.page.createCDPSession();
      await download.send('Browser.setDownloadBehavior', { behavior: 'allow', downloadPath: folders[0].path });
      await opens(friend, await exports(last, folders[0]));
      await friend.readsAnywhere('The browser that wrote the file is Grace in your contacts.');
      await friend.readsAnywhere('Import it only if you are Grace');
      await friend.press('Cancel', '#import');
      await friend.press('Close', '#settings');
    });
  });
}

/** Returns the content of an archive file (its layout is at Sealed in package phonebook). @param {Buffer} file @param {string} passphrase */
function unseal(file, passphrase) {
  const key = pbkdf2Sync(passphrase, file.subarray(13, 29), file.readUInt32BE(9), 32, 'sha256');
  const opening = createDecipheriv('aes-256-gcm', key, file.subarray(29, 41)).setAAD(file.subarray(0, 41)).setAuthTag(file.subarray(-16));
  return JSON.parse(Buffer.concat([opening.update(file.subarray(41, -16)), opening.final()]).toString());
}

/** Returns an archive file with another content. @param {Buffer} file @param {string} passphrase @param {unknown} archive */
function reseal(file, passphrase, archive) {
  const [header, nonce] = [Buffer.from(file.subarray(0, 41)), randomBytes(12)];
  nonce.copy(header, 29);
  const key = pbkdf2Sync(passphrase, header.subarray(13, 29), header.readUInt32BE(9), 32, 'sha256');
  const sealing = createCipheriv('aes-256-gcm', key, nonce).setAAD(header);
  return Buffer.concat([header, sealing.update(JSON.stringify(archive)), sealing.final(), sealing.getAuthTag()]);
}

/** Returns the public key of the identity in an archive file. @param {Buffer} file @param {string} passphrase */
function successorIn(file, passphrase) {
  const pair = createECDH('prime256v1');
  pair.setPrivateKey(Buffer.from(unseal(file, passphrase).successor, 'base64url'));
  return pair.getPublicKey('base64url');
}

/** Returns the pixels of an element. @param {Person} person @param {import('puppeteer-core').ElementHandle} element */
async function pixels(person, element) {
  const png = await element.screenshot({ encoding: 'base64', captureBeyondViewport: false }); // for which Chromium would take the page's scroll bars away, and move the dialog
  const { width, height, data } = await person.page.evaluate(async (base64) => {
    const bitmap = await createImageBitmap(new Blob([Uint8Array.from(atob(base64), (octet) => octet.charCodeAt(0))]));
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
    context?.drawImage(bitmap, 0, 0);
    const image = context?.getImageData(0, 0, bitmap.width, bitmap.height);
    return { width: bitmap.width, height: bitmap.height, data: [...image?.data ?? []] };
  }, png);
  return { width, height, data: Uint8Array.from(data) };
}
