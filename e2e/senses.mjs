// Checks the media that a page plays by content: the loudness of its sound and the
// pictures of its videos. Events and states of tracks would not prove either.

import { until } from './until.mjs';

/** @typedef {import('./person.mjs').Person} Person */
/** @typedef {import('./browser.mjs').Kind} Kind */
/** @typedef {import('./browser.mjs').Options} Options */

const patience = 20_000; // milliseconds

/** Devices that make a tone and moving pictures. Of Chromium's cameras the first and the fourth are usual ones. @type {Record<Kind, Options>} */
export const fakeDevices = {
  firefox: { prefs: { 'media.navigator.streams.fake': true, 'media.navigator.permission.disabled': true } },
  chromium: { args: ['--use-fake-device-for-media-stream=device-count=4', '--use-fake-ui-for-media-stream'] },
};

/** Waits until the friend's sound is audible, or silent. Each time it listens for longer than the second
 * that lies between two beeps of Chromium's fake microphone. An AudioContext would do, but in Firefox it stands still
 * where there is no loudspeaker. @param {Person} person @param {boolean} [sound] */
export async function hearsVoice(person, sound = true) {
  await until(`the ${person.browser.kind} page to hear ${sound ? 'its friend' : 'nothing'}`, async () =>
    (await person.page.evaluate(listen) > 0.01) === sound || undefined, patience);
}

/** The friend's loudness, from 0 to 1. */
async function listen() {
  const stream = document.querySelector('audio')?.srcObject;
  if (!stream) return 0;
  const recorder = new MediaRecorder(/** @type {MediaStream} */ (stream));
  /** @type {Blob[]} */ const parts = [];
  recorder.ondataavailable = ({ data }) => parts.push(data);
  const stopped = new Promise((resolve) => { recorder.onstop = resolve; });
  recorder.start();
  await new Promise((resolve) => setTimeout(resolve, 1300));
  if (recorder.state !== 'inactive') recorder.stop(); // it ends with its track
  await stopped;
  const recording = await new Blob(parts).arrayBuffer();
  const sound = await new OfflineAudioContext(1, 1, 48_000).decodeAudioData(recording);
  return sound.getChannelData(0).reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
}

/** Waits until a video shows pictures that change, or none. Firefox's fake camera has a colour that changes slowly.
 * @param {Person} person @param {string} [video] a selector @param {boolean} [picture] */
export async function seesPicture(person, video = '#picture', picture = true) {
  await until(`the ${person.browser.kind} page to show ${picture ? 'moving pictures' : 'nothing'} in ${video}`, async () =>
    await person.page.evaluate(watch, video) === picture || undefined, patience);
}

/** Whether a video is there to see, and moves. @param {string} selector */
async function watch(selector) {
  const video = /** @type {HTMLVideoElement} */ (document.querySelector(selector));
  if (!video.checkVisibility() || !video.videoWidth) return false;
  const look = () => {
    const canvas = new OffscreenCanvas(64, 48);
    const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext('2d'));
    context.drawImage(video, 0, 0, 64, 48);
    return context.getImageData(0, 0, 64, 48).data;
  };
  const before = look();
  await new Promise((resolve) => setTimeout(resolve, 700));
  return look().some((value, i) => Math.abs(value - before[i]) > 4);
}
