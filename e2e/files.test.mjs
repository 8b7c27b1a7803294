// Files go both ways during a call: what arrives is what was sent, and each
// side can refuse or give up.

import assert from 'node:assert/strict';
import { basename } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Folder, hashOf, startWithDownloads } from './downloads.mjs';
import { Lab } from './lab.mjs';
import { Person, connect } from './person.mjs';

/** @type {import('./browser.mjs').Kind[]} */
const kinds = ['firefox', 'chromium'];

for (const callerKind of kinds) {
  for (const calleeKind of kinds) {
    describe(`files between ${callerKind} and ${calleeKind}`, () => {
      /** @type {Lab} */ let lab;
      /** @type {import('./browser.mjs').Browser[]} */ let browsers;
      /** @type {Folder[]} what there is to send, and where the two have their downloads */ let folders;
      /** @type {Person} */ let caller;
      /** @type {Person} */ let callee;

      before(async () => {
        lab = await Lab.start();
        folders = await Promise.all([Folder.make(), Folder.make(), Folder.make()]);
        browsers = await Promise.all([callerKind, calleeKind].map((kind, i) => startWithDownloads(kind, lab, folders[i + 1])));
        [caller, callee] = await Promise.all(browsers.map((browser) => Person.open(browser, lab.page)));
        await connect(caller, callee, await callee.card());
      });

      after(async () => {
        await Promise.all((browsers ?? []).map((browser) => browser.stop()));
        await lab?.stop();
        await Promise.all((folders ?? []).map((folder) => folder.remove()));
      });

      test('one each way', async () => {
        const there = await folders[0].add('there.bin', 3_400_000);
        const back = await folders[0].add('back & forth.txt', 812);
        await caller.sends(there);
        await callee.sends(back);
        await callee.accepts('there.bin', '3.4 MB');
        await caller.accepts('back & forth.txt', '812 bytes');
        assert.equal(await hashOf(await folders[2].has('there.bin')), await hashOf(there));
        assert.equal(await hashOf(await folders[1].has('back & forth.txt')), await hashOf(back));
        await caller.seesFile('there.bin', '3.4 MB · arrived');
        await callee.seesFile('there.bin', '3.4 MB · received');
      });
    });
  }
}
