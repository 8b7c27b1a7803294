// The settings of this run: everything, or with --quick two minutes of it, with fewer
// runs in one browser. Names of browsers as arguments restrict the run to these.

export const quick = process.argv.includes('--quick');

/** @type {import('../e2e/browser.mjs').Kind[]} */
const all = ['firefox', 'chromium'];
const named = all.filter((kind) => process.argv.includes(kind));
export const kinds = named.length ? named : quick ? [all[1]] : all;

/** @template T @param {T} all @param {T} few */
export const unlessQuick = (all, few) => (quick ? few : all);

/** The browsers as they are: those of the tests paint less often. */
export const paintsAll = { prefs: { 'layout.frame_rate': -1 } };
