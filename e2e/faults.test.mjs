// Push services that lose, delay, repeat, reorder and refuse messages.

import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { Browser } from './browser.mjs';
import { Lab } from './lab.mjs';
import { Person, connect, hangUp } from './person.mjs';
import { until } from './until.mjs';

for (const [callerKind, calleeKind] of /** @type {const} */ ([['chromium', 'firefox'], ['firefox', 'chromium']])) {
  describe(`${callerKind} calls ${calleeKind} through bad push services`, () => {
    /** @type {Lab} */ let lab;
    /** @type {Browser[]} */ let browsers;
    /** @type {Person} */ let caller;
    /** @type {Person} */ let callee;
    /** @type {string} */ let card;

    before(async () => {
      lab = await Lab.start();
      browsers = await Promise.all([Browser.start(callerKind, lab), Browser.start(calleeKind, lab)]);
      caller = await Person.open(browsers[0], lab.page);
      callee = await Person.open(browsers[1], lab.page);
      card = await callee.card();
      await connect(caller, callee, card); // they are each other's contacts from now on, if they like
      await hangUp(caller, callee);
    });

    after(async () => {
      await Promise.all((browsers ?? []).map((browser) => browser.stop()));
      await lab?.stop();
    });

    afterEach(() => lab.clearFaults());

    /** Waits for the cancel of an offer that may have been delivered, so that it does not get the next test's fault. @param {number} before */
    const cancelAfter = (before) => until('the cancel', async () => (await lab.messages()).length === before + 2 || undefined);

    for (const { fault, ms } of /** @type {import('./lab.mjs').Fault[]} */ ([
      { fault: 'duplicate' }, { fault: 'delay', ms: 1500 }, { fault: 'slow', ms: 1500 }, { fault: 'reorder', ms: 1500 },
    ])) {
      test(`${fault} of both messages: one call`, async () => {
        await lab.faults([{ fault, ms }, { fault, ms }]);
        await connect(caller, callee);
        await caller.says(`after ${fault}`);
        await callee.hears(`after ${fault}`);
        await hangUp(callee, caller);
      });
    }

    for (const [fault, sentence, retryAfter] of /** @type {const} */ ([
      ['404', "Unreachable The push service no longer knows this friend's address. Ask for a new card."],
      ['410', "Unreachable The push service no longer knows this friend's address. Ask for a new card."],
      ['413', 'Unreachable This card does not let you ring any more. Ask for a new one.'],
      ['429', "Unreachable The service that rings this friend has had too many calls. Try again in", 60], // longer than a ring lasts
      ['500', "Unreachable The service that rings this friend is out of order at the moment. Try again in a minute."],
    ])) {
      test(`an offer that is answered ${fault}`, async () => {
        const before = (await lab.messages()).length;
        await lab.faults([{ fault, retryAfter }]);
        await caller.callContact();
        await caller.sees(sentence);
        if (fault === '500') await cancelAfter(before);
      });
    }

    const hidden = calleeKind === 'firefox' && "Mozilla's service does not let a page read Retry-After";
    test('an offer that is answered 429 is pushed again when the service says', { skip: hidden }, async () => {
      await lab.faults([{ fault: '429', retryAfter: 3 }]);
      await caller.callContact();
      await caller.sees("Calling… The service that rings this friend has had too many calls. The next attempt is in ");
      await callee.press('Answer');
      await Promise.all([caller.sees('Connected'), callee.sees('Connected')]);
      await hangUp(callee, caller);
    });

    test('an offer whose connection is reset', async () => {
      const before = (await lab.messages()).length;
      await lab.faults([{ fault: 'reset' }]);
      await caller.callContact();
      await caller.sees('Unreachable');
      await cancelAfter(before);
    });

    test('a lost answer: the caller gives up, and the callee is told', async () => {
      await lab.faults([{ fault: 'none' }, { fault: 'drop' }]);
      await caller.callContact();
      await callee.press('Answer');
      await callee.sees('Connecting…');
      await caller.sees('Calling…');
      await caller.press('Hang up');
      await callee.sees('Missed call').catch(() => callee.sees('Call ended'));
    });

    test('a cancel that overtakes its offer: no ring', async () => {
      await lab.faults([{ fault: 'delay', ms: 1500 }]); // reordered, it would come within the time that a service worker takes for the cancel
      /** @type {string[]} */ const said = [];
      callee.page.on('console', (line) => said.push(line.text()));
      const before = (await lab.messages()).length;
      await caller.callContact();
      await until('the offer at the push service', async () => (await lab.messages()).length > before || undefined);
      await caller.press('Hang up');
      await until('the offer to be dropped', async () => said.find((line) => line.includes('offer of a call that was cancelled')));
      assert.equal(await callee.page.$('#ring[open]'), null);
    });
  });
}
