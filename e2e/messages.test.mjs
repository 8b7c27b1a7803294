// What two people write to each other, during a call and afterwards.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Browser } from './browser.mjs';
import { Lab } from './lab.mjs';
import { open, start } from './once.mjs';
import { Person, connect, hangUp } from './person.mjs';
import { until } from './until.mjs';

/** @type {import('./browser.mjs').Kind[]} */
const kinds = ['firefox', 'chromium'];

/** What the bubbles of a list say, without who and when. @param {Person} person @param {string} list a selector */
function said({ page }, list) {
  return page.$$eval(`${list} .said`, (all) => all.map((one) => one.textContent));
}

for (const kind of kinds) {
  describe(`messages in ${kind}`, () => {
    /** @type {Lab} */ let lab;
    /** @type {Browser[]} */ let browsers;
    /** @type {Person} */ let ada;
    /** @type {Person} */ let bob;

    before(async () => {
      lab = await Lab.start();
      browsers = await Promise.all([Browser.start(kind, lab), Browser.start(kind, lab)]);
      [ada, bob] = await Promise.all(browsers.map((browser) => Person.open(browser, lab.page)));
      await connect(ada, bob, await bob.card());
    });

    after(async () => {
      await Promise.all((browsers ?? []).map((browser) => browser.stop()));
      await lab?.stop();
    });

    test('a message is marked when it has come', async () => {
      await ada.says('one');
      await bob.hears('one');
      await ada.page.waitForFunction(() => document.querySelector('#messages .mine')?.textContent?.endsWith('Delivered'));
    });

    test('links lead where they say, and nothing else is made of what a friend writes', async () => {
      await ada.says('<img src=x onerror=alert(1)> https://аpple.com/ javascript:alert(1) https://bank.example@evil.example/', '<img');
      await bob.hears('<img');
      const links = await bob.page.$$eval('#messages a', (all) => all.map((link) => [link.textContent, /** @type {HTMLAnchorElement} */ (link).href,
        link.getAttribute('rel'), link.getAttribute('target')]));
      assert.deepEqual(links, [['https://xn--pple-43d.com/', 'https://xn--pple-43d.com/', 'noopener noreferrer nofollow', '_blank']]);
      assert.equal(await bob.page.$('#messages img'), null);
    });

    test('messages of a contact are kept, and shown in the next call', async () => {
      await bob.press('Save contact');
      await bob.paste('Name', 'Ada');
      await bob.press('Save');
      await bob.says('two');
      await ada.hears('two');
      await hangUp(ada, bob);
      for (const person of [ada, bob]) {
        await person.page.reload();
        await person.sees('Ready');
      }
      await connect(ada, bob);
      for (const person of [ada, bob]) {
        const texts = await until('what was written before', async () => {
          const texts = await said(person, '#earlier');
          return texts.length >= 3 ? texts : undefined;
        });
        assert.deepEqual([texts[0], texts[2]], ['one', 'two']);
        assert.deepEqual(await said(person, '#messages'), []);
      }
    });

    test('what comes while nobody looks is counted, until somebody does', async () => {
      const away = await browsers[1].connection.newPage();
      await away.bringToFront();
      await ada.says('three');
      await until('the count in the title', async () => (await bob.page.title()).startsWith('(1)') || undefined);
      await hangUp(ada, bob);
      await bob.page.reload();
      await until('the count in the title', async () => (await bob.page.title()).startsWith('(1)') || undefined);
      await bob.page.bringToFront();
      await away.close();
      await bob.press('1 new message');
      assert.equal(await until('what was written', async () => (await said(bob, '#letters')).at(-1)), 'three'); // it is read from the store
      await bob.page.keyboard.press('Escape');
      await until('the count to go', async () => (await bob.page.title()).startsWith('(') ? undefined : true);
    });

    test('they can be deleted', async () => {
      await bob.press('More', '[aria-label=Contacts]');
      await bob.press('Messages', '[aria-label=Contacts]');
      await bob.press('Delete these messages');
      await bob.press('Delete for good');
      await until('them to go', async () => (await said(bob, '#letters')).length === 0 || undefined);
      await bob.page.keyboard.press('Escape');
      await ada.press('Settings');
      await ada.press('Delete all messages');
      await ada.press('Delete for good');
      await ada.readsAnywhere('All messages are deleted.');
      await ada.press('Close');
      for (const person of [ada, bob]) {
        await person.page.reload();
        await person.press('More', '[aria-label=Contacts]');
        await person.press('Messages', '[aria-label=Contacts]');
        await person.readsAnywhere('There are no messages yet.');
        await person.page.keyboard.press('Escape');
      }
    });

    test('what a stranger wrote is not counted where it cannot be read any more', async () => {
      await bob.press('Delete', '[aria-label=Contacts]');
      await bob.press('Delete contact', '[aria-label=Contacts]');
      await connect(ada, bob);
      const away = await browsers[1].connection.newPage();
      await away.bringToFront();
      await ada.says('four');
      await until('the count in the title', async () => (await bob.page.title()).startsWith('(1)') || undefined);
      await hangUp(ada, bob);
      await ada.callContact();
      await bob.rings('Unknown caller');
      await (await bob.find('button', 'Answer')).evaluate((button) => button.click());
      await Promise.all([ada.sees('Connected'), bob.sees('Connected')]);
      await until('the count to go', async () => (await bob.page.title()).startsWith('(') ? undefined : true);
      await bob.page.bringToFront();
      await away.close();
    });

    test('nor is it kept if they become a contact when all was deleted', async () => {
      await ada.says('five');
      await bob.hears('five');
      await hangUp(ada, bob);
      await bob.press('Settings');
      await bob.press('Delete all messages');
      await bob.press('Delete for good');
      await bob.readsAnywhere('All messages are deleted.');
      await bob.press('Close');
      await bob.press('Save contact', '[aria-label=Calls]');
      await bob.paste('Name', 'Ada');
      await bob.press('Save');
      await bob.press('More', '[aria-label=Contacts]');
      await bob.press('Messages', '[aria-label=Contacts]');
      await bob.readsAnywhere('There are no messages yet.');
      await bob.page.keyboard.press('Escape');
    });

    test('messages that cannot be read are not said to be none', async () => {
      await bob.page.evaluate(() => {
        IDBIndex.prototype.getAll = () => { throw new DOMException('The disk is broken.', 'UnknownError'); };
      });
      await bob.press('Messages', '[aria-label=Contacts]');
      await bob.readsAnywhere('These messages could not be read.');
      assert.ok(!(await bob.page.$eval('#letters', (dialog) => /** @type {HTMLElement} */ (dialog).innerText)).includes('There are no messages yet.'));
    });
  });
}

test('a friend who floods is hung up on, and the page goes on', async (t) => {
  const lab = await start(t);
  const browsers = await Promise.all([open(t, 'chromium', lab), open(t, 'firefox', lab)]);
  const [eve, bob] = await Promise.all(browsers.map((browser) => Person.open(browser, lab.page)));
  await eve.page.evaluateOnNewDocument(() => { // her page is not ours: it keeps every channel that it makes
    const channels = /** @type {RTCDataChannel[]} */ ([]);
    const make = RTCPeerConnection.prototype.createDataChannel;
    RTCPeerConnection.prototype.createDataChannel = function (...args) {
      const channel = make.apply(this, args);
      channels.push(channel);
      return channel;
    };
    Object(window).flood = async () => {
      const channel = channels.find(({ readyState }) => readyState === 'open');
      if (!channel) throw new Error('there is no channel');
      for (let number = 1; number <= 50_000; number++) {
        if (channel.readyState !== 'open') break;
        channel.send(JSON.stringify({ type: 'text', text: `https://example.org/${number} `.repeat(20), number }));
        if (channel.bufferedAmount > 4 << 20) await new Promise((resolve) => setTimeout(resolve, 20));
      }
    };
  });
  await eve.page.reload();
  await eve.sees('Ready');
  await connect(eve, bob, await bob.card());
  void eve.page.evaluate(() => Object(window).flood()).catch(() => {});
  await bob.sees('Call ended');
  const shown = (await said(bob, '#messages')).length;
  assert.ok(shown > 0 && shown <= 300, `${shown} messages are shown`);
  await bob.press('Settings');
  await bob.find('button', 'Test my line');
});
