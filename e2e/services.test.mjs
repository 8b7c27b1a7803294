// Refusals of real push services, wrong clocks, and dead endpoints.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { open, start } from './once.mjs';
import { Person, hangUp } from './person.mjs';

const hour = 3_600_000; // milliseconds

/** A person at a page that had a script run before its own, each time it is loaded.
 * @template T @param {import('./browser.mjs').Browser} browser @param {import('./lab.mjs').Lab} lab @param {(argument: T) => void} script @param {T} argument */
async function openWith(browser, lab, script, argument) {
  const page = await browser.connection.newPage();
  await page.evaluateOnNewDocument(script, argument);
  await page.goto(lab.page);
  const person = new Person(browser, page);
  await person.sees('Ready');
  return person;
}

/** Has the page's wall clock go wrong by as much as the global clockError says, while its monotonic clock goes on. @param {number} error milliseconds */
function setClock(error) {
  const Real = Date;
  Object.assign(globalThis, {
    clockError: error,
    Date: class extends Real {
      /** @param {any[]} given */
      constructor(...given) {
        super(.../** @type {[number]} */ (given.length ? given : [Real.now() + Object(globalThis).clockError]));
      }

      static now() {
        return Real.now() + Object(globalThis).clockError;
      }
    },
  });
}

/** Has the browser hand out an endpoint that is dead: for the first subscription, or for all. @param {boolean} all */
function killEndpoints(all) {
  const { toJSON } = PushSubscription.prototype;
  /** @type {string | undefined} */ let dead;
  PushSubscription.prototype.toJSON = function () {
    const json = toJSON.call(this);
    dead ??= json.endpoint;
    return all || json.endpoint === dead ? { ...json, endpoint: 'https://permanently-removed.invalid/fcm/send/a' } : json;
  };
}

for (const [callerKind, calleeKind] of /** @type {const} */ ([['chromium', 'firefox'], ['firefox', 'chromium']])) {
  describe(`${callerKind} calls ${calleeKind}`, { concurrency: false }, () => {
    test('when the clock is set forward or back, VAPID tokens are signed again', async (t) => {
      const lab = await start(t);
      const [callerBrowser, calleeBrowser] = await Promise.all([open(t, callerKind, lab), open(t, calleeKind, lab)]);
      const callee = await Person.open(calleeBrowser, lab.page);
      const card = await callee.card();
      for (const error of [-13 * hour, 30 * hour]) { // the token has expired, or expires too far ahead
        const before = (await lab.messages()).length;
        const caller = await openWith(callerBrowser, lab, setClock, error);
        await caller.call(card);
        await caller.sees('Unreachable The clock of this device is wrong');
        const refused = (await lab.messages()).slice(before);
        assert.deepEqual(refused.map(({ status }) => status), Array(2).fill(calleeKind === 'firefox' ? 401 : 403), 'a token that is refused is made anew once');
        await caller.page.evaluate(() => void Object.assign(globalThis, { clockError: 0 }));
        await caller.call(card);
        await callee.press('Answer');
        await Promise.all([caller.sees('Connected'), callee.sees('Connected')]);
        await hangUp(caller, callee);
        await caller.page.close();
      }
    });

    test('a dead endpoint is repaired, and called', async (t) => {
      const lab = await start(t);
      const [callerBrowser, calleeBrowser] = await Promise.all([open(t, callerKind, lab), open(t, calleeKind, lab)]);
      const callee = await openWith(calleeBrowser, lab, killEndpoints, false);
      const card = await callee.card();
      assert.doesNotMatch(card, /\.invalid/);
      const caller = await Person.open(callerBrowser, lab.page);
      await caller.call(card);
      await callee.press('Answer');
      await Promise.all([caller.sees('Connected'), callee.sees('Connected')]);
    });
  });

  test(`${callerKind} says why it cannot call a card`, async (t) => {
    const lab = await start(t);
    const browser = await open(t, callerKind, lab);
    const person = await Person.open(browser, lab.page);
    const { identity, ...card } = JSON.parse(await person.card());
    card.keys.p256dh = identity; // any other's
    await person.press('Call a friend');
    for (const [endpoint, sentence] of [
      ['https://permanently-removed.invalid/fcm/send/fgr7:APA91', 'This card is out of date: its address rings nowhere any more.'],
      ['https://web.push.apple.com/QGuQyavXutnMH', 'The service that would ring takes no calls from this page. Whoever hosts the page can change that.'],
    ]) {
      await person.paste("Friend's subscription", JSON.stringify({ ...card, endpoint }));
      await person.press('Call', 'dialog[open]');
      await person.readsAnywhere(sentence);
    }
    await person.paste("Friend's subscription", JSON.stringify({ ...card, endpoint: 'https://up.example.net/a' }));
    await person.press('Call', 'dialog[open]');
    await person.sees("Unreachable The service that rings this friend cannot be reached from this page. Whoever hosts the page can change that.");
  });

  test(`${callerKind} gets only dead endpoints`, async (t) => {
    const lab = await start(t);
    const person = await openWith(await open(t, callerKind, lab), lab, killEndpoints, true);
    await person.press('Show my push subscription');
    await person.sees('Unreachable Your browser has an address for this page that no call reaches');
  });
}
