// Text messages between two people, during a call and afterwards.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Browser } from './browser.mjs';
import { Lab } from './lab.mjs';
import { open, start } from './once.mjs';
import { Person, connect, hangUp } from './person.mjs';
import { until } from './until.mjs';

/** @type {import('./browser.mjs').Kind[]} */
const kinds = ['firefox', 'chromium'];

/** Returns the texts in a list's bubbles, without sender and time. @param {Person} person @param {string} list a selector */
function said({ page }, list) {
  return page.$$eval(`${list} .said`, (all) => all.map((one) => one.textContent));
}

/** Sends texts by a script, unchanged, each when the page shows the one before. @param {Person} person @param {string[]} texts @param {string} [then] the button pressed after them */
function writes({ page }, texts, then = 'message') {
  return page.evaluate(async (texts, then) => {
    const box = /** @type {HTMLTextAreaElement} */ (document.getElementById('message'));
    const shown = () => [...document.querySelectorAll('#messages .mine .said')].at(-1)?.textContent;
    for (const [n, text] of texts.entries()) {
      box.value = text;
      box.dispatchEvent(new InputEvent('input', { bubbles: true }));
      box.form?.requestSubmit();
      while (box.value || n % 20 === 19 && shown() !== text) {
        if (!/connect/.test(document.getElementById('page')?.dataset.state ?? '')) throw new Error('the call has ended');
        await new Promise((resolve) => setTimeout(resolve));
      }
    }
    document.getElementById(then)?.click();
  }, texts, then);
}

/** Waits for the last bubble of somebody's own that says a text. @param {Person} person @param {string} text @param {string} ends how the whole of it does */
function endsAs({ page }, text, ends) {
  return until(`"${text}" to end as ${ends}`, () => page.$$eval('.mine', (all, text, ends) =>
    all.findLast((one) => one.querySelector('.said')?.textContent === text)?.textContent?.endsWith(ends) || undefined, text, ends));
}

/** Drops all messages that a page sends to the other, like a lost path. */
function losePaths() {
  const { send } = RTCDataChannel.prototype;
  RTCDataChannel.prototype.send = function (/** @type {any} */ data) {
    if (!Object(window).lost) send.call(this, data);
  };
}

/** @param {Person} person @param {boolean} lost */
const losesPath = ({ page }, lost) => page.evaluate((lost) => void (Object(window).lost = lost), lost);

/** Texts and their form on arrival: unchanged, except for half a surrogate pair, which no browser can show. */
const odd = [
  '  before and after \t ', 'line\nline\n\n', '\n\nlow', '\ufeffmarked', 'a\u0000b\u0007', '\u202eturned', 'مرحبا \u2067(1)', 'e\u0301 é', '\u0301alone',
  '👩‍👩‍👧‍👦🏳️‍🌈', 'half \ud83d', '\ude00half', '\u2028\u0085x', '\ufffe\uffff\ufdd0', 'soft\u00adhyphen\u200b', '"\\\u0022</script>', '\u00a0x\u3000', '\ue000', '\u0600',
];
const blank = ['', ' ', '\n \t\n', '\u00a0\u2003\u3000', '\u200b\u2060\ufeff', '\u200d\ufe0f', '\u202e\u2066', '\u3164\u115f', '\u2800', '\u00ad\u034f', '\u0000\u0007', '\u{e0041}'];

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

    test('a message is marked when it has arrived', async () => {
      await ada.says('one');
      await bob.hears('one');
      await ada.page.waitForFunction(() => document.querySelector('#messages .mine')?.textContent?.endsWith('Delivered'));
    });

    test('links lead to the address they show, and no other markup is made of a friend\'s text', async () => {
      await ada.says('<img src=x onerror=alert(1)> https://аpple.com/ javascript:alert(1) https://bank.example@evil.example/', '<img');
      await bob.hears('<img');
      const links = await bob.page.$$eval('#messages a', (all) => all.map((link) => [link.textContent, /** @type {HTMLAnchorElement} */ (link).href,
        link.getAttribute('rel'), link.getAttribute('target')]));
      assert.deepEqual(links, [['https://xn--pple-43d.com/', 'https://xn--pple-43d.com/', 'noopener noreferrer nofollow', '_blank']]);
      assert.equal(await bob.page.$('#messages img'), null);
    });

    test('messages of a contact are stored, and shown in the next call', async () => {
      await bob.press('Save contact');
      await bob.paste('Name', 'Ada');
      await bob.press('Save');
      await bob.says('two');
      await ada.hears('two');
      await hangUp(ada, bob);
      for (const person of [ada, bob]) {
        await person.page.evaluateOnNewDocument(losePaths);
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

    test('a message arrives as it was typed, and one without visible characters is not sent', async () => {
      await writes(ada, odd);
      for (const text of blank) {
        await ada.paste('Message', text);
        await (await ada.find('textbox', 'Message')).press('Enter');
      }
      await writes(ada, ['end']);
      await bob.hears('end');
      const want = [...odd.map((text) => text.toWellFormed()), 'end'];
      for (const person of [ada, bob]) assert.deepEqual(await said(person, '#messages'), want);
      await endsAs(ada, 'end', 'Delivered');
    });

    test('a long message arrives completely, and the page says before sending that one is too long', async () => {
      const long = '語'.repeat(9_996) + 'e\u0301😀'; // 10,000 code units
      await ada.paste('Message', 'x'.repeat(9_000));
      assert.equal(await ada.page.$eval('#message-room', (room) => room.textContent), '');
      await ada.paste('Message', 'x'.repeat(50_000));
      await ada.readsAnywhere('50000 of 10000 characters. Shorten it');
      assert.ok(await ada.page.$eval('#send', (button) => /** @type {HTMLButtonElement} */ (button).disabled));
      await (await ada.find('textbox', 'Message')).press('Enter');
      assert.equal((await ada.reads('Message')).length, 50_000);
      await ada.paste('Message', long);
      await ada.readsAnywhere('10000 of 10000 characters');
      await ada.press('Send');
      await until('all of it', async () => (await said(bob, '#messages')).at(-1) === long || undefined);
      await endsAs(ada, long, 'Delivered');
    });

    test('a lost message is marked, and is sent again in the next call, once', async () => {
      await writes(ada, ['my last'], 'hang-up');
      await Promise.all([ada.sees('Call ended'), bob.sees('Call ended')]);
      await bob.hears('my last');
      await endsAs(ada, 'my last', 'Delivered');
      await connect(ada, bob);
      await bob.paste('Message', 'half a sent');
      await losesPath(bob, true);
      await writes(ada, ['came, and nobody knows']);
      await bob.hears('came, and nobody knows');
      await losesPath(ada, true);
      await writes(ada, ['never came', 'nor did this']);
      await ada.sees('Reconnecting');
      await writes(ada, ['written meanwhile'], 'hang-up');
      await Promise.all([ada.sees('Call ended'), bob.sees('Call ended')]);
      await Promise.all([losesPath(ada, false), losesPath(bob, false)]);
      const texts = ['came, and nobody knows', 'never came', 'nor did this', 'written meanwhile'];
      for (const text of texts) await endsAs(ada, text, 'Not deliveredSend again');
      assert.equal(await bob.page.$eval('#message', (box) => /** @type {HTMLTextAreaElement} */ (box).value), 'half a sent');
      await ada.press('Send again', '#messages'); // the first
      await ada.press('Send again', '#messages');
      await ada.readsAnywhere('Will be sent in your next call');
      await ada.press('More', '[aria-label=Contacts]');
      await ada.press('Messages', '[aria-label=Contacts]');
      await until('them to say so in the list, too', async () => (await ada.page.$$('#letters .lost')).length === 4 || undefined);
      await ada.page.keyboard.press('Escape');
      await connect(ada, bob);
      await bob.hears('never came');
      const lost = () => ada.page.$$eval('#earlier .lost', (all) => all.length);
      for (let left = await lost(); left > 0; left--) {
        await ada.press('Send again', '#earlier');
        await until('it to leave the earlier messages', async () => await lost() < left || undefined);
      }
      for (const text of texts) await endsAs(ada, text, 'Delivered');
      const all = [...await said(bob, '#earlier'), ...await said(bob, '#messages')];
      assert.deepEqual(all.slice(-5), ['my last', ...texts]);
      assert.equal((await ada.page.$$('.lost')).length, 0);
      assert.equal(await bob.reads('Message'), 'half a sent');
      await bob.paste('Message', '');
    });

    test('messages to a hidden page are counted as unread until it is visible', async () => {
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

    test('messages can be deleted', async () => {
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

    test('a stranger\'s messages do not count as unread once they cannot be read', async () => {
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

    test('a stranger\'s deleted messages are not stored when the stranger becomes a contact', async () => {
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

    test('the page does not claim that there are no messages if it cannot read them', async () => {
      await bob.page.evaluate(() => {
        IDBIndex.prototype.getAll = () => { throw new DOMException('The disk is broken.', 'UnknownError'); };
      });
      await bob.press('Messages', '[aria-label=Contacts]');
      await bob.readsAnywhere('These messages could not be read.');
      assert.ok(!(await bob.page.$eval('#letters', (dialog) => /** @type {HTMLElement} */ (dialog).innerText)).includes('There are no messages yet.'));
    });
  });
}

test('many texts at once do not end a call; a flood does, and the page survives it', async (t) => {
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
      const first = 2 * Date.now(); // above all that her page has sent
      for (let number = first; number <= first + 50_000; number++) {
        if (channel.readyState !== 'open') break;
        channel.send(JSON.stringify({ type: 'text', text: `https://example.org/${number} `.repeat(20), number }));
        if (channel.bufferedAmount > 4 << 20) await new Promise((resolve) => setTimeout(resolve, 20));
      }
    };
  });
  await eve.page.reload();
  await eve.sees('Ready');
  await connect(eve, bob, await bob.card());
  const texts = Array.from({ length: 500 }, (_, n) => `number ${n}`);
  await Promise.all([writes(eve, texts), writes(bob, texts)]);
  for (const person of [eve, bob]) {
    const shown = await until('all of the friend\'s', async () => {
      const shown = await person.page.$$eval('#messages .theirs .said', (all) => all.map((one) => one.textContent));
      return shown.at(-1) === 'number 499' ? shown : undefined;
    }, 90_000); // 20 a second, after the first
    assert.deepEqual(shown, texts.slice(-shown.length));
    await person.sees('Connected');
  }
  for (const person of [eve, bob]) { // what a side has written goes out of sight behind what comes
    await person.says('that was all');
    await endsAs(person, 'that was all', 'Delivered');
  }
  void eve.page.evaluate(() => Object(window).flood()).catch(() => {});
  await bob.sees('Call ended');
  await bob.readsAnywhere('Your friend\'s page sent more than this one takes, so it ended the call.');
  const shown = (await said(bob, '#messages')).length;
  assert.ok(shown > 0 && shown <= 300, `${shown} messages are shown`);
  await bob.press('Settings');
  await bob.find('button', 'Test my line');
});
