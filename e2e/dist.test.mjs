// The built page on a plain static host, below a path, under its own policy:
// a call works, and causes no violation of the policy.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { distHost } from './hosts.mjs';
import { open, start } from './once.mjs';
import { Person, connect, hangUp } from './person.mjs';
import { until } from './until.mjs';

for (const kind of /** @type {const} */ (['chromium', 'firefox'])) {
  test(`a call in ${kind} from a static host`, async (t) => {
    const lab = await start(t);
    // Firefox's push service is at a plain address of this machine, which only the lab's policy has.
    const host = await distHost(`${lab.page}relay`, { local: kind === 'firefox' });
    t.after(() => host.stop());
    const people = [];
    for (let i = 0; i < 2; i++) {
      const browser = await open(t, kind, lab, { origins: [new URL(host.page).origin] });
      people.push(await Person.open(browser, host.page));
    }
    const [caller, callee] = people;
    await connect(caller, callee, await callee.card());
    await caller.says('from below');
    await callee.hears('from below');
    await hangUp(caller, callee);
    assert.equal((await lab.messages()).length, 2, 'push messages');
    assert.deepEqual(host.violations, [], 'what the policy forbids');

    // A violation on purpose is reported.
    await caller.page.evaluate(() => { const script = document.createElement('script'); script.textContent = '1'; document.body.append(script); });
    await until('a report', async () => host.violations.find((text) => text.includes('script-src')));
  });
}

test('the page names the field of a mistake in web/config.json', async (t) => {
  const lab = await start(t);
  const browser = await open(t, 'chromium', lab);
  for (const [config, problem] of /** @type {const} */ ([
    [{ relay: ['relay'] }, 'relay: is none of the settings relays, iceServers, applicationKeys and contact'],
    [{ iceServers: [{ urls: 'turn:turn.example' }] }, 'iceServers[0].username: is what a TURN server asks for'],
  ])) {
    const host = await distHost(`${lab.page}relay`, { config });
    t.after(() => host.stop());
    const person = await Person.open(browser, host.page, 'This page is not set up right.');
    assert.equal(await person.status(), `This page is not set up right. Whoever hosts it has to mend this: web/config.json: ${problem}`);
  }
});
