// Two people hear and see each other. Behaviour between two browsers is tested with
// each pair; behaviour of a single browser, with each browser.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Browser } from './browser.mjs';
import { Lab } from './lab.mjs';
import { open } from './once.mjs';
import { Person, connect, hangUp } from './person.mjs';
import { fakeDevices, hearsVoice, seesPicture } from './senses.mjs';

/** @type {import('./browser.mjs').Kind[]} */
const kinds = ['firefox', 'chromium'];

for (const callerKind of kinds) {
  for (const calleeKind of kinds) {
    describe(`${callerKind} and ${calleeKind}`, () => {
      /** @type {Lab} */ let lab;
      /** @type {Browser[]} */ let browsers;
      /** @type {Person} */ let caller;
      /** @type {Person} */ let callee;

      before(async () => {
        lab = await Lab.start();
        browsers = await Promise.all([callerKind, calleeKind].map((kind) => Browser.start(kind, lab, fakeDevices[kind])));
        caller = await Person.open(browsers[0], lab.page);
        callee = await Person.open(browsers[1], lab.page);
        await Promise.all([caller, callee].map((person) => person.page.evaluate(keepCaptured)));
      });

      after(async () => {
        await Promise.all((browsers ?? []).map((browser) => browser.stop()));
        await lab?.stop();
      });

      test('they hear each other, mute and unmute', async () => {
        await connect(caller, callee, await callee.card());
        await Promise.all([hearsVoice(caller), hearsVoice(callee)]);
        await caller.press('Mute');
        await readsMuted(callee);
        await readsMuted(caller, false); // whose microphone it is knows by the key
        await hearsVoice(callee, false);
        await caller.press('Unmute');
        await hearsVoice(callee);
        await hangUp(caller, callee);
      });

      test('a video call, with a preview before the answer', async () => {
        await callee.prepare(await caller.card());
        await callee.press('Video call', 'dialog[open]');
        await caller.readsAnywhere('with video');
        await caller.press('Video', '#ring');
        await seesPicture(caller, '#preview-picture');
        if (callerKind === 'chromium') { // Firefox measures nothing where there is no loudspeaker
          await caller.page.waitForFunction(() => /** @type {HTMLMeterElement} */ (document.querySelector('#preview-level')).value > 0.3, { polling: 20 });
        }
        await caller.press('Answer');
        await Promise.all([caller, callee].map((person) => person.sees('Connected')));
        for (const person of [caller, callee]) {
          await seesPicture(person);
          await seesPicture(person, '#own-tile');
          await hearsVoice(person);
        }
        await hangUp(callee, caller);
      });

      test('both add video at once, and each drops it again', async () => {
        await connect(caller, callee);
        await Promise.all([caller.press('Camera'), callee.press('Camera')]);
        await Promise.all([seesPicture(caller), seesPicture(callee)]);
        await caller.press('Camera');
        await seesPicture(callee, '#picture', false);
        await seesPicture(caller);
        await caller.press('Camera');
        await seesPicture(callee);
        await Promise.all([caller.press('Camera'), callee.press('Camera')]);
        await Promise.all([seesPicture(caller, '#picture', false), seesPicture(callee, '#picture', false)]);
        await Promise.all([hearsVoice(caller), hearsVoice(callee)]);
        await hangUp(caller, callee);
      });

      test('one hangs up while the other adds video', async () => {
        const [one, other] = callerKind === 'chromium' ? [caller, callee] : [callee, caller];
        await connect(caller, callee);
        await other.press('Camera');
        await one.press('Hang up'); // while the camera opens
        await Promise.all([one.sees('Call ended'), other.sees('Call ended')]);
        await other.page.waitForFunction(() => !(/** @type {HTMLVideoElement} */ (document.querySelector('#own-tile')).srcObject));
        await connect(caller, callee);
        await Promise.all([hearsVoice(caller), hearsVoice(callee)]);
        await hangUp(caller, callee);
      });

      if (callerKind !== calleeKind) alone(() => [caller, callee]);
    });
  }
}

/** What each browser does by itself, in a call of Firefox and Chromium. @param {() => Person[]} people */
function alone(people) {
  /** @type {Person} */ let one;
  /** @type {Person} */ let other;
  before(() => { [one, other] = people(); });

  test('a microphone without the echo of the room, its noise and its loudness', async () => {
    await connect(one, other);
    for (const person of [one, other]) {
      await hearsVoice(person);
      const said = await person.page.evaluate(() => {
        const track = /** @type {MediaStreamTrack[]} */ (Object(globalThis).captured).findLast(({ kind }) => kind === 'audio');
        return [track?.getConstraints() ?? {}, track?.getSettings() ?? {}];
      });
      for (const { echoCancellation, noiseSuppression } of person.browser.kind === 'chromium' ? said : said.slice(0, 1)) { // Firefox's fake one is left as it is
        assert.deepEqual([echoCancellation, noiseSuppression], [true, true], person.browser.kind);
      }
    }
    await hangUp(one, other);
  });

  test('the quality sign, picture-in-picture, full screen, and messages beside the picture', async () => {
    await connect(one, other);
    await Promise.all([one.press('Camera'), other.press('Camera')]);
    await Promise.all([seesPicture(one), seesPicture(other)]);
    for (const [person, friend] of [[one, other], [other, one]]) {
      await person.page.click('#quality summary');
      await person.page.waitForFunction(() => /^Direct Way from browser to browser There and back \d+ ms Lost on the way here \d+\.\d % Picture \d+ × \d+$/
        .test(/** @type {HTMLElement} */ (document.querySelector('#quality')).innerText.replace(/\s+/g, ' ').trim()), { polling: 50 });
      await person.page.click('#quality summary');
      await person.press('Full screen');
      await person.page.waitForFunction(() => document.fullscreenElement?.id === 'stage', { polling: 50 });
      await seesPicture(person);
      await person.press('Full screen');
      await person.page.waitForFunction(() => !document.fullscreenElement, { polling: 50 });
      await floats(person); // at last, for Firefox fills no screen while it thinks of that window
      await friend.press('Messages');
      await friend.says('Can you read this?');
      await person.page.waitForSelector('#open-messages[data-unread="1"][aria-description="1 new message"]');
      await person.press('Messages');
      await person.find('textbox', 'Message');
      await person.readsAnywhere('Can you read this?');
      await person.page.waitForSelector('#open-messages[data-unread=""]');
      for (const reader of [person, friend]) await reader.press('Messages');
    }
    await hangUp(one, other);
  });

  test('a screen is shared, beside the camera', async () => {
    const [sharing, seeing] = one.browser.kind === 'chromium' ? [one, other] : [other, one];
    await connect(one, other);
    await Promise.all([sharing.press('Camera'), seeing.press('Share screen')]);
    await seeing.readsAnywhere('Your browser could not share the screen.'); // Firefox has none where it has no window, and no fake one
    await seesPicture(seeing);
    await sharing.press('Share screen');
    await seesPicture(seeing, '#tile');
    await seesPicture(seeing);
    await sharing.press('Share screen');
    await seesPicture(seeing, '#tile', false);
    await seesPicture(seeing);
    await hangUp(one, other);
  });

  test('a shared screen that stands still, and that the browser itself ends', async () => {
    const [sharing, seeing] = one.browser.kind === 'chromium' ? [one, other] : [other, one];
    await connect(one, other);
    await sharing.press('Camera');
    await sharing.press('Share screen');
    await Promise.all([seesPicture(seeing), seesPicture(seeing, '#tile')]);
    await happens(sharing, 'screen', 'mute');
    await happens(sharing, 'video', 'mute');
    await seesPicture(seeing, '#tile', false); // the page has taken both events
    await seesPicture(seeing);
    await happens(sharing, 'video', 'unmute');
    await seesPicture(seeing, '#tile');
    await sharing.press('Camera');
    await seesPicture(seeing, '#tile', false);
    await seesPicture(sharing, '#own-tile');
    await happens(sharing, 'screen', 'ended');
    await Promise.all([seesPicture(seeing, '#picture', false), seesPicture(sharing, '#own-tile', false)]);
    await sharing.page.waitForSelector('#share-screen[aria-pressed=false]');
    await sharing.press('Share screen');
    await seesPicture(seeing);
    await hangUp(one, other);
  });

  test('a microphone and a camera that the system mutes', async () => {
    const [ear, eye] = ['This device has muted your microphone, so your friend cannot hear you.', 'This device has stopped your camera, so your friend cannot see you.'];
    await connect(one, other);
    for (const [person, friend] of [[one, other], [other, one]]) {
      await person.press('Camera');
      await seesPicture(friend);
      await happens(person, 'audio', 'mute');
      await person.readsAnywhere(ear);
      await readsMuted(friend);
      await happens(person, 'video', 'mute');
      await person.readsAnywhere(eye);
      await Promise.all([seesPicture(friend, '#picture', false), seesPicture(person, '#own-tile', false)]);
      await happens(person, 'audio', 'unmute');
      await happens(person, 'video', 'unmute');
      await Promise.all([seesPicture(friend), seesPicture(person, '#own-tile'), readsMuted(friend, false), readsNone(person, ear, eye)]);
      await person.press('Camera');
    }
    await hangUp(one, other);
  });

  test('devices that are pulled out, or taken by another program, and come back', async () => {
    await connect(one, other);
    for (const [person, friend] of [[one, other], [other, one]]) {
      const lost = ['There is no microphone, so your friend cannot hear you.', 'Your camera does not work, or another program has it.'];
      await person.press('Camera');
      await Promise.all([seesPicture(friend), hearsVoice(friend)]);
      await breaks(person, 'audio', 'NotFoundError');
      await happens(person, 'audio', 'ended');
      await person.readsAnywhere(lost[0]);
      await readsMuted(friend);
      await breaks(person, 'video', 'NotReadableError');
      await happens(person, 'video', 'ended');
      await person.readsAnywhere(lost[1]);
      await Promise.all([seesPicture(friend, '#picture', false), seesPicture(person, '#own-tile', false)]);
      await breaks(person, 'video', '', false); // no event says that a program has closed it
      await seesPicture(friend);
      await breaks(person, 'audio', '');
      await Promise.all([hearsVoice(friend), readsMuted(friend, false), readsNone(person, ...lost)]);
      await happens(person, 'audio', 'ended'); // another one is there at once
      await hearsVoice(friend);
      await person.press('Camera');
    }
    await hangUp(one, other);
  });

  test('a chosen speaker and camera that go and come back', async () => {
    const [choosing, friend] = one.browser.kind === 'chromium' ? [one, other] : [other, one]; // Firefox has one fake device of a kind
    await connect(one, other);
    await choosing.press('Camera');
    await seesPicture(friend);
    const chosen = await choosing.page.evaluate(async () => {
      const devices = navigator.mediaDevices;
      const all = await devices.enumerateDevices();
      const ids = ['videoinput', 'audiooutput'].map((kind) => all.findLast((device) => device.kind === kind)?.deviceId ?? '');
      const list = devices.enumerateDevices.bind(devices);
      devices.enumerateDevices = async () => (Object(globalThis).gone ? (await list()).filter(({ deviceId }) => !ids.includes(deviceId)) : list());
      return ids;
    });
    await choosing.press('Devices');
    await choosing.page.waitForFunction(() => /** @type {HTMLSelectElement} */ (document.querySelector('#choose-audiooutput')).options.length > 1);
    await choosing.page.select('#choose-videoinput', chosen[0]);
    await choosing.page.select('#choose-audiooutput', chosen[1]);
    const uses = (/** @type {boolean} */ all) => choosing.page.waitForFunction((all, [camera, speaker]) => {
      const video = /** @type {MediaStreamTrack[]} */ (Object(globalThis).captured).filter((track) => track.readyState === 'live' && track.kind === 'video');
      return video.length === 1 && (video[0].getSettings().deviceId === camera) === all
        && /** @type {HTMLAudioElement} */ (document.querySelector('audio')).sinkId === (all ? speaker : '');
    }, { polling: 50 }, all, chosen);
    await uses(true);
    await choosing.press('Close', '#devices');
    await choosing.page.evaluate(() => { Object(globalThis).gone = true; });
    await happens(choosing, 'video', 'ended');
    await breaks(choosing, 'video', '');
    await uses(false);
    await Promise.all([seesPicture(friend), hearsVoice(choosing)]);
    await choosing.page.evaluate(() => { Object(globalThis).gone = false; });
    await breaks(choosing, 'video', '');
    await uses(true);
    await Promise.all([seesPicture(friend), hearsVoice(choosing)]);
    await hangUp(one, other);
  });

  test('other devices during the call', async () => {
    const [choosing, friend] = one.browser.kind === 'chromium' ? [one, other] : [other, one]; // Firefox has one fake device of a kind
    await connect(one, other);
    await choosing.press('Camera');
    await seesPicture(friend);
    await choosing.press('Devices');
    for (const kind of ['audioinput', 'videoinput', 'audiooutput']) {
      const last = await choosing.page.waitForFunction((kind) => {
        const box = /** @type {HTMLSelectElement} */ (document.querySelector(`#choose-${kind}`));
        return box.checkVisibility() && box.options.length > 1 && box.options[box.options.length - 1].value;
      }, { polling: 50 }, kind);
      const id = /** @type {string} */ (await last.jsonValue());
      await choosing.page.select(`#choose-${kind}`, id);
      await choosing.page.waitForFunction((kind, id) => (kind === 'audiooutput' ? /** @type {HTMLAudioElement} */ (document.querySelector('audio')).sinkId
        : /** @type {MediaStreamTrack[]} */ (Object(globalThis).captured).find((track) => track.readyState === 'live' && kind.startsWith(track.kind))
          ?.getSettings().deviceId) === id, { polling: 50 }, kind, id);
    }
    await choosing.press('Close', '#devices');
    await Promise.all([seesPicture(friend), hearsVoice(friend), hearsVoice(choosing)]);
    await hangUp(one, other);
  });
}

/** Waits until the page says that its friend, whom it names, is muted, or until it does not. @param {Person} person @param {boolean} [muted] */
async function readsMuted({ page }, muted = true) {
  await page.waitForFunction((muted) => {
    const [sign, name] = /** @type {HTMLElement[]} */ (['#muted', '#name'].map((part) => document.querySelector(part)));
    return sign.checkVisibility() === muted && (!muted || sign.innerText.trim() === `${name.innerText} is muted`);
  }, { polling: 50 }, muted);
}

/** Stores the tracks that the page captures, for the test to inspect, by what captures them: audio, video or screen. Each name
 * in broken is that of an error, which the page gets instead. */
function keepCaptured() {
  /** @type {MediaStreamTrack[]} */ const captured = [];
  /** @type {Record<string, string>} */ const broken = {};
  const devices = navigator.mediaDevices;
  for (const method of /** @type {const} */ (['getUserMedia', 'getDisplayMedia'])) {
    const capture = devices[method]?.bind(devices);
    if (capture) {
      devices[method] = async (/** @type {MediaStreamConstraints} */ constraints) => {
        const source = method === 'getDisplayMedia' ? 'screen' : constraints.audio ? 'audio' : 'video';
        if (broken[source]) throw new DOMException('', broken[source]);
        const stream = await capture(constraints);
        captured.push(...stream.getTracks().map((track) => Object.assign(track, { source })));
        return stream;
      };
    }
  }
  Object.assign(globalThis, { captured, broken });
}

/** Has the browser say that something has happened to the newest track of a source: audio, video or screen.
 * @param {Person} person @param {string} source @param {'mute' | 'unmute' | 'ended'} event */
async function happens({ page }, source, event) {
  await page.evaluate((source, event) => {
    const track = /** @type {(MediaStreamTrack & {source: string})[]} */ (Object(globalThis).captured).findLast((track) => track.source === source);
    if (event === 'ended') track?.stop();
    track?.dispatchEvent(new Event(event));
  }, source, event);
}

/** Has a source fail with an error, until it has none; then a device is connected or gone, unless it is another program that has it.
 * @param {Person} person @param {'audio' | 'video'} source @param {string} error @param {boolean} [tells] */
async function breaks({ page }, source, error, tells = true) {
  await page.evaluate((source, error, tells) => {
    Object(globalThis).broken[source] = error;
    if (tells) navigator.mediaDevices.dispatchEvent(new Event('devicechange'));
  }, source, error, tells);
}

/** Waits until the page shows none of some texts. @param {Person} person @param {string[]} texts */
async function readsNone({ page }, ...texts) {
  await page.waitForFunction((texts) => !texts.some((text) => document.body.innerText.includes(text)), { polling: 50 }, texts);
}

/** Moves the video to picture-in-picture and back, if the browser supports that. @param {Person} person */
async function floats(person) {
  if (!await person.page.evaluate(() => document.pictureInPictureEnabled)) return;
  for (const id of ['picture', undefined]) {
    await person.press('Picture in picture');
    await person.page.waitForFunction((id) => document.pictureInPictureElement?.id === id, { polling: 50 }, id);
  }
  await person.page.bringToFront(); // as a desktop does, when Firefox closes that window: it lists no devices for a page without the focus
}

// Reasons why the page has no devices, and its sentence for each.
/** @type {[string, Record<import('./browser.mjs').Kind, import('./browser.mjs').Options>, string, string][]} */
const lacks = [
  ['no devices', { firefox: {}, chromium: {} }, 'There is no microphone, so your friend cannot hear you.', 'There is no camera.'],
  ['devices that the person does not allow', {
    firefox: { prefs: { 'media.navigator.streams.fake': true, 'permissions.default.microphone': 2, 'permissions.default.camera': 2 } },
    chromium: { args: ['--use-fake-device-for-media-stream', '--deny-permission-prompts'] },
  }, 'Your browser does not let this page use your microphone', 'Your browser does not let this page use your camera.'],
];

describe('calls work without devices', () => {
  /** @type {Lab} */ let lab;
  /** @type {Browser} */ let browser;
  /** @type {Person} */ let other;

  before(async () => {
    lab = await Lab.start();
    browser = await Browser.start('chromium', lab, fakeDevices.chromium);
    other = await Person.open(browser, lab.page);
  });

  after(async () => {
    await browser?.stop();
    await lab?.stop();
  });

  for (const kind of kinds) {
    for (const [what, options, microphone, camera] of lacks) {
      test(`${kind} with ${what} says so`, async (t) => {
        const bareBrowser = await open(t, kind, lab, options[kind]);
        const bare = await Person.open(bareBrowser, lab.page);
        await connect(bare, other, await other.card());
        await bare.readsAnywhere(microphone);
        await readsMuted(other);
        await hearsVoice(bare);
        await readsMuted(bare, false);
        await other.press('Mute');
        await readsMuted(bare);
        await other.press('Unmute');
        await other.press('Camera');
        await seesPicture(bare);
        await bare.press('Camera');
        await bare.readsAnywhere(camera);
        await bare.find('button', 'Unmute');
        await hangUp(bare, other);
      });
    }
  }

  test('a voice that the browser does not play is heard after a press on a button', async (t) => {
    const firefox = await open(t, 'firefox', lab, { prefs: { 'media.autoplay.default': 5, 'media.autoplay.blocking_policy': 2, 'permissions.default.microphone': 2 } });
    const silent = await Person.open(firefox, lab.page);
    await connect(silent, other, await other.card());
    await readsMuted(other);
    const plays = () => silent.page.evaluate(() => !(/** @type {HTMLAudioElement} */ (document.querySelector('audio')).paused));
    const button = await silent.find('button', 'Hear your friend');
    assert.equal(await plays(), false);
    await button.focus();
    await silent.page.keyboard.press('Enter');
    await silent.page.waitForFunction(() => !document.querySelector('#hear')?.checkVisibility() && document.activeElement?.id === 'name', { polling: 50 });
    assert.equal(await plays(), true);
    await hearsVoice(silent);
    await hangUp(silent, other);
  });

  test('a question for the microphone that nobody answers', async (t) => {
    const asks = { prefs: { 'media.navigator.streams.fake': true, 'permissions.default.microphone': 0 } };
    const askedBrowser = await open(t, 'firefox', lab, asks);
    const asked = await Person.open(askedBrowser, lab.page);
    await connect(asked, other, await other.card());
    await asked.readsAnywhere('Your friend hears you as soon as your browser lets this page use your microphone.');
    await readsMuted(other);
    await hearsVoice(asked);
    await readsMuted(asked, false);
    await other.says('I cannot hear you yet');
    await asked.hears('I cannot hear you yet');
    await hangUp(other, asked);
  });
});
