// The worker that transfers files: a FileChannel of files.js on the data channel of a
// call, which the page has transferred. The page writes received pieces to disk.

import './files.js';

const page = /** @type {MessagePort} */ (/** @type {unknown} */ (self));
/** @type {import('./files.js').Carrier} */ let carrier;
/** @type {Map<number, {resolve: (data: Uint8Array<ArrayBuffer>) => void, reject: (why: string) => void}>} */ const writes = new Map();
let last = 0; // number of the latest write

/** A sink whose pieces the page writes. */
class Sink {
  #number;

  /** @param {number} number of the file */
  constructor(number) {
    this.#number = number;
  }

  /** Returns the octets' buffer when the page has written them. @param {{position: number, data: Uint8Array<ArrayBuffer>}} piece
   * @returns {Promise<Uint8Array<ArrayBuffer>>} */
  write({ position, data }) {
    page.postMessage(['write', this.#number, ++last, position, data], [data.buffer]);
    return new Promise((resolve, reject) => { writes.set(last, { resolve, reject }); });
  }
}

/** Handlers of the page's messages. @type {Record<string, (...words: any[]) => void>} */
const words = {
  open(channel, limit) { carrier = new (Object(self).FileChannel)(channel, limit, (/** @type {unknown[]} */ ...report) => page.postMessage(['report', ...report])); },
  send: (number, file, at, until, message) => carrier.send(number, file, at, until, message),
  grant: (number, until) => carrier.grant(number, until),
  take: (number, at, size) => carrier.take(number, new Sink(number), at, size),
  stop: (mine, number) => carrier.stop(mine, number),
  wrote(id, data, why) {
    const write = writes.get(id);
    writes.delete(id);
    if (why) write?.reject(why);
    else write?.resolve(data);
  },
  close() {
    carrier.close();
    self.close();
  },
};

page.onmessage = ({ data: [word, ...rest] }) => words[word](...rest);
