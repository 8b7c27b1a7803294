/** Polls until look returns a value, and returns that.
 * @template T @param {string} what for the error
 * @param {() => Promise<T | undefined>} look @param {number} [patience] milliseconds @returns {Promise<T>} */
export async function until(what, look, patience = 30_000) {
  for (const start = Date.now(); Date.now() - start < patience;) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`waited ${patience} ms for ${what}`);
}
