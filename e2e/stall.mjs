// Suspends browsers for a while, and checks the call afterwards.

/** @typedef {import('./person.mjs').Person} Person */

/** Suspends the browsers of some people. @param {Person[]} people @param {number} seconds @returns {Promise<number>} for how long they did, in seconds */
export async function standStill(people, seconds) {
  const start = performance.now();
  const again = await Promise.all(people.map(({ browser }) => browser.standStill()));
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  for (const run of again) run();
  return (performance.now() - start) / 1000;
}

/** Checks that both people are connected, and that each gets the other's texts. @param {Person} one @param {Person} other @param {string} text */
export async function talk(one, other, text) {
  await Promise.all([one.sees('Connected'), other.sees('Connected')]);
  for (const [from, to] of [[one, other], [other, one]]) {
    await from.says(`${text}, says ${from.browser.kind}`);
    await to.hears(`${text}, says ${from.browser.kind}`);
  }
}
