// Measures the time from a click on Call until the data channel is open, beside
// libraries that connect two pages with other signaling and the browser's own limit, and
// the octets that a call pushes. Both browsers are of one kind and share a clock. The friend's page is open;
// the channel opens while the call rings there.
//
//   node bench/call.mjs [--quick]

import { readFile } from 'node:fs/promises';
import { Browser } from '../e2e/browser.mjs';
import { Lab } from '../e2e/lab.mjs';
import { Person, connect, hangUp } from '../e2e/person.mjs';
import { Attempts } from './attempts.mjs';
import { floors, steps } from './floor.mjs';
import { benchmark } from './gobench.mjs';
import { Peers } from './peers.mjs';
import { kinds, paintsAll, unlessQuick } from './setting.mjs';
import { lowEnd } from './slow.mjs';
import { report, row } from './table.mjs';
import { slowDown } from './visit.mjs';

const warm = 2; // calls before measuring, to warm up the pages

/** Names of the steps between two times. */
const parts = [steps[0], 'the first push', steps[1], 'the second push', steps[2]];

/** Makes one call, and returns the times of its steps in milliseconds and the octets pushed.
 * @param {Lab} lab @param {Person} caller @param {Person} callee */
async function measure(lab, caller, callee) {
  const before = (await lab.messages()).length;
  for (const { page } of [caller, callee]) await page.evaluate(() => Object(window).steps.reset());
  await caller.callContact();
  await caller.page.waitForFunction(() => Object(window).steps.times().open, { polling: 50 });
  const [here, there] = await Promise.all([caller, callee].map(({ page }) => page.evaluate(() => Object(window).steps.times())));
  const messages = (await lab.messages()).slice(before);
  await callee.press('Answer');
  await Promise.all([caller.sees('Connected'), callee.sees('Connected')]);
  await hangUp(caller, callee);
  const times = [here.clicked, here.posted, there.came, there.posted, here.came, here.open];
  return { steps: parts.map((_, i) => times[i + 1] - times[i]), pushes: messages.length, octets: sum(messages.map(({ octets }) => octets)) };
}

/** Makes each the other's contact. @param {Person} caller @param {Person} callee */
async function befriend(caller, callee) {
  await caller.isCalled('Ada');
  await connect(caller, callee, await callee.card());
  await callee.press('Save contact');
  await callee.press('Save', 'dialog[open]');
  await hangUp(caller, callee);
}

/** @param {number[]} list */
const sum = (list) => list.reduce((a, b) => a + b, 0);

/** @param {import('../e2e/browser.mjs').Kind} kind @param {number} [slower] how many times slower the processor is for all pages, once they are warm */
async function compare(kind, slower) {
  const calls = slower ? unlessQuick(5, 2) : unlessQuick(10, 3);
  const lab = await Lab.start();
  const peers = await Peers.start();
  const browsers = await Promise.all([Browser.start(kind, lab, paintsAll), Browser.start(kind, lab, paintsAll)]);
  try {
    const [caller, callee] = await Promise.all(browsers.map((browser) => Person.open(browser, lab.page)));
    const script = await readFile(new URL('steps.js', import.meta.url), 'utf8');
    for (const { page } of [caller, callee]) await page.evaluate(`(() => { ${script} })()`);
    await befriend(caller, callee);
    const libraries = peers.libraries(browsers).map((library) => ({ ...library, calls: /** @type {Attempts<number>} */ (new Attempts()) }));
    const limits = floors(peers, browsers).map((floor) => ({ ...floor, calls: /** @type {Attempts<number[]>} */ (new Attempts()) }));
    /** @type {Awaited<ReturnType<typeof measure>>[]} */ const ours = [];
    for (let i = -warm; i < calls; i++) {
      if (i === 0 && slower) for (const { connection } of browsers) for (const page of await connection.pages()) await slowDown(page, slower);
      await Promise.all([caller, callee].map(({ page }) => page.bringToFront()));
      const call = await measure(lab, caller, callee);
      if (i >= 0) ours.push(call);
      for (const { call, calls } of libraries) await calls.add(call, i >= 0);
      for (const { call, calls } of limits) await calls.add(call, i >= 0);
    }
    const theirs = Object.fromEntries(libraries.map(({ name, calls }) => [name, calls.of((ms) => ms)]));
    /** @param {(steps: number[]) => number} figure */
    const limit = (figure) => Object.fromEntries(limits.map(({ name, calls }) => [name, calls.of(figure)]));
    /** @param {(_: number, i: number) => boolean} which */
    const of = (which) => ours.map(({ steps }) => sum(steps.filter(which)));
    await report(`A call, ${kind} to ${kind}${slower ? ', low-end' : ''}`, [
      row('click to connected, without the pushes', 'ms', of((_, i) => i % 2 === 0), { ...theirs, ...limit(sum) }),
      row('click to connected', 'ms', of(() => true), theirs),
      ...parts.map((part, i) => row(`  ${part}`, 'ms', of((_, j) => i === j), steps.includes(part) ? limit((times) => times[steps.indexOf(part)]) : {})),
    ]);
    return ours;
  } finally {
    await Promise.all(browsers.map((browser) => browser.stop()));
    await Promise.all([lab.stop(), peers.stop()]);
  }
}

/** Overhead of a push message's body: the header of RFC 8188, Section 2.1, with a key of 65 octets, a delimiter and a tag. */
const around = 21 + 65 + 1 + 16; // octets

for (const kind of kinds) {
  const ours = await compare(kind);
  if (kind === 'chromium') await compare(kind, lowEnd.slower);
  const results = await benchmark('bench', ['go', 'test', '-run', '^$', '-bench', 'Description', '-benchtime', '1x', '.']);
  /** @param {string} what @param {string} unit */
  const octets = (what, unit) => results.of(`Description/${kind}-${what}`, unit);
  /** @param {string} unit */
  const pushed = (unit, offers = 1) => [offers * (octets('offer', unit)[0] + around) + octets('answer', unit)[0] + around];
  await report(`What a call of ${kind} pushes`, [
    row('push messages', '', ours.map(({ pushes }) => pushes), { 'as first published': [3], 'deflated SDP': [2] }),
    ...['offer', 'answer'].map((what) => row(`description of the ${what}`, 'octets', octets(what, 'octets'),
      { 'raw SDP as JSON': octets(what, 'raw-octets'), 'deflated SDP': octets(what, 'deflated-octets') })),
    row('bodies of all messages', 'octets', ours.map(({ octets }) => octets),
      { 'raw SDP as JSON, as first published': pushed('raw-octets', 2), 'deflated SDP, nothing else': pushed('deflated-octets') }),
  ]);
}
