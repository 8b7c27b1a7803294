// People send files to each other during a call: files arrive unchanged, and each
// side can refuse or stop one.

import assert from 'node:assert/strict';
import { appendFile, mkdir, rename, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Folder, hashOf, startWithDownloads } from './downloads.mjs';
import { Lab } from './lab.mjs';
import { Person, connect, hangUp } from './person.mjs';
import { hiddenSize, largeFrame, turned } from './pictures.mjs';
import { until } from './until.mjs';

/** @type {import('./browser.mjs').Kind[]} */
const kinds = ['firefox', 'chromium'];

/** Has a browser draw a picture. @param {Person} person @param {string} type @param {number} width @param {number} height */
async function drawn({ page }, type, width, height) {
  return Buffer.from(await page.evaluate(async (type, width, height) => {
    const canvas = new OffscreenCanvas(width, height);
    canvas.getContext('2d')?.fillRect(0, 0, width / 2, height / 2);
    return [...new Uint8Array(await (await canvas.convertToBlob({ type })).arrayBuffer())];
  }, type, width, height));
}

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

      /** Checks that a file has arrived unchanged. @param {string} sent a path @param {number} to whose downloads @param {string} [name] there */
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
        await caller.pressAt('two.bin', '1 byte', 'Decline');
        await caller.seesFile('two.bin', 'You did not take it.');
        await callee.seesFile('two.bin', 'Your friend did not take it.');
        await caller.accepts('one.bin', '5.0 MB');
        await caller.accepts('none.bin', '0 bytes');
        await caller.accepts('three.bin', '2.1 MB');
        for (const path of [paths[0], paths[2], paths[3]]) await arrives(path, 1);
        assert.ok(!(await folders[1].names()).includes('two.bin'));
      });

      test('either side stops a file', async () => {
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

      if (callerKind !== calleeKind) test('a file that has changed since it was offered does not arrive', async () => { // the sender's browser detects the change
        const size = 3_000_000;
        const earlier = new Date(2001, 1, 1);
        /** Ways to change files, and whether Firefox detects them. @type {Record<string, [become: (path: string) => Promise<unknown>, told: boolean]>} */
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
          if (!fails) await folders[2].has(name); // Firefox does not detect it
        }
        assert.deepEqual((await folders[2].names()).filter((name) => !before.includes(name) && (fates[name]?.[1] ?? true)), [], 'nothing of them is left');
      });

      if (callerKind === calleeKind) {
        test('more than a hundred files at once are offered and arrive', async () => {
          const names = Array.from({ length: 104 }, (_, i) => `many ${i}.txt`);
          const paths = await Promise.all(names.map((name) => folders[0].add(name, 1000)));
          await caller.sends(...paths);
          await caller.readsAnywhere('4 more will be offered as these are done.');
          await callee.readsAnywhere('100 files');
          assert.equal(await callee.page.$eval('#files > .offered', (row) => row.checkVisibility()), false, 'many files are one row');
          for (const offered of [100, 4]) {
            await until(`${offered} offers`, () => callee.page.$$eval('#files > .offered', (rows, n) => rows.length === n || undefined, offered), 60_000);
            await callee.press('Accept all');
          }
          await callee.readsAnywhere('104 of 104 received');
          await caller.readsAnywhere('104 of 104 arrived');
          await callee.press('104 files');
          await callee.seesFile('many 0.txt', '1.0 kB · received');
          const there = await until('all of them', async () => {
            const list = (await folders[2].names()).filter((name) => names.includes(name));
            return list.length === names.length ? list : undefined;
          }, 60_000);
          for (const name of there) await arrives(join(folders[0].path, name), 2);
          assert.doesNotMatch(await caller.page.$eval('#files-note', (note) => note.textContent ?? ''), /will be offered/, 'none waits any more');
        });
      }

      if (callerKind === 'chromium' && calleeKind === 'chromium') {
        test('both sides say that a transfer is stalled, and it continues', async () => {
          await caller.sends(await folders[0].addHollow('halt.bin', 900_000_000));
          await callee.accepts('halt.bin', '900 MB');
          await callee.seesFile('halt.bin', /^[1-9]\d* MB of 900 MB/);
          const { client } = caller.page.workers().find((worker) => worker.url().includes('files-worker')) ?? assert.fail('no thread for files');
          await client.send('Debugger.enable');
          await client.send('Debugger.pause');
          for (const person of [caller, callee]) await person.seesFile('halt.bin', /no progress for 1\d s$/);
          await client.send('Debugger.resume');
          await client.send('Debugger.disable');
          for (const person of [caller, callee]) await person.seesFile('halt.bin', /\/s · .* left$/);
          await callee.pressAt('halt.bin', '', 'Cancel');
          await caller.seesFile('halt.bin', 'Your friend cancelled it.');
        });
      }

      test('a deceptive name is cleaned', async () => {
        const sent = await folders[0].add('photo\u202egpj.exe', 5);
        await caller.sends(sent);
        await callee.accepts('photogpj.exe', '5 bytes');
        await arrives(sent, 2, 'photogpj.exe');
      });

      test('a received file can be saved after the call', async () => {
        await caller.press('Hang up');
        await callee.sees('Call ended');
        await rm(join(folders[2].path, 'there.bin'));
        await callee.pressAt('there.bin', '3.4 MB · received', 'Save');
        await arrives(join(folders[0].path, 'there.bin'), 2);
      });

      test('a file fails if the worker for files cannot start', async () => {
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
    await callee.isCalled('Hubert'.repeat(13));
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

  test('paste, while a text is being typed', async () => {
    await caller.pastesPicture(8, 8);
    await callee.seesFile('image.png', '');
    await caller.page.waitForSelector('#messages .unsent img'); // before it is sent
    await caller.says('What do you think of it?');
    await callee.hears('What do you think of it?');
    await callee.accepts('image.png', '');
    await folders[1].has('image.png');
    for (const { page } of [caller, callee]) { // before what was said of it
      await page.waitForFunction(() => {
        const items = [...document.querySelectorAll('#messages > :not([hidden])')];
        return items.at(-2)?.querySelector('img')?.naturalWidth === 8 && items.at(-1)?.textContent?.includes('What do you think of it?');
      }, { polling: 50 });
    }
  });

  test('a picture too large for memory, or a file that is no picture, is not shown', async () => {
    for (const { page } of [caller, callee]) assert.equal(await page.$('.unsent'), null);
    const huge = Buffer.from('89504e470d0a1a0a0000000d4948445200ffffff00ffffff0802000000', 'hex');
    const vector = '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8" onload="alert(1)"><rect width="8" height="8"/></svg>';
    const names = ['huge.png', 'cut.jpg', 'text.gif', 'page.png', 'vector.png', 'vector.svg', 'cut.webp', 'header.png'];
    const texts = [huge, Buffer.from('ffd8ffe0', 'hex'), 'Hello', '<script>alert(1)</script>', vector, vector,
      Buffer.from('524946460000000057454250565038580000', 'hex'), Buffer.from('89504e470d0a1a0a0000000d4948445200000008000000080802000000', 'hex')];
    await Promise.all(names.map((name, i) => writeFile(join(folders[0].path, name), texts[i])));
    await caller.sends(...names.map((name) => join(folders[0].path, name)));
    for (const name of names) {
      await callee.accepts(name, '');
      await caller.seesFile(name, /arrived/);
    }
    for (const name of names) await folders[1].has(name);
    for (const { page } of [caller, callee]) assert.equal(await page.$$eval('#messages img', (images) => images.length), 1);
  });

  test('a picture that is larger than its header says is not shown', async () => {
    const shown = await Promise.all([caller, callee].map(({ page }) => page.$$eval('#messages img', (images) => images.length)));
    const small = await drawn(caller, 'image/jpeg', 8, 8);
    const hostile = { 'frame.gif': largeFrame(9000), 'restart.jpg': hiddenSize(small, 9000, [0xff, 0xd0]), 'fill.jpg': hiddenSize(small, 9000, [0xff]) };
    for (const [name, octets] of Object.entries({ ...hostile, 'right.gif': largeFrame(300) })) {
      await writeFile(join(folders[0].path, name), octets);
      await caller.sends(join(folders[0].path, name));
      await callee.accepts(name, '');
      await caller.seesFile(name, /arrived/);
    }
    for (const [i, { page }] of [caller, callee].entries()) { // one picture is decoded after the other
      await page.waitForSelector('#messages img[alt="right.gif"]');
      assert.equal(await page.$$eval('#messages img', (images) => images.length), shown[i] + 1);
    }
  });

  test('a large picture is shown small, by its content and not by its name', async () => {
    for (const [name, type, width, height, turns] of /** @type {const} */ ([['wide.png', 'image/png', 2000, 1000], ['tall.webp', 'image/webp', 800, 1600], ['a jpeg.png', 'image/jpeg', 64, 32],
      ['photo.jpg', 'image/jpeg', 1600, 1000, true], ['strip.jpg', 'image/jpeg', 1280, 32, true]])) {
      const octets = await drawn(caller, type, width, height);
      await writeFile(join(folders[0].path, name), turns ? turned(octets) : octets);
      await caller.sends(join(folders[0].path, name));
      await callee.accepts(name, '');
      const scale = Math.min(1, 640 / Math.max(width, height));
      for (const { page } of [caller, callee]) {
        await page.waitForFunction((name, width, height) => [...document.querySelectorAll('#messages :not(.unsent) > img')].some((image) =>
          image instanceof HTMLImageElement && image.alt === name && image.naturalWidth === width && image.naturalHeight === height),
        { polling: 50 }, name, (turns ? height : width) * scale, (turns ? width : height) * scale);
      }
    }
  });

  test('thirty offered files leave the conversation readable, in all sizes of windows', async () => {
    const long = `${'an endless name '.repeat(8)}.txt`;
    const names = [...Array.from({ length: 29 }, (_, i) => `offer ${i}.txt`), long];
    await callee.press('Decline all'); // the rest of the cases before, of which the thirty would be more
    await caller.seesFile('chosen.txt', 'Your friend did not take it.');
    await caller.says('Here they come');
    await callee.hears('Here they come');
    await caller.sends(...await Promise.all(names.map((name) => folders[0].add(name, 2_400_000))));
    await callee.find('button', 'Decline all');
    for (const { page } of [caller, callee]) {
      await page.bringToFront();
      for (const [width, height, text] of [[320, 568, 100], [320, 568, 200], [390, 844, 100], [1280, 800, 100]]) {
        await page.setViewport({ width, height });
        const found = await page.evaluate((text) => {
          document.documentElement.style.fontSize = `${text}%`;
          const said = [...document.querySelectorAll('#messages > li')].at(-1);
          said?.scrollIntoView({ block: 'nearest' });
          const box = (/** @type {Element | null | undefined} */ element) => element?.getBoundingClientRect() ?? new DOMRect();
          const { x, y, width, height } = box(said);
          const out = [];
          if (text === 100 && !said?.contains(document.elementFromPoint(x + width / 2, y + height / 2))) out.push('the text is not to be seen');
          for (const part of document.querySelectorAll('#files-section, #files-section *')) {
            if (box(part).right > document.documentElement.clientWidth) out.push(`beyond the edge: ${part.outerHTML.slice(0, 200)}`);
          }
          for (const row of document.querySelectorAll('#files > li')) {
            if (row.scrollWidth > row.clientWidth) out.push(`wider than its row: ${row.textContent}`);
            const range = document.createRange();
            for (const lines of row.querySelectorAll('.who, .small')) {
              range.selectNodeContents(lines);
              const clip = box(lines);
              for (const rect of range.getClientRects()) {
                for (const button of [...row.querySelectorAll('button')].filter((button) => button.checkVisibility())) {
                  const other = box(button);
                  const bottom = Math.min(rect.bottom, clip.bottom);
                  if (rect.left < other.right && rect.right > other.left && rect.top < other.bottom && bottom > other.top) out.push(`${lines.textContent} runs through ${button.textContent}`);
                }
              }
            }
          }
          const name = [...document.querySelectorAll('#files .who')].find((name) => (name.textContent?.length ?? 0) > 80);
          if (!name || box(name).height > 2.2 * parseFloat(getComputedStyle(name).lineHeight)) out.push(`a long name is ${box(name).height} px high`);
          return out;
        }, text);
        assert.deepEqual(found, [], `${width} × ${height}, text of ${text} %`);
      }
      await page.evaluate(() => { document.documentElement.style.fontSize = ''; });
    }
    await callee.page.bringToFront();
    const name = await callee.page.evaluateHandle((long) => [...document.querySelectorAll('#files .who')].find((name) => name.textContent?.startsWith(long)), long.slice(0, 40));
    const cut = await callee.page.evaluate((name) => name?.clientHeight ?? 0, name);
    await /** @type {import('puppeteer-core').ElementHandle<HTMLElement>} */ (name.asElement()).click();
    await callee.page.waitForFunction((name, cut) => (name?.clientHeight ?? 0) > cut, { polling: 50 }, name, cut);
    await callee.press('Decline all');
    for (const name of names.slice(0, 29)) await caller.seesFile(name, 'Your friend did not take it.');
    for (const { page } of [caller, callee]) await page.setViewport(null);
    await caller.page.bringToFront();
  });

  test('after the call nothing is sent', async () => {
    await hangUp(caller, callee);
    assert.equal(await caller.page.$eval('#send-file', (button) => button.checkVisibility()), false);
  });

  test('a long name of a friend takes two lines, and is shown completely when pressed', async () => {
    const { page } = caller;
    await page.setViewport({ width: 320, height: 568 });
    await page.reload();
    await caller.sees('Ready');
    const name = await page.waitForSelector('#contacts .who');
    const lines = () => name?.evaluate((name) => name.clientHeight / parseFloat(getComputedStyle(name).lineHeight)) ?? 0;
    assert.ok(Math.round(await lines()) === 2, `${await lines()} lines`);
    await name?.click();
    assert.ok(await lines() > 2.5, `${await lines()} lines`);
    await page.focus('#open-settings');
    assert.ok(Math.round(await lines()) === 2, `${await lines()} lines`);
  });
});
