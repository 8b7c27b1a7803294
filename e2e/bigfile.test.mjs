// A large file survives the loss of a network, and is never in memory as a
// whole: 200 MB each way, with an interruption in the middle.
//
// PUSHCALL_ALL_PAIRS=1 tests every pair of browsers.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Folder, hashOf, startWithDownloads } from './downloads.mjs';
import { Lab } from './lab.mjs';
import { bareAddresses, Network } from './network.mjs';
import { Person, connect, hangUp } from './person.mjs';

const size = 200_000_000; // octets
const cutAt = 60; // MB
const growth = 120; // MiB of a browser with all its processes, at most, while the file passes
const patience = 180_000; // milliseconds

/** @type {import('./browser.mjs').Kind[]} */
const kinds = ['firefox', 'chromium'];
const pairs = kinds.flatMap((caller) => kinds.map((callee) => /** @type {const} */ ([caller, callee])))
  .filter(([caller, callee]) => process.env.PUSHCALL_ALL_PAIRS || caller === 'chromium' && callee === 'firefox');

const impossible = await Network.impossible();

for (const [callerKind, calleeKind] of pairs) {
  describe(`a large file between ${callerKind} and ${calleeKind}`, { skip: impossible }, () => {
    /** @type {Lab} */ let lab;
    /** @type {Network} */ let network;
    /** @type {import('./browser.mjs').Browser[]} */ const browsers = [];
    /** @type {Folder[]} */ let folders;
    /** @type {Person[]} the caller and the callee */ let people;
    /** @type {string} */ let path;

    before(async () => {
      lab = await Lab.start();
      folders = await Promise.all([Folder.make(), Folder.make(), Folder.make()]);
      path = await folders[0].add('large.bin', size);
      network = await Network.start(lab);
      for (const [i, kind] of [callerKind, calleeKind].entries()) {
        await network.places[i].plug(0);
        browsers.push(await startWithDownloads(kind, lab, folders[i + 1], { place: network.places[i], ...bareAddresses }));
      }
      people = await Promise.all(browsers.map((browser) => Person.open(browser, lab.page)));
    });

    after(async () => {
      await Promise.all(browsers.map((browser) => browser.stop()));
      await network?.stop();
      await lab?.stop();
      await Promise.all((folders ?? []).map((folder) => folder.remove()));
    });

    for (const from of [0, 1]) {
      test(`from the ${['caller', 'callee'][from]}, whose network changes meanwhile`, async (t) => {
        const [caller, callee] = people;
        const [sender, receiver] = from ? [callee, caller] : [caller, callee];
        await connect(caller, callee, from ? undefined : await callee.card());
        const pushed = (await lab.messages()).length;
        await sender.sends(path);
        await receiver.seesFile('large.bin', '200 MB');
        const memory = watch(browsers);
        const begun = performance.now();
        await receiver.accepts('large.bin', '200 MB');
        await receiver.seesFile('large.bin', new RegExp(`^(${cutAt / 10}|[7-9])\\d MB of 200 MB`));

        await network.places[from].unplug(0);
        await network.places[from].plug(1);
        await receiver.sees('Reconnecting…');
        await receiver.sees('Connected', patience);
        assert.equal((await lab.messages()).length - pushed, 2, 'an offer and an answer: it is another connection');

        await receiver.seesFile('large.bin', '200 MB · received', patience);
        await sender.seesFile('large.bin', '200 MB · arrived');
        t.diagnostic(`it took ${Math.round(performance.now() - begun)} ms`);
        const grown = await memory.stop();
        t.diagnostic(`the sender grew by ${grown[from]} MiB at most, the receiver by ${grown[1 - from]}`);
        const arrived = await folders[2 - from].has('large.bin');
        assert.equal(await hashOf(arrived), await hashOf(path));
        assert.ok(Math.max(...grown) <= growth, `memory grew by ${grown} MiB`);

        await hangUp(caller, callee);
        await network.places[from].plug(0);
        await network.places[from].unplug(1);
      });
    }
  });
}

/** Measures the growth of the browsers' memory. @param {import('./browser.mjs').Browser[]} browsers */
function watch(browsers) {
  let stopped = false;
  const measure = () => Promise.all(browsers.map((browser) => browser.memory()));
  const watching = (async () => {
    const before = await measure();
    const most = [...before];
    while (!stopped) {
      (await measure()).forEach((now, i) => { most[i] = Math.max(most[i], now); });
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
    return most.map((value, i) => value - before[i]);
  })();
  return {
    /** The most that each grew, in MiB. */
    stop() {
      stopped = true;
      return watching;
    },
  };
}
