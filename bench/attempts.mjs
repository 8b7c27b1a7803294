// Runs peers, which may fail without loss of the other rows: a failed peer's row has
// the reason.

/** The runs of a peer, up to the first that fails. @template T */
export class Attempts {
  #patience;
  /** @type {T[]} */ #results = [];
  /** @type {Error | undefined} */ #failed;

  /** @param {number} [patience] seconds for one run */
  constructor(patience = 60) {
    this.#patience = patience;
  }

  /** Runs it once more. @param {() => Promise<T>} run @param {boolean} [counts] it is more than to warm up */
  async add(run, counts = true) {
    if (this.#failed) return;
    try {
      const result = await within(this.#patience, run());
      if (counts) this.#results.push(result);
    } catch (error) {
      this.#failed = /** @type {Error} */ (error);
    }
  }

  /** Returns a figure of every run, or the error of the failed run. @param {(result: T) => number} figure @returns {number[] | Error} */
  of(figure) {
    return this.#failed ?? this.#results.map(figure);
  }
}

/** The same promise, which fails if it takes too long. @template T @param {number} seconds @param {Promise<T>} promise @returns {Promise<T>} */
async function within(seconds, promise) {
  /** @type {NodeJS.Timeout | undefined} */ let timer;
  const late = new Promise((_, reject) => { timer = setTimeout(() => reject(new Error(`it took longer than ${seconds} s`)), seconds * 1000); });
  try {
    return await /** @type {Promise<T>} */ (Promise.race([promise, late]));
  } finally {
    clearTimeout(timer);
  }
}
