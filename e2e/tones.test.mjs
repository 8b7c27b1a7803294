// The tones of a call: what each side hears until it is answered, and at its end.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Stranger, push } from './forge.mjs';
import { open, start } from './once.mjs';
import { Person, connect, hangUp } from './person.mjs';
import { until } from './until.mjs';

// Pitches of the tones; hertz.
const ring = '523 784';
const calling = '220';
const ringBack = '440 523';
const end = '262 392';
const busy = '440';

for (const [callerKind, calleeKind] of /** @type {const} */ ([['chromium', 'firefox'], ['firefox', 'chromium']])) {
  describe(`${callerKind} calls ${calleeKind}`, () => {
    test('ring-back sounds once it rings at the friend\'s, and the end has a tone', async (t) => {
      const lab = await start(t);
      const [caller, callee] = await Promise.all([callerKind, calleeKind].map(async (kind) => listener(await open(t, kind, lab), lab.page)));
      await caller.isCalled('Ada');
      await caller.call(await callee.card());
      await callee.rings('Unknown caller');
      await Promise.all([plays(callee, ring), plays(caller, calling)]); // a stranger is not told that it rings
      await callee.press('Answer');
      await Promise.all([caller, callee].map((person) => person.sees('Connected')));
      await Promise.all([plays(caller, ''), plays(callee, '')]);
      await callee.press('Save contact');
      await callee.press('Save', 'dialog[open]');
      await hangUp(caller, callee);
      await Promise.all([plays(caller, end), plays(callee, end)]);
      await Promise.all([plays(caller, ''), plays(callee, '')]); // they end by themselves

      await caller.callContact();
      await caller.sees('Ringing…');
      await Promise.all([plays(callee, ring), plays(caller, ringBack)]);
      await callee.press('Decline');
      await caller.sees('Declined');
      await Promise.all([plays(caller, end), plays(callee, '')]);

      for (const person of [caller, callee]) {
        await person.press('Settings');
        await person.page.click('dialog[open] ::-p-aria(Ring tone)');
        await person.press('Close', 'dialog[open]');
      }
      const before = await Promise.all([caller, callee].map(made));
      await connect(caller, callee);
      await hangUp(caller, callee);
      const after = await Promise.all([caller, callee].map(made));
      assert.deepEqual(after, before, 'tones although they are off');
    });

    test('busy has a tone of its own', async (t) => {
      const lab = await start(t);
      const [caller, callee] = await Promise.all([callerKind, calleeKind].map(async (kind) => listener(await open(t, kind, lab), lab.page)));
      const card = await callee.card();
      const eve = new Stranger();
      await push(lab, JSON.parse(card), eve.seal(JSON.parse(card), { card: { name: 'Eve' } }));
      await callee.rings('Unknown caller');
      await caller.call(card);
      await caller.sees('Busy');
      await plays(caller, busy);
      await plays(callee, ring);
    });
  });
}

/** A person at a page whose tones are written down.
 * @param {import('./browser.mjs').Browser} browser @param {string} address */
async function listener(browser, address) {
  const page = await browser.connection.newPage();
  await page.evaluateOnNewDocument(() => {
    /** @type {Map<BaseAudioContext, number[]>} */ const tones = new Map();
    const { start } = OscillatorNode.prototype;
    OscillatorNode.prototype.start = function (...when) {
      const pitches = [...tones.get(this.context) ?? [], Math.round(this.frequency.value)];
      tones.set(this.context, pitches.sort((a, b) => a - b));
      start.apply(this, when);
    };
    Object.assign(globalThis, { tones });
  });
  await page.goto(address);
  const person = new Person(browser, page);
  await person.sees('Ready');
  return person;
}

/** Waits until a page plays a tone, and no other. @param {Person} person @param {string} pitches '' for silence */
async function plays(person, pitches) {
  let last = '';
  await until('a tone', async () => {
    last = await person.page.evaluate(playing);
    return last === pitches || undefined;
  }, 20_000).catch((error) => {
    throw new Error(`the ${person.browser.kind} page plays "${last}", not "${pitches}"`, { cause: error });
  });
}

/** The pitches of the tones that are not over. @returns {string} */
const playing = () => [...Object(globalThis).tones].filter(([context]) => context.state !== 'closed').map(([, pitches]) => pitches.join(' ')).join(', ');

/** How many tones a page has begun. @param {Person} person */
const made = (person) => person.page.evaluate(() => Object(globalThis).tones.size);
