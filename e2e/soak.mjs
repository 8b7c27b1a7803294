// A hundred consecutive calls between each pair of browsers: none fails, and neither
// memory nor the number of Go's callbacks grows with them.
//
//   node soak.mjs [calls]

import assert from 'node:assert/strict';
import { Browser } from './browser.mjs';
import { Lab } from './lab.mjs';
import { Person, connect, hangUp } from './person.mjs';

const calls = Number(process.argv[2] ?? 100);
const warm = Math.min(10, calls / 2); // calls to warm caches and compilers
const growth = 1.25; // of memory, at most, from then on

/** @type {import('./browser.mjs').Kind[]} */
const kinds = ['firefox', 'chromium'];
for (const callerKind of kinds) for (const calleeKind of kinds) await soak(callerKind, calleeKind);

/** @param {import('./browser.mjs').Kind} callerKind @param {import('./browser.mjs').Kind} calleeKind */
async function soak(callerKind, calleeKind) {
  const lab = await Lab.start();
  const browsers = await Promise.all([Browser.start(callerKind, lab), Browser.start(calleeKind, lab)]);
  try {
    const [caller, callee] = await Promise.all(browsers.map((browser) => Person.open(browser, lab.page)));
    const callbacks = [watch(caller), watch(callee)];
    await connect(caller, callee, await callee.card());
    await hangUp(caller, callee);
    const start = performance.now();
    let before = await measure(browsers, callbacks);
    for (let i = 1; i <= calls; i++) {
      await connect(caller, callee);
      await caller.says(`call ${i}`);
      await callee.hears(`call ${i}`);
      await (i % 2 ? hangUp(caller, callee) : hangUp(callee, caller));
      if (i === warm) before = await measure(browsers, callbacks);
    }
    const after = await measure(browsers, callbacks);
    const each = (performance.now() - start) / calls;
    console.log(`${callerKind} to ${calleeKind}: ${calls} calls, ${each.toFixed(0)} ms each`);
    for (const [i, side] of ['caller', 'callee'].entries()) {
      const [was, is] = [before[i], after[i]];
      console.log(`  ${side}: ${was.memory} MiB after ${warm} calls, ${is.memory} MiB at the end; ${was.callbacks} callbacks, then ${is.callbacks}`);
      assert.ok(is.memory < was.memory * growth, `the ${side}'s memory grows`);
      assert.ok(is.callbacks <= was.callbacks, `the ${side}'s callbacks grow`);
    }
    assert.equal((await lab.messages()).length, 2 * (calls + 1), 'push messages');
  } finally {
    await Promise.all(browsers.map((browser) => browser.stop()));
    await lab.stop();
  }
}

/** Follows what the page logs at the end of each call. @param {Person} person */
function watch(person) {
  const count = { last: 0 };
  person.page.on('console', (line) => {
    const [, callbacks] = /(\d+) callbacks/.exec(line.text()) ?? [];
    if (callbacks) count.last = Number(callbacks);
  });
  return count;
}

/** @param {Browser[]} browsers @param {{last: number}[]} callbacks */
async function measure(browsers, callbacks) {
  return Promise.all(browsers.map(async (browser, i) => ({ memory: await browser.memory(), callbacks: callbacks[i].last })));
}
