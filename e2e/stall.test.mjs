// A call survives if a browser is suspended for less than 20 s, as on a machine that
// sleeps or is overloaded. Pairs of browsers run concurrently, since they only wait.

import { describe, test } from 'node:test';
import { open, start } from './once.mjs';
import { Person, connect } from './person.mjs';
import { standStill, talk } from './stall.mjs';

describe('a suspended browser', { concurrency: true }, () => {
  for (const [callerKind, calleeKind, stalls] of /** @type {const} */ ([
    ['chromium', 'firefox', [['callee', 10], ['callee', 3], ['both', 3]]],
    ['firefox', 'chromium', [['callee', 4], ['caller', 15], ['both', 10]]],
  ])) {
    test(`${callerKind} calls ${calleeKind}, and the call survives`, async (t) => {
      const lab = await start(t);
      const browsers = await Promise.all([open(t, callerKind, lab), open(t, calleeKind, lab)]);
      const [caller, callee] = await Promise.all(browsers.map((browser) => Person.open(browser, lab.page)));
      await connect(caller, callee, await callee.card());
      for (const [who, seconds] of stalls) {
        const stood = await standStill({ caller: [caller], callee: [callee], both: [caller, callee] }[who], seconds);
        t.diagnostic(`${who}: ${stood.toFixed(1)} s`);
        await talk(caller, callee, `${who} after ${seconds} s`);
      }
    });
  }
});
