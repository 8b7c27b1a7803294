// What is measured in this run: all of it, or with --quick what takes two
// minutes: fewer runs, in one browser.

export const quick = process.argv.includes('--quick');

/** @type {import('../e2e/browser.mjs').Kind[]} */
export const kinds = quick ? ['chromium'] : ['firefox', 'chromium'];

/** @template T @param {T} all @param {T} few */
export const unlessQuick = (all, few) => (quick ? few : all);
