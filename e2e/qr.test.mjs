// web/qr is a copy of the npm package qr, in the version that package.json names.

import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { test } from 'node:test';

const ours = new URL('../web/qr/', import.meta.url);
const theirs = new URL('node_modules/qr/', import.meta.url);

/** The file of the package that each of ours is a copy of. */
const origins = new Map([['decode.js', 'decode.js'], ['index.js', 'index.js'], ['LICENSE', 'LICENSE-MIT']]);

/** @param {URL} file */
async function json(file) {
  return JSON.parse(await readFile(file, 'utf8'));
}

test('every file of web/qr is compared', async () => {
  assert.deepEqual((await readdir(ours)).sort(), [...origins.keys()].sort());
});

test('the named version of the package is installed', async () => {
  const [named, installed] = await Promise.all([json(new URL('package.json', import.meta.url)), json(new URL('package.json', theirs))]);
  assert.equal(installed.version, named.devDependencies.qr);
});

for (const [file, origin] of origins) {
  test(`web/qr/${file} is the package's ${origin}`, async () => {
    const [text, original, { version }] = await Promise.all(
      [readFile(new URL(file, ours), 'utf8'), readFile(new URL(origin, theirs), 'utf8'), json(new URL('package.json', theirs))]);
    // Scripts have one line more, which tells where they come from.
    const credit = `// @ts-nocheck: qr ${version} of npm, https://github.com/paulmillr/qr, as it is; (c) 2023 Paul Miller, MIT OR Apache-2.0\n`;
    assert.ok(text === (file.endsWith('.js') ? credit : '') + original, `${file} differs`);
  });
}
