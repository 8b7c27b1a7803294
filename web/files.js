// Carries what is in files over a data channel, and none of it through Go: the
// page's program says what is sent and taken and how far, hears of every piece,
// and sees no octet of it.
//
// A piece is a text message "<number of the file> <offset>", and then its octets
// in binary messages. The receiver takes the piece that it waits for and lets
// all else pass: what a sender had under way when it was told to go back.

const PIECE = 1 << 20; // octets; PieceSize in files/channel.go
const LOOK = 200; // milliseconds between two reports of how far a file has come, and between two looks at the rate
const AHEAD = 0.25; // seconds of what the path carries may wait in the channel: texts and pings wait behind it
const SPARE = 8; // buffers that are kept for pieces to come
const UNKEPT = 16; // pieces that may wait to be written: more than any sender may send that waits as it is told to

/**
 * @typedef {'sent' | 'came' | 'kept' | 'failed'} What
 * @typedef {(what: What, mine: boolean, number: number, at: number, detail: string) => void} Report
 * @typedef {{octets: ArrayBuffer, digest: string}} Piece
 * @typedef {{file: File, size: number, modified: number, at: number, until: number, message: number, next?: Promise<Piece>,
 *   leave: () => void}} Sending the file with its size and time as they were, since a browser may tell others later
 * @typedef {{write(piece: {type: 'write', position: number, data: Uint8Array<ArrayBuffer>}): Promise<void | Uint8Array<ArrayBuffer>>}} Sink it may give the octets back
 * @typedef {FileChannel} Carrier
 * @typedef {{sink: Sink, at: number, size: number, buffer?: Uint8Array<ArrayBuffer>, filled: number,
 *   told: number, unkept: number, kept: Promise<void>}} Taking
 */

class FileChannel {
  #channel;
  #limit;
  /** @type {Report} */ #report;
  #closed = new AbortController();
  /** @type {Map<number, Sending>} */ #sending = new Map();
  /** @type {Map<number, Taking>} */ #taking = new Map();
  /** @type {number | undefined} the file that the messages are of */ #current;
  /** @type {Uint8Array<ArrayBuffer>[]} */ #spare = [];
  #runs = false;
  #drained = () => {};
  #rate = { value: 0, given: 0, drained: 0, at: 0 }; // octets in a second, as the channel drains

  /** @param {RTCDataChannel} channel @param {number} limit octets of a message, at most @param {Report} report */
  constructor(channel, limit, report) {
    this.#channel = channel;
    this.#limit = limit;
    this.#report = report;
    channel.binaryType = 'arraybuffer';
    const { signal } = this.#closed;
    channel.addEventListener('message', ({ data }) => (typeof data === 'string' ? this.#begin(data) : this.#put(data)), { signal });
    channel.addEventListener('open', () => this.#run(), { signal });
    for (const event of ['bufferedamountlow', 'close']) channel.addEventListener(event, () => this.#drained(), { signal });
  }

  /** @param {number} number @param {File} file @param {number} at @param {number} until
   * @param {number} [message] octets of one, in place of as many as suit the rate: for measurements */
  send(number, file, at, until, message = 0) {
    this.stop(true, number);
    this.#sending.set(number, { file, size: file.size, modified: file.lastModified, at, until, message, leave() {} });
    this.#run();
  }

  /** @param {number} number @param {number} until */
  grant(number, until) {
    const sending = this.#sending.get(number);
    if (sending) sending.until = until;
    this.#run();
  }

  /** @param {number} number @param {Sink} sink @param {number} at @param {number} size */
  take(number, sink, at, size) {
    this.#taking.set(number, { sink, at, size, filled: 0, told: 0, unkept: 0, kept: Promise.resolve() });
  }

  /** @param {boolean} mine @param {number} number */
  stop(mine, number) {
    if (mine) this.#sending.get(number)?.leave();
    (mine ? this.#sending : this.#taking).delete(number);
  }

  /** Nothing is reported any more. */
  close() {
    this.#closed.abort();
    this.#sending.clear();
    this.#taking.clear();
    this.#channel.close();
    this.#drained();
  }

  /** Sends what may be sent, a piece at a time: of the file that is done first. */
  async #run() {
    if (this.#runs) return;
    this.#runs = true;
    for (let next; this.#channel.readyState === 'open' && (next = this.#next());) await this.#sendPiece(...next);
    this.#runs = false;
  }

  /** @returns {[number, Sending] | undefined} */
  #next() {
    const left = (/** @type {[number, Sending]} */ [, { size, at }]) => size - at;
    return [...this.#sending].filter(([, { at, until, size }]) => at < Math.min(until, size)).sort((a, b) => left(a) - left(b))[0];
  }

  /** @param {number} number @param {Sending} sending */
  async #sendPiece(number, sending) {
    const { size: whole, at } = sending;
    const current = () => this.#sending.get(number) === sending && this.#channel.readyState === 'open';
    try {
      const { octets, digest } = await new Promise((/** @type {(piece: Piece) => void} */ resolve, reject) => {
        sending.leave = () => reject(new Error('stopped')); // a disk may not answer, and other files wait
        (sending.next ?? read(sending, at)).then(resolve, reject);
      });
      if (!current()) return;
      sending.at = Math.min(at + PIECE, whole);
      sending.next = sending.at < whole ? read(sending, sending.at) : undefined;
      sending.next?.catch(() => {}); // it fails where it is waited for
      this.#report('sent', true, number, at, digest);
      this.#channel.send(`${number} ${at}`);
      for (let from = 0, size; from < octets.byteLength && current(); from += size) {
        size = Math.min(await this.#room(sending.message), octets.byteLength - from);
        if (current()) this.#give(new Uint8Array(octets, from, size));
      }
    } catch (error) {
      if (current()) this.#fail(true, number, error);
    }
  }

  /** @param {Uint8Array<ArrayBuffer>} message */
  #give(message) {
    this.#channel.send(message);
    this.#rate.given += message.length;
  }

  /** Waits until the channel takes a message soon, and returns of how many octets. @param {number} message */
  async #room(message) {
    const channel = this.#channel;
    this.#measure();
    const { value } = this.#rate;
    const suits = value < 1 << 20 ? 1 << 14 : value < 1 << 23 ? 1 << 16 : 1 << 18;
    const size = Math.min(message || suits, this.#limit);
    const most = Math.max(value * AHEAD, 1 << 18);
    while (channel.bufferedAmount > most && channel.readyState === 'open') {
      channel.bufferedAmountLowThreshold = most / 2;
      await new Promise((resolve) => { this.#drained = () => resolve(undefined); });
    }
    return size;
  }

  #measure() {
    const rate = this.#rate;
    const passed = performance.now() - rate.at;
    if (passed < LOOK) return;
    const { bufferedAmount } = this.#channel;
    const drained = rate.given - bufferedAmount;
    const value = (drained - rate.drained) / passed * 1000;
    rate.value = bufferedAmount ? value : Math.max(value, rate.value); // an empty channel carries more than it is given
    rate.drained = drained;
    rate.at += passed;
  }

  /** A piece begins. @param {string} text */
  #begin(text) {
    const [, number, at] = /^(\d{1,16}) (\d{1,16})$/.exec(text)?.map(Number) ?? [];
    const taking = this.#taking.get(number);
    this.#current = taking?.at === at ? number : undefined;
    if (taking) taking.filled = 0;
  }

  /** Octets of a piece. @param {ArrayBuffer} octets */
  #put(octets) {
    const number = this.#current ?? 0;
    const taking = this.#taking.get(number);
    if (!taking) return;
    const size = Math.min(PIECE, taking.size - taking.at);
    if (taking.filled + octets.byteLength > size) return;
    if (taking.unkept > UNKEPT) return this.#fail(false, number, new Error('the sender does not wait'));
    taking.buffer ??= this.#spare.pop() ?? new Uint8Array(PIECE);
    taking.buffer.set(new Uint8Array(octets), taking.filled);
    taking.filled += octets.byteLength;
    if (performance.now() - taking.told > LOOK) {
      taking.told = performance.now();
      this.#report('came', false, number, taking.at + taking.filled, '');
    }
    if (taking.filled === size) this.#keep(number, taking, taking.buffer, size);
  }

  /** Hashes and writes a piece that is complete. @param {number} number @param {Taking} taking
   * @param {Uint8Array<ArrayBuffer>} buffer @param {number} size */
  #keep(number, taking, buffer, size) {
    const { at } = taking;
    const data = buffer.subarray(0, size);
    Object.assign(taking, { buffer: undefined, filled: 0, at: at + size });
    taking.unkept++;
    this.#current = undefined;
    const kept = Promise.all([sha256(data), taking.sink.write({ type: 'write', position: at, data })]);
    taking.kept = Promise.all([kept, taking.kept]).then(([[digest, back]]) => {
      taking.unkept--;
      if (this.#spare.length < SPARE) this.#spare.push(back ? new Uint8Array(back.buffer) : buffer);
      if (this.#taking.get(number) === taking) this.#report('kept', false, number, at, digest);
    });
    taking.kept.catch((error) => {
      if (this.#taking.get(number) === taking) this.#fail(false, number, error);
    });
  }

  /** @param {boolean} mine @param {number} number @param {unknown} error */
  #fail(mine, number, error) {
    this.stop(mine, number);
    this.#report('failed', mine, number, 0, String(error));
  }
}

/** Reads a piece, and fails where the file is not the one that was to be sent: Firefox gives fewer octets of one
 * that has become shorter, and Chromium may read one that was changed as if it had been so from the start.
 * The time of a file that is in memory is always the present.
 * @param {Sending} sending @param {number} at @returns {Promise<Piece>} */
async function read({ file, size, modified }, at) {
  const octets = await file.slice(at, at + PIECE).arrayBuffer();
  const present = Date.now();
  const { lastModified } = file;
  const other = file.size !== size || lastModified !== modified && lastModified < present;
  if (other || octets.byteLength !== Math.min(PIECE, size - at)) throw new Error('the file has changed');
  return { octets, digest: await sha256(octets) };
}

/** @param {BufferSource} octets */
async function sha256(octets) {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', octets));
  return Array.from(digest, (octet) => octet.toString(16).padStart(2, '0')).join('');
}

Object.assign(globalThis, { FileChannel });
