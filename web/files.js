// Sends and receives the content of files over a data channel, outside of Go: the
// page's program decides which file is sent or received and up to which offset, and
// gets a report of each piece, but never its octets.
//
// A piece is a text message "<number of the file> <offset>", followed by its octets
// in binary messages. The receiver accepts only the piece that it expects next. It
// ignores others: they were under way when it told the sender to go back.

const PIECE = 1 << 20; // octets; PieceSize in files/channel.go
const LOOK = 200; // milliseconds between two reports of a file's progress, and between two measurements of the rate
const AHEAD = 0.25; // seconds: as much as the path carries in this time may be buffered, since texts and pings wait behind it
const SPARE = 8; // buffers to reuse
const UNWRITTEN = 16; // pieces that may wait to be written: more than a sender sends that observes the receiver's grants

/**
 * @typedef {'sent' | 'came' | 'kept' | 'failed'} What
 * @typedef {(what: What, mine: boolean, number: number, at: number, detail: string) => void} Report
 * @typedef {{octets: ArrayBuffer, digest: string}} Piece
 * @typedef {{file: File, size: number, modified: number, at: number, until: number, message: number, next?: Promise<Piece>,
 *   leave: () => void}} Sending the file with its size and time when it was offered, since File may report others later
 * @typedef {{write(piece: {type: 'write', position: number, data: Uint8Array<ArrayBuffer>}): Promise<void | Uint8Array<ArrayBuffer>>}} Sink write may return the octets' buffer for reuse
 * @typedef {FileChannel} Carrier
 * @typedef {{sink: Sink, at: number, size: number, buffer?: Uint8Array<ArrayBuffer>, filled: number,
 *   told: number, unwritten: number, written: Promise<void>}} Taking
 */

class FileChannel {
  #channel;
  #limit;
  /** @type {Report} */ #report;
  #closed = new AbortController();
  /** @type {Map<number, Sending>} */ #sending = new Map();
  /** @type {Map<number, Taking>} */ #taking = new Map();
  /** @type {number | undefined} number of the file that binary messages belong to */ #current;
  /** @type {Uint8Array<ArrayBuffer>[]} */ #spare = [];
  #runs = false;
  #drained = () => {};
  #rate = { value: 0, given: 0, drained: 0, at: 0 }; // octets per second that leave the channel's buffer

  /** @param {RTCDataChannel} channel @param {number} limit the most octets of a message @param {Report} report */
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
   * @param {number} [message] octets of a message, for measurements; 0: chosen by the rate */
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
    this.#taking.set(number, { sink, at, size, filled: 0, told: 0, unwritten: 0, written: Promise.resolve() });
  }

  /** @param {boolean} mine @param {number} number */
  stop(mine, number) {
    if (mine) this.#sending.get(number)?.leave();
    (mine ? this.#sending : this.#taking).delete(number);
  }

  /** Closes the channel; nothing is reported from now on. */
  close() {
    this.#closed.abort();
    this.#sending.clear();
    this.#taking.clear();
    this.#channel.close();
    this.#drained();
  }

  /** Sends the granted pieces one at a time, first those of the file with the fewest octets left. */
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
        sending.leave = () => reject(new Error('stopped')); // reading may hang, and must not hold up other files
        (sending.next ?? read(sending, at)).then(resolve, reject);
      });
      if (!current()) return;
      sending.at = Math.min(at + PIECE, whole);
      sending.next = sending.at < whole ? read(sending, sending.at) : undefined;
      sending.next?.catch(() => {}); // the error is handled when the piece is awaited
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

  /** Waits until the channel's buffer has room, and returns the size of the next message in octets. @param {number} message */
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
    rate.value = bufferedAmount ? value : Math.max(value, rate.value); // an empty buffer means that the path could carry more
    rate.drained = drained;
    rate.at += passed;
  }

  /** Handles the text message that begins a piece. @param {string} text */
  #begin(text) {
    const [, number, at] = /^(\d{1,16}) (\d{1,16})$/.exec(text)?.map(Number) ?? [];
    const taking = this.#taking.get(number);
    this.#current = taking?.at === at ? number : undefined;
    if (taking) taking.filled = 0;
  }

  /** Handles a binary message: octets of the current piece. @param {ArrayBuffer} octets */
  #put(octets) {
    const number = this.#current ?? 0;
    const taking = this.#taking.get(number);
    if (!taking) return;
    const size = Math.min(PIECE, taking.size - taking.at);
    if (taking.filled + octets.byteLength > size) return;
    if (taking.unwritten > UNWRITTEN) return this.#fail(false, number, new Error('the sender does not wait'));
    taking.buffer ??= this.#spare.pop() ?? new Uint8Array(PIECE);
    taking.buffer.set(new Uint8Array(octets), taking.filled);
    taking.filled += octets.byteLength;
    if (performance.now() - taking.told > LOOK) {
      taking.told = performance.now();
      this.#report('came', false, number, taking.at + taking.filled, '');
    }
    if (taking.filled === size) this.#write(number, taking, taking.buffer, size);
  }

  /** Hashes and writes a complete piece. @param {number} number @param {Taking} taking
   * @param {Uint8Array<ArrayBuffer>} buffer @param {number} size */
  #write(number, taking, buffer, size) {
    const { at } = taking;
    const data = buffer.subarray(0, size);
    Object.assign(taking, { buffer: undefined, filled: 0, at: at + size });
    taking.unwritten++;
    this.#current = undefined;
    const written = Promise.all([sha256(data), taking.sink.write({ type: 'write', position: at, data })]);
    taking.written = Promise.all([written, taking.written]).then(([[digest, back]]) => {
      taking.unwritten--;
      if (this.#spare.length < SPARE) this.#spare.push(back ? new Uint8Array(back.buffer) : buffer);
      if (this.#taking.get(number) === taking) this.#report('kept', false, number, at, digest);
    });
    taking.written.catch((error) => {
      if (this.#taking.get(number) === taking) this.#fail(false, number, error);
    });
  }

  /** @param {boolean} mine @param {number} number @param {unknown} error */
  #fail(mine, number, error) {
    this.stop(mine, number);
    this.#report('failed', mine, number, 0, String(error));
  }
}

/** Reads a piece, and fails if the file has changed since it was offered. Firefox returns fewer octets of a file that
 * has become shorter, and Chromium may read a changed file as if it had always been so. The time of a file in memory
 * is always the present.
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
