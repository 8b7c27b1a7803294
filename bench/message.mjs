// Measures the time to build one encrypted and signed push message.
//
//   node bench/message.mjs [--quick]

import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Results, benchmark, root } from './gobench.mjs';
import { unlessQuick } from './setting.mjs';
import { report, row } from './table.mjs';
import { webPush } from './webpush.mjs';

const count = unlessQuick(4, 2);
const starts = unlessQuick(5, 2); // of the page, to measure its first message
const inPage = { GOOS: 'js', GOARCH: 'wasm' };

async function native() {
  const results = await benchmark('bench', ['go', 'test', '-run', '^$', '-bench', 'Message', '-benchtime', unlessQuick('1s', '100ms'), '-count', String(count), '.']);
  return [700, 2600].flatMap((octets) => {
    /** @param {string} sender @param {string} token */
    const ms = (sender, token) => results.ms(`Message/octets=${octets}/sender=${sender}/token=${token}`);
    return [
      row(`native, ${octets} octets, new token`, 'ms', ms('pushcall', 'new'), { 'webpush-go': ms('webpush-go', 'new'), 'ECDH + AES-GCM + ECDSA alone': ms('floor', 'new') }),
      row(`native, ${octets} octets, token at hand`, 'ms', ms('pushcall', 'cached'), { 'webpush-go': ms('webpush-go', 'new'), 'ECDH + AES-GCM alone': ms('floor', 'cached') }),
    ];
  });
}

/** Times in the page: warm, and cold, as the first action of a page. */
async function inBrowser() {
  const folder = await mkdtemp(join(tmpdir(), 'pushcall-bench-'));
  const program = join(folder, 'browser.test');
  execFileSync('go', ['test', '-modfile=build/cache/page.mod', '-c', '-o', program, './wasm/browser'], { cwd: root, env: { ...process.env, ...inPage } });
  const page = execFileSync('go', ['tool', '-n', 'wasmbrowsertest'], { cwd: root, encoding: 'utf8' }).trim();
  /** @param {string} which @param {string} time @param {number} count @param {Results} [results] */
  const bench = (which, time, count, results) => benchmark('wasm/browser',
    [page, program, '-test.run', '^$', '-test.bench', `^BenchmarkMessage$/${which}`, '-test.benchtime', time, '-test.count', String(count)], {}, results);
  const warm = await bench('.', unlessQuick('1s', '200ms'), count);
  const cold = new Results();
  for (let i = 0; i < starts; i++) for (const which of ['^pushcall$/token=new', '^webcrypto$']) await bench(which, '1x', 1, cold);
  await rm(folder, { recursive: true });
  const node = await webPush(700, count);
  return [
    row('in the page, 700 octets, token at hand', 'ms', warm.ms('Message/pushcall/token=cached'), { 'WebCrypto alone': warm.ms('Message/webcrypto/token=new') }),
    row('in the page, 700 octets, new token', 'ms', warm.ms('Message/pushcall/token=new'), { 'WebCrypto alone': warm.ms('Message/webcrypto/token=new'), 'npm web-push in Node': node.warm }),
    row('the same, the first in a page', 'ms', cold.ms('Message/pushcall/token=new'), { 'WebCrypto alone': cold.ms('Message/webcrypto/token=new'), 'npm web-push in Node': node.cold }),
  ];
}

await report('Build a push message', [...await native(), ...await inBrowser()]);
