// A person's own servers, relay and devices, which replace the page's: entered,
// tested, used by the next call, and removed again.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { distHost, pushService } from './hosts.mjs';
import { open, start } from './once.mjs';
import { Person, connect, hangUp } from './person.mjs';
import { fakeDevices } from './senses.mjs';
import { ownAddress, stunServer } from './stun.mjs';
import { until } from './until.mjs';

/** @typedef {import('node:test').TestContext} TestContext */
/** @typedef {import('./browser.mjs').Kind} Kind */

/** A page whose own server is silent, and whose own relay is gone; and a relay that works.
 * @param {TestContext} t */
async function places(t) {
  const lab = await start(t);
  const silent = await pushService(201);
  await silent.stop();
  const host = await distHost(`${lab.page}relay`, { local: true, config: { relays: [silent.endpoint], iceServers: [] } });
  t.after(() => host.stop());
  return { lab, host, relay: `${host.page}relay` };
}

/** @param {TestContext} t @param {Kind} kind @param {import('./lab.mjs').Lab} lab @param {string} address */
async function person(t, kind, lab, address) {
  const browser = await open(t, kind, lab, { ...fakeDevices[kind], origins: [new URL(address).origin] });
  return Person.open(browser, address);
}

/** @param {Person} person */
async function openOwn(person) {
  await person.press('Settings');
  await person.page.click('#own > summary');
  await person.find('textbox', 'Relay');
}

/** Tests the connection, and waits for the result of each server. @param {Person} person @param {(RegExp | string)[]} says */
async function seesWays(person, ...says) {
  await person.press('Test my connection');
  const ways = await until('all ways to be told of', async () => {
    const ways = await person.page.$$eval('#ways > li', (items) => items.map((item) => item.lastElementChild?.textContent ?? ''));
    return ways.length === says.length && ways.every((way) => way !== 'Waiting…') ? ways : undefined;
  }, 20_000);
  says.forEach((want, i) => assert.match(ways[i], new RegExp(want)));
}

/** @param {Person} person @param {string} sentence that the settings say of what was written */
async function isRefused(person, sentence) {
  await person.page.waitForFunction((want) => [...document.querySelectorAll('#own .error')].map((error) => error.textContent).join('') === want,
    { polling: 50 }, sentence);
}

for (const kind of /** @type {Kind[]} */ (['firefox', 'chromium'])) {
  test(`${kind} finds candidates with a person's own servers`, { skip: !ownAddress && 'this machine is in no network' }, async (t) => {
    const { lab, host } = await places(t);
    const [server, silent] = await Promise.all([stunServer('203.0.113.7'), stunServer('203.0.113.8')]);
    t.after(() => server.stop());
    await silent.stop();
    const ada = await person(t, kind, lab, host.page);
    await openOwn(ada);
    await seesWays(ada, /./, 'No server', 'No server'); // the page has none

    await ada.paste('STUN and TURN servers', 'stun.example');
    await ada.press('Save', '#own');
    await isRefused(ada, 'Each line has to be the address of one server: stun:HOST:PORT or turn:HOST:PORT.');
    await ada.paste('STUN and TURN servers', `${server.url}\nturn:turn.example`);
    await ada.press('Test my connection');
    await isRefused(ada, 'A TURN server asks for a user name.');
    await ada.press('Close', '#settings');
    await ada.press('Settings');
    assert.equal(await ada.reads('STUN and TURN servers'), `${server.url}\nturn:turn.example`, 'nothing is lost');

    await ada.paste('STUN and TURN servers', server.url);
    await seesWays(ada, /./, /^203\.0\.113\.7$/, 'No server');
    assert.ok(server.asked() > 0);
    await ada.paste('STUN and TURN servers', silent.url);
    await seesWays(ada, /./, /^No answer came/, 'No server');
    await ada.paste('STUN and TURN servers', server.url);
    await ada.press('Save', '#own');
    await ada.readsAnywhere('Saved. It counts from the next call on.');

    const asked = server.asked();
    await ada.press('Close', '#settings');
    await ada.call(await (await person(t, 'chromium', lab, host.page)).card());
    await until('the call to ask the server', async () => server.asked() > asked || undefined);
  });
}

test('a person\'s own relay forwards the next call, until it is removed', async (t) => {
  const { lab, host, relay } = await places(t);
  const [caller, callee] = await Promise.all([0, 1].map(() => person(t, 'chromium', lab, host.page)));
  const card = await callee.card();
  await caller.call(card);
  await caller.sees('Unreachable');

  for (const each of [caller, callee]) {
    await openOwn(each);
    await each.paste('Relay', 'relay.example');
    await each.press('Save', '#own');
    await isRefused(each, 'The address of a relay begins with https://.');
    await each.paste('Relay', relay);
    await each.press('Close', '#settings'); // keeps it, too
    await each.page.waitForSelector('#settings:not([open])');
  }
  await connect(caller, callee, card);
  await hangUp(caller, callee);
  assert.equal(host.carried(), 2, 'messages through the relay');

  await Promise.all([caller, callee].map(async ({ page }) => page.reload()));
  await caller.sees('Ready');
  await caller.press('Settings');
  assert.equal(await caller.reads('Relay'), relay, 'kept');
  await caller.paste('Relay', '');
  await caller.press('Save', '#own');
  await caller.readsAnywhere('Saved. It counts from the next call on.');
  await caller.press('Close', '#settings');
  await caller.callContact();
  await caller.sees('Unreachable');
  assert.equal(host.carried(), 2, 'messages through the relay');
});

for (const kind of /** @type {Kind[]} */ (['firefox', 'chromium'])) {
  test(`devices of ${kind} are chosen on a visit before the call`, async (t) => {
    const lab = await start(t);
    const ada = await person(t, kind, lab, lab.page);
    await ada.press('Settings');
    await ada.press('Devices', '#settings');
    const choices = () => ada.page.$$eval('#choose-videoinput option', (options) => options.map((option) => /** @type {HTMLOptionElement} */ (option).value));
    if ((await choices()).length === 0) await ada.press('Allow', '#devices');
    await ada.page.waitForSelector('#videoinput:not([hidden])');
    const chosen = (await choices()).at(-1) ?? '';
    await ada.page.select('#choose-videoinput', chosen);
    await ada.press('Close', '#devices');
    await until('the choice to be kept', () => kept(ada, 'camera'));
    await ada.page.reload();
    await ada.sees('Ready');

    const grace = await person(t, 'chromium', lab, lab.page);
    await ada.prepare(await grace.card());
    await ada.press('Video call', 'dialog[open]');
    await grace.press('Answer');
    await ada.sees('Connected');
    await ada.press('Devices');
    await until('the camera to be in use', async () => (await ada.page.$eval('#choose-videoinput', (box) => /** @type {HTMLSelectElement} */ (box).value)) === chosen || undefined);
    const used = await ada.page.$eval('#own-tile', (video) => /** @type {MediaStream} */ (/** @type {HTMLVideoElement} */ (video).srcObject)?.getVideoTracks()[0]?.getSettings().deviceId);
    assert.equal(used, chosen);
  });
}

for (const kind of /** @type {Kind[]} */ (['firefox', 'chromium'])) {
  for (const grants of [true, false]) {
    test(`${kind} is asked not to delete what is stored once there is a contact, and ${grants ? 'grants' : 'refuses'} it`, async (t) => {
      const lab = await start(t);
      const prefs = { 'dom.storageManager.prompt.testing': true, 'dom.storageManager.prompt.testing.allow': grants };
      const [ada, grace] = await Promise.all([Person.open(await open(t, kind, lab, { prefs }), lab.page), person(t, 'chromium', lab, lab.page)]);
      const persisted = () => ada.page.evaluate(() => navigator.storage.persisted());
      await ada.press('Settings');
      await ada.readsAnywhere('This browser may delete your number, contacts and messages');
      await ada.readsAnywhere('You have not exported a file yet.');
      assert.equal(await persisted(), false);
      await ada.press('Export to a file');
      assert.equal(await ada.page.evaluate(() => document.activeElement?.id), 'move-passphrase');
      await ada.paste('Passphrase', 'a few words that do');
      await ada.press('Export');
      await ada.readsAnywhere('Your last file: today at');
      await ada.press('Close', '#settings');
      assert.equal(await kept(ada, 'persist'), undefined, 'there is nothing to lose');

      await ada.prepare(await grace.card());
      await ada.press('Save contact', 'dialog[open]');
      await ada.paste('Name', 'Grace');
      await ada.press('Save', '#save-dialog');
      await until('the browser to be asked', () => kept(ada, 'persist'));
      if (kind === 'chromium' && grants) { // what it grants by itself depends on bookmarks and habits
        const session = await ada.page.createCDPSession();
        await session.send('Browser.setPermission', { origin: new URL(lab.page).origin, permission: { name: 'persistent-storage' }, setting: 'granted' });
      }
      await until('its answer', async () => await persisted() === grants || undefined);
      await ada.press('Settings');
      await ada.readsAnywhere(grants ? 'stay in this browser until you delete them' : 'This browser may delete');
      assert.equal(await ada.page.$eval('#stored-export', (button) => button.checkVisibility()), !grants);
    });
  }
}

/** Returns the setting that the page has stored under a name. @param {Person} person @param {string} name @returns {Promise<string | undefined>} */
async function kept({ page }, name) {
  return page.evaluate((name) => new Promise((resolve, reject) => {
    const opening = indexedDB.open('pushcall');
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const reading = opening.result.transaction('settings').objectStore('settings').get(name);
      reading.onsuccess = () => resolve(reading.result);
      reading.transaction?.addEventListener('complete', () => opening.result.close());
    };
  }), name);
}
