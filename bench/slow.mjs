// Simulates a slow line to a port of this machine: every connection takes a round trip
// to open, octets arrive half a round trip later, and all connections share the rate of
// the line. It counts the octets.

import { once } from 'node:events';
import { connect, createServer } from 'node:net';

const PIECE = 4096; // octets that arrive together

/** @typedef {{name: string, rate: number, roundTrip: number, slower?: number}} Line octets in a millisecond; milliseconds; how many times
 * slower the processor at its end is, if it is */

/** @type {Line[]} */
export const lines = [
  { name: 'unthrottled', rate: Infinity, roundTrip: 0 },
  { name: '10 Mbit/s, 40 ms', rate: 1250, roundTrip: 40 },
  { name: '1.6 Mbit/s, 150 ms', rate: 200, roundTrip: 150 },
];

/** A slow line to a slow processor, which only Chromium simulates. */
export const lowEnd = { name: 'low-end', rate: 200, roundTrip: 150, slower: 6 };

export class Slow {
  #server;
  /** @type {Set<import('node:net').Socket>} */ #open = new Set();
  received = 0; // octets, by the browser
  lastReceived = 0; // when, by performance.now

  /** @param {number} port @param {Line} line */
  constructor(port, line) {
    const down = new Direction(line), up = new Direction(line);
    this.#server = createServer((client) => {
      const service = connect(port, 'localhost');
      const setUp = performance.now() + line.roundTrip;
      this.#carry(client, service, up, setUp);
      this.#carry(service, client, down, setUp, (octets) => {
        this.received += octets;
        this.lastReceived = performance.now();
      });
    });
  }

  /** @param {number} port @param {Line} line */
  static async start(port, line) {
    const slow = new Slow(port, line);
    slow.#server.listen(0, 'localhost');
    await once(slow.#server, 'listening');
    return slow;
  }

  get port() {
    return /** @type {import('node:net').AddressInfo} */ (this.#server.address()).port;
  }

  /** @param {import('node:net').Socket} from @param {import('node:net').Socket} to @param {Direction} direction
   * @param {number} setUp when the connection is there @param {(octets: number) => void} [arrived] */
  #carry(from, to, direction, setUp, arrived) {
    this.#open.add(from);
    let last = Promise.resolve();
    from.on('data', (/** @type {Buffer} */ octets) => {
      for (let at = 0; at < octets.length; at += PIECE) {
        const piece = octets.subarray(at, at + PIECE);
        const when = direction.pass(piece.length, setUp);
        last = last.then(() => until(when)).then(() => {
          arrived?.(piece.length);
          if (to.writable) to.write(piece);
        });
      }
    });
    from.on('error', () => {}); // the owner of the other end sees the same error
    from.on('close', () => {
      this.#open.delete(from);
      last.then(() => to.end());
    });
  }

  stop() {
    this.#server.close();
    for (const socket of this.#open) socket.destroy();
  }
}

/** One direction of a line. */
class Direction {
  #line;
  #free = 0; // when it has sent all octets given to it

  /** @param {Line} line */
  constructor(line) {
    this.#line = line;
  }

  /** Carries octets, and returns when they arrive. @param {number} octets @param {number} earliest when they may set out */
  pass(octets, earliest) {
    this.#free = Math.max(this.#free, performance.now(), earliest) + octets / this.#line.rate;
    return this.#free + this.#line.roundTrip / 2;
  }
}

/** @param {number} when */
async function until(when) {
  const left = when - performance.now();
  if (left > 0) await new Promise((resolve) => setTimeout(resolve, left));
}
