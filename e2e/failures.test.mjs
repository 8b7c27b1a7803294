// After each kind of failure the person reads one plain sentence and loses nothing.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Browser } from './browser.mjs';
import { pushService, staticHost } from './hosts.mjs';
import { Lab } from './lab.mjs';
import { open, start } from './once.mjs';
import { Person } from './person.mjs';

for (const kind of /** @type {const} */ (['firefox', 'chromium'])) {
  describe(`failures in ${kind}`, () => {
    /** @type {Lab} */ let lab;
    /** @type {Awaited<ReturnType<typeof staticHost>>} */ let host;
    /** @type {Browser[]} */ let browsers;
    /** @type {Person} */ let caller;
    /** @type {Person} */ let callee;
    /** @type {any} the friend's card */ let card;
    /** @type {any} */ let ownCard;

    before(async () => {
      [lab, host] = await Promise.all([Lab.start(), staticHost()]);
      browsers = await Promise.all([
        Browser.start(kind, lab, { origins: [new URL(host.page).origin] }),
        Browser.start('chromium', lab),
      ]);
      caller = await Person.open(browsers[0], lab.page);
      callee = await Person.open(browsers[1], lab.page);
      card = { ...JSON.parse(await callee.card()), identity: undefined }; // or another address would be a contact's, and asked about
      ownCard = JSON.parse(await caller.card());
    });

    after(async () => {
      await Promise.all((browsers ?? []).map((browser) => browser.stop()));
      await Promise.all([lab?.stop(), host?.stop()]);
    });

    test('pasted text that is no card', async () => {
      await caller.press('Call a friend');
      for (const [text, sentence] of [
        ['hello', 'This is neither a card nor a link to one. Copy all of it and paste it again.'],
        ['{"endpoint":', 'This is neither a card nor a link to one. Copy all of it and paste it again.'],
        ['{"hello":"friend"}', 'This is not a card, or a part of it is missing. Ask your friend to copy it again.'],
        [JSON.stringify({ ...card, endpoint: 'http://example.com/' }), 'This is not a card, or a part of it is missing. Ask your friend to copy it again.'],
        [JSON.stringify({ ...card, vapid: { privateKey: 'AAAA' } }), 'This card is damaged. Ask your friend to copy it again.'],
        [JSON.stringify({ ...card, vapid: undefined }), 'The key that lets you ring is missing. Ask your friend for the card that Pushcall shows.'],
        [JSON.stringify(ownCard), 'This is your own card. Paste the one your friend has sent you.'],
      ]) {
        await caller.paste("Friend's subscription", text);
        await caller.press('Call');
        await caller.readsAnywhere(sentence);
        assert.equal(await caller.reads("Friend's subscription"), text, 'what was pasted stays');
      }
      await caller.press('Cancel');
      assert.equal((await lab.messages()).length, 0, 'push messages');
    });

    test('a push service that refuses', async (t) => {
      for (const [status, headers, sentence] of /** @type {const} */ ([
        [404, {}, "Unreachable The push service no longer knows this friend's address. Ask for a new card."],
        [410, {}, "Unreachable The push service no longer knows this friend's address. Ask for a new card."],
        [401, {}, 'Unreachable This card does not let you ring any more. Ask for a new one.'],
        [403, {}, 'Unreachable This card does not let you ring any more. Ask for a new one.'],
        [429, { 'Retry-After': '90' }, "Unreachable The service that rings this friend has had too many calls. Try again in 2 minutes."],
        [503, {}, "Unreachable The service that rings this friend is out of order at the moment. Try again in a minute."],
      ])) {
        const service = await pushService(status, headers);
        t.after(() => service.stop()); // otherwise the process would not exit after a failure
        await caller.call(JSON.stringify({ ...card, endpoint: service.endpoint }));
        await caller.sees(sentence);
      }
    });

    test('a push service that cannot be reached', async () => {
      const service = await pushService(201);
      await service.stop();
      await caller.call(JSON.stringify({ ...card, endpoint: service.endpoint }));
      await caller.sees("Unreachable The service that rings this friend cannot be reached. Check your connection and try again.");
    });

    test('a card whose key is not the one of its subscription', async () => {
      await caller.call(JSON.stringify({ ...card, vapid: ownCard.vapid }));
      await caller.sees('Unreachable This card does not let you ring any more. Ask for a new one.');
    });

    test('a host without a relay', async () => {
      const stranger = await Person.open(browsers[0], host.page);
      await stranger.call(JSON.stringify(card));
      await stranger.sees('Unreachable The server that passes calls on to this friend cannot be reached. Check your connection and try again.');
      await stranger.page.close();
    });

    test('a friend who has unsubscribed', async () => {
      await callee.page.evaluate(async () => {
        const registration = await navigator.serviceWorker.ready;
        await (await registration.pushManager.getSubscription())?.unsubscribe();
      });
      await caller.call(JSON.stringify(card));
      await caller.sees("Unreachable The push service no longer knows this friend's address. Ask for a new card.");
    });
  });

  test(`notifications denied in ${kind}`, async (t) => {
    const lab = await start(t);
    const browser = await open(t, kind, lab, { denied: true });
    for (const button of ['Call a friend', 'Show my push subscription']) {
      const person = await Person.open(browser, lab.page, 'Calls are off'); // which it knows without asking
      await person.press(button);
      await person.sees('Calls are off Notifications are blocked for this page, so no call can ring here.');
      await person.readsAnywhere('How to allow notifications');
      if (button === 'Call a friend') await person.press('Cancel', 'dialog[open]');
      await person.find('button', 'Try again');
      await person.page.close();
    }
  });

  test(`after the name the page works without the permission, in ${kind}`, async (t) => {
    const lab = await start(t);
    const [browser, other] = [await open(t, kind, lab, { denied: true }), await open(t, 'chromium', lab)];
    const [ada, grace] = await Promise.all([Person.open(browser, lab.page, 'Calls are off'), Person.open(other, lab.page)]);
    await grace.isCalled('Grace');
    await ada.paste('What are you called?', 'Ada');
    await ada.press('Next');
    await ada.press('Call a friend');
    await ada.readsAnywhere("Nor can you call from here: your friend's answer would come the same way. All else works: save friends");
    await ada.paste("Friend's subscription", await grace.card());
    await ada.press('Save contact', '#dial-dialog');
    await ada.press('Save', '#save-dialog');
    await ada.page.reload();
    await ada.sees('Calls are off');
    assert.deepEqual(await ada.lists('Contacts'), ['Grace']);
    await ada.press('More', '[aria-label=Contacts]');
    await ada.press('Messages', '[aria-label=Contacts]');
    await ada.readsAnywhere('There are no messages yet.');
    await ada.press('Close', '#letters');
    await ada.press('Settings');
    assert.equal(await ada.reads('Your name'), 'Ada');
    await ada.press('Close', '#settings');
    assert.equal(await ada.page.$('#help:not([hidden])'), null, 'it does not cover the first steps');
    await ada.callContact();
    await ada.readsAnywhere('How to allow notifications');
    await ada.sees('Calls are off');
    if (kind === 'firefox') return; // whose driver cannot grant it
    const session = await ada.page.createCDPSession();
    await session.send('Browser.setPermission', { origin: new URL(lab.page).origin, permission: { name: 'notifications' }, setting: 'granted' });
    await ada.sees('Ready');
    await ada.callContact();
    await grace.rings('Unknown caller');
  });
}

for (const kind of /** @type {const} */ (['firefox', 'chromium'])) {
  test(`a script of the page that fails to load, in ${kind}`, async (t) => {
    const lab = await start(t);
    const browser = await open(t, kind, lab);
    for (const file of ['words', 'wasm_exec', 'media', 'boot', 'pushcall']) {
      const page = await browser.connection.newPage();
      let missing = true;
      await page.setRequestInterception(true);
      page.on('request', (request) => void (missing && new URL(request.url()).pathname.startsWith(`/web/${file}.`) ? request.abort() : request.continue()));
      await page.goto(lab.page);
      const person = new Person(browser, page);
      await person.sees('Pushcall could not start. Please check your connection and reload the page.');
      missing = false;
      await person.press('Reload');
      await person.sees('Ready');
      await page.goto(await page.$eval('link[rel=icon]', (link) => /** @type {HTMLLinkElement} */ (link).href)); // where nothing registers the service worker anew
      await page.evaluate(async () => {
        for (const registration of await navigator.serviceWorker.getRegistrations()) await registration.unregister(); // it keeps the files
        for (const name of await caches.keys()) await caches.delete(name);
      });
      await page.close();
    }
  });
}

test('no PushManager', async (t) => {
  const lab = await start(t);
  const person = await Person.open(await open(t, 'firefox', lab, { prefs: { 'dom.push.enabled': false } }), lab.page);
  await person.press('Call a friend');
  await person.sees('Calls are off No call can ring here');
});
