// Transfers a call's files in a worker, in browsers that can transfer a data channel
// to one: then hashing and sending take no time of the main thread. In other browsers
// the page itself uses the same FileChannel.

import './files.js';

/** @typedef {import('./files.js').Sink} Sink */

/** A FileChannel in files-worker.js. */
class FileWorker {
  /** Octets of a message, for measurements; 0: chosen by the rate. */
  static message = 0;

  #worker = new Worker('web/files-worker.js', { type: 'module' });
  #report;
  /** @type {string | undefined} why the worker carries nothing */ #broken;
  /** @type {Set<number>} */ #sending = new Set();
  /** @type {Map<number, Sink>} */ #sinks = new Map();

  /** Throws if the browser cannot transfer data channels.
   * @param {RTCDataChannel} channel @param {number} limit @param {(...report: any[]) => void} report */
  constructor(channel, limit, report) {
    this.#worker.onmessage = ({ data: [word, ...rest] }) => (word === 'write' ? this.#write(...rest) : report(...rest));
    this.#report = report;
    this.#worker.onerror = ({ message }) => { // its script could not be loaded
      this.#broken = `Error: ${message || 'the thread for files could not start'}`;
      for (const number of this.#sending) this.#fail(true, number);
      for (const number of this.#sinks.keys()) this.#fail(false, number);
    };
    try {
      this.#worker.postMessage(['open', channel, limit], [channel]);
    } catch (error) {
      this.#worker.terminate();
      throw error;
    }
  }

  /** @param {number} number @param {File} file @param {number} at @param {number} until */
  send(number, file, at, until) {
    this.#sending.add(number);
    if (this.#broken) return this.#fail(true, number);
    this.#worker.postMessage(['send', number, file, at, until, FileWorker.message]);
  }

  /** @param {number} number @param {number} until */
  grant(number, until) {
    this.#worker.postMessage(['grant', number, until]);
  }

  /** @param {number} number @param {Sink} sink @param {number} at @param {number} size */
  take(number, sink, at, size) {
    this.#sinks.set(number, sink);
    if (this.#broken) return this.#fail(false, number);
    this.#worker.postMessage(['take', number, at, size]);
  }

  /** @param {boolean} mine @param {number} number */
  stop(mine, number) {
    (mine ? this.#sending : this.#sinks).delete(number);
    this.#worker.postMessage(['stop', mine, number]);
  }

  close() {
    this.#worker.onmessage = this.#worker.onerror = null;
    this.#worker.postMessage(['close']);
  }

  /** Fails a file later, as the worker does. @param {boolean} mine @param {number} number */
  #fail(mine, number) {
    setTimeout(() => this.#worker.onmessage && this.#report('failed', mine, number, 0, this.#broken));
  }

  /** Writes a piece and gives its octets back. @param {any[]} piece number of the file, number of the piece, position, octets */
  async #write(...[number, id, position, data]) {
    let why = '';
    await this.#sinks.get(number)?.write({ type: 'write', position, data }).catch((error) => { why = String(error); });
    this.#worker.postMessage(['wrote', id, data, why], [data.buffer]);
  }
}

const PIXELS = 50e6; // limit for a picture that is shown: a small file may hold a picture too large for memory
const SIDE = 640; // of what is shown of it; pixels

let turn = Promise.resolve(''); // of one picture after the other: each is decoded in its full size

/** Returns a URL of a small copy of a picture file, or '' if the file is no picture or too large. What the file is called, and
 * of which type, does not count. @param {File} file @returns {Promise<string>} */
function pictureOf(file) {
  const url = turn.then(() => copyOf(file));
  turn = url.catch(() => '');
  return url;
}

/** @param {File} file @returns {Promise<string>} */
async function copyOf(file) {
  const [width, height] = sizeOfPicture(new DataView(await file.slice(0, 1 << 18).arrayBuffer()));
  if (!(width * height > 0 && width * height <= PIXELS)) return '';
  const whole = await createImageBitmap(file).catch(() => null);
  if (!whole) return ''; // there is no more than the header, or the browser does not know it
  const scale = Math.min(1, SIDE / Math.max(whole.width, whole.height)); // it may be turned: the header does not tell
  const [across, down] = [whole.width, whole.height].map((side) => Math.max(1, Math.round(side * scale)));
  const copy = new OffscreenCanvas(across, down);
  const context = copy.getContext('2d');
  if (context) context.imageSmoothingQuality = 'medium';
  context?.drawImage(whole, 0, 0, across, down);
  whole.close();
  const url = URL.createObjectURL(await copy.convertToBlob({ type: 'image/webp' }));
  setTimeout(() => URL.revokeObjectURL(url), 60_000); // long after it was shown
  return url;
}

/** Returns the width and height in the header of a PNG (Section 11.2.2), GIF (Sections 18 and 20), WebP (RFC 9649, Section 2) or JPEG
 * file (ISO 10918-1, B.2.2), and [0, 0] for any other file. @param {DataView<ArrayBuffer>} view @returns {[number, number]} */
function sizeOfPicture(view) {
  try {
    if (view.getUint32(0) === 0x89504e47) return [view.getUint32(16), view.getUint32(20)];
    if (view.getUint32(0) === 0x47494638) return sizeOfGIF(view);
    if (view.getUint32(0) === 0x52494646 && view.getUint32(8) === 0x57454250) return sizeOfWebP(view);
    if (view.getUint16(0) !== 0xffd8) return [0, 0];
    for (let at = 2; ; at += 2 + view.getUint16(at + 2)) {
      const marker = view.getUint16(at);
      if (marker < 0xffc0 || marker >= 0xffd0 && marker <= 0xffd9 || marker === 0xffff) return [0, 0]; // it has no length, so decoders go on elsewhere
      if (marker >= 0xffc0 && marker <= 0xffcf && ![0xffc4, 0xffc8, 0xffcc].includes(marker)) return [view.getUint16(at + 7), view.getUint16(at + 5)];
    }
  } catch { // the file is too short
    return [0, 0];
  }
}

/** The first picture may be larger than the screen that it is for, and decoders make room for it. @param {DataView<ArrayBuffer>} view @returns {[number, number]} */
function sizeOfGIF(view) {
  const flags = view.getUint8(10);
  let at = 13 + (flags & 0x80 ? 3 << (flags & 7) + 1 : 0); // after the colour table
  for (; view.getUint8(at) === 0x21; at++) { // an extension
    const [label, size] = [view.getUint8(at + 1), view.getUint8(at + 2)];
    if (label === 0xf9 && size !== 4 || label === 0x01 && size < 12) return [0, 0]; // Sections 23 and 25; Firefox reads beyond a shorter one
    for (at += 2; view.getUint8(at) > 0;) at += 1 + view.getUint8(at);
  }
  if (view.getUint8(at) !== 0x2c) return [0, 0];
  const [left, top, width, height] = [1, 3, 5, 7].map((field) => view.getUint16(at + field, true));
  return [Math.max(view.getUint16(6, true), left + width), Math.max(view.getUint16(8, true), top + height)];
}

/** @param {DataView<ArrayBuffer>} view @returns {[number, number]} */
function sizeOfWebP(view) {
  switch (view.getUint32(12)) {
    case 0x56503820: return [view.getUint16(26, true) & 0x3fff, view.getUint16(28, true) & 0x3fff]; // VP8, RFC 6386, Section 9.1
    case 0x5650384c: return [1 + (view.getUint32(21, true) & 0x3fff), 1 + (view.getUint32(21, true) >> 14 & 0x3fff)]; // VP8L
    case 0x56503858: return [1 + (view.getUint32(24, true) & 0xffffff), 1 + (view.getUint32(26, true) >>> 8)]; // VP8X
    default: return [0, 0];
  }
}

Object.assign(globalThis, { FileWorker, pictureOf });
