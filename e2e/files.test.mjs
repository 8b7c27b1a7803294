// Files go both ways during a call: what arrives is what was sent, and each
// side can refuse or give up.

import assert from 'node:assert/strict';
import { appendFile, mkdir, rename, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Folder, hashOf, startWithDownloads } from './downloads.mjs';
import { Lab } from './lab.mjs';
import { Person, connect, hangUp } from './person.mjs';

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

      /** What arrived is what was sent. @param {string} sent a path @param {number} to whose downloads @param {string} [name] there */
      async function arrives(sent, to, name = basename(sent)) {
        assert.equal(await hashOf(await folders[to].has(name)), await hashOf(sent), name);
      }

      test('one each way', async () => {
        const there = await folders[0].add('there.bin', 3_400_000);
        const back = await folders[0].add('back & forth.txt', 812);
        await caller.sends(there);
        await callee.sends(back);
        await callee.accepts('there.bin', '3.4 MB');
        await caller.accepts('back & forth.txt', '812 bytes');
        await arrives(there, 2);
        await arrives(back, 1);
        await caller.seesFile('there.bin', '3.4 MB · arrived');
        await callee.seesFile('there.bin', '3.4 MB · received');
      });

      test('several at once, of which one is refused', async () => {
        const names = ['one.bin', 'two.bin', 'none.bin', 'three.bin'];
        const paths = await Promise.all(names.map((name, i) => folders[0].add(name, [5_000_000, 1, 0, 2_097_152][i])));
        await callee.sends(...paths);
        await caller.pressAt('two.bin', '1 byte', 'Cancel');
        await caller.seesFile('two.bin', 'You did not take it.');
        await callee.seesFile('two.bin', 'Your friend did not take it.');
        await caller.accepts('one.bin', '5.0 MB');
        await caller.accepts('none.bin', '0 bytes');
        await caller.accepts('three.bin', '2.1 MB');
        for (const path of [paths[0], paths[2], paths[3]]) await arrives(path, 1);
        assert.ok(!(await folders[1].names()).includes('two.bin'));
      });

      test('either side gives up', async () => {
        const before = await folders[2].names();
        for (const [name, gives] of /** @type {const} */ ([['mine.bin', caller], ['theirs.bin', callee]])) {
          await caller.sends(await folders[0].addHollow(name, 400_000_000));
          await callee.accepts(name, '400 MB');
          for (const person of [caller, callee]) await person.seesFile(name, /^[1-9]\d* MB of 400 MB · .*\/s · .* left$/);
          await gives.pressAt(name, '', 'Cancel');
          await gives.seesFile(name, 'You cancelled it.');
          await (gives === caller ? callee : caller).seesFile(name, 'Your friend cancelled it.');
        }
        assert.deepEqual(await folders[2].names(), before, 'nothing is left of what was given up');
      });

      test('a file that is not any more what was offered does not arrive', async () => {
        const size = 3_000_000;
        const earlier = new Date(2001, 1, 1);
        /** What becomes of files, and whether Firefox can tell. @type {Record<string, [become: (path: string) => Promise<unknown>, told: boolean]>} */
        const fates = {
          'shortened.bin': [(path) => truncate(path, 2_500_000), true],
          'cut at a piece.bin': [(path) => truncate(path, 2 << 20), true],
          'emptied.bin': [(path) => truncate(path, 0), true],
          'deleted.bin': [(path) => rm(path), true],
          'moved.bin': [(path) => rename(path, `${path}.old`), true],
          'a folder now.bin': [async (path) => { await rm(path); await mkdir(path); }, true],
          'a shorter one now.bin': [async (path) => { await rm(path); await writeFile(path, 'short'); }, true],
          'grown.bin': [(path) => appendFile(path, 'more'), false],
          'another now.bin': [async (path) => rename(await folders[0].add('other.bin', size), path), false],
          'touched.bin': [(path) => utimes(path, earlier, earlier), false],
        };
        const paths = await Promise.all(Object.keys(fates).map((name) => folders[0].add(name, size)));
        const before = await folders[2].names();
        await caller.sends(...paths);
        for (const name of Object.keys(fates)) await callee.seesFile(name, '3.0 MB');
        for (const path of paths) await fates[basename(path)][0](path);
        const whole = await folders[0].addHollow('cut on its way.bin', 600_000_000);
        await caller.sends(whole);
        await callee.accepts('cut on its way.bin', '600 MB');
        await callee.seesFile('cut on its way.bin', /^[1-9]\d* MB of 600 MB/);
        await truncate(whole, 1_000_000);
        await caller.seesFile('cut on its way.bin', 'This file cannot be read any more. Choose it again.');
        await callee.seesFile('cut on its way.bin', "Your friend's browser cannot read it any more.");
        for (const [name, [, told]] of Object.entries(fates)) {
          await callee.accepts(name, '3.0 MB');
          const fails = told || callerKind === 'chromium';
          await caller.seesFile(name, fails ? 'This file cannot be read any more. Choose it again.' : '3.0 MB · arrived');
          await callee.seesFile(name, fails ? "Your friend's browser cannot read it any more." : '3.0 MB · received');
          if (!fails) await folders[2].has(name); // Firefox gives no sign of it
        }
        assert.deepEqual((await folders[2].names()).filter((name) => !before.includes(name) && (fates[name]?.[1] ?? true)), [], 'nothing of them is left');
      });

      test('a name that is not what it seems', async () => {
        const sent = await folders[0].add('photo\u202egpj.exe', 5);
        await caller.sends(sent);
        await callee.accepts('photogpj.exe', '5 bytes');
        await arrives(sent, 2, 'photogpj.exe');
      });

      test('what has come can be saved after the call', async () => {
        await caller.press('Hang up');
        await callee.sees('Call ended');
        await rm(join(folders[2].path, 'there.bin'));
        await callee.pressAt('there.bin', '3.4 MB · received', 'Save');
        await arrives(join(folders[0].path, 'there.bin'), 2);
      });

      test('where the thread for files cannot start, a file fails', async () => {
        await caller.page.evaluate(() => {
          const Thread = Worker;
          Object.assign(globalThis, { Worker: class extends Thread { constructor() { super('web/gone.js', { type: 'module' }); } } });
        });
        await connect(caller, callee);
        await caller.sends(await folders[0].add('stays.bin', 5));
        await callee.accepts('stays.bin', '5 bytes');
        await caller.seesFile('stays.bin', 'This file cannot be read any more. Choose it again.');
        await callee.sends(await folders[0].add('comes.bin', 5));
        await caller.accepts('comes.bin', '5 bytes');
        await callee.seesFile('comes.bin', "Your friend's browser could not keep it.");
        await hangUp(caller, callee);
      });
    });
  }
}

describe('ways to give a file to the page', () => {
  /** @type {Lab} */ let lab;
  /** @type {import('./browser.mjs').Browser[]} */ let browsers;
  /** @type {Folder[]} */ let folders;
  /** @type {Person} */ let caller;
  /** @type {Person} */ let callee;

  before(async () => {
    lab = await Lab.start();
    folders = await Promise.all([Folder.make(), Folder.make()]);
    browsers = await Promise.all([startWithDownloads('chromium', lab, folders[1]), startWithDownloads('chromium', lab, folders[1])]);
    [caller, callee] = await Promise.all(browsers.map((browser) => Person.open(browser, lab.page)));
    await connect(caller, callee, await callee.card());
    await caller.page.bringToFront();
  });

  after(async () => {
    await Promise.all((browsers ?? []).map((browser) => browser.stop()));
    await lab?.stop();
    await Promise.all((folders ?? []).map((folder) => folder.remove()));
  });

  test('the button', async () => {
    const path = await folders[0].add('chosen.txt', 1000);
    const [chooser] = await Promise.all([caller.page.waitForFileChooser(), caller.press('Send file')]);
    assert.ok(chooser.isMultiple());
    await chooser.accept([path]);
    await callee.seesFile('chosen.txt', '1.0 kB');
  });

  test('drag and drop, with a folder among the files', async () => {
    const files = [await folders[0].add('dropped.txt', 1000), tmpdir(), await folders[0].add('too.txt', 2000)];
    const session = await caller.page.createCDPSession();
    const drag = (/** @type {'dragEnter' | 'dragOver' | 'drop'} */ type) =>
      session.send('Input.dispatchDragEvent', { type, x: 200, y: 200, data: { items: [], files, dragOperationsMask: 1 } });
    await drag('dragEnter');
    await drag('dragOver');
    await caller.readsAnywhere('Drop to send');
    await drag('drop');
    await callee.seesFile('dropped.txt', '1.0 kB');
    await callee.seesFile('too.txt', '2.0 kB');
    await caller.page.waitForFunction(() => !document.body.innerText.includes('Drop to send')
      && document.body.innerText.includes('A folder cannot be sent.'));
    assert.equal((await callee.lists('Files')).length, 3);
    assert.equal(caller.page.url(), lab.page, 'what is dropped does not take the place of the page');
  });

  test('paste, beside a text that is being written', async () => {
    const session = await browsers[0].connection.target().createCDPSession();
    await session.send('Browser.setPermission', { origin: lab.page, permission: { name: 'clipboard-write' }, setting: 'granted' });
    await caller.page.evaluate(async () => {
      const canvas = new OffscreenCanvas(8, 8);
      canvas.getContext('2d')?.fillRect(0, 0, 4, 4);
      await navigator.clipboard.write([new ClipboardItem({ 'image/png': await canvas.convertToBlob() })]);
    });
    await (await caller.find('textbox', 'Message')).focus();
    await caller.page.keyboard.down('Control');
    await caller.page.keyboard.press('KeyV', { commands: ['Paste'] });
    await caller.page.keyboard.up('Control');
    await callee.accepts('image.png', '');
    await folders[1].has('image.png');
  });

  test('after the call nothing is sent', async () => {
    await hangUp(caller, callee);
    assert.equal(await caller.page.$eval('#send-file', (button) => button.checkVisibility()), false);
  });
});
