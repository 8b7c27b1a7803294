// The table of results: every part reports its rows here, which are printed at once
// and stored in out.json. A part that runs again replaces its rows there.
//
//   node bench/table.mjs     prints what out.json has

import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/**
 * @typedef {{median: number, min: number, max: number, runs: number}} Figure
 * @typedef {{name: string} & ((Figure & {ratio: number}) | {failed: string})} Peer a ratio is Pushcall's median to the peer's
 * @typedef {{part: string, name: string, unit: string, ours: Figure, peers: Peer[]}} Row
 * @typedef {{machine: string[], rows: Row[]}} Table
 */

const path = fileURLToPath(new URL('out.json', import.meta.url));

/** @returns {Promise<Table>} */
async function read() {
  return JSON.parse(await readFile(path, 'utf8').catch(() => '{"machine": [], "rows": []}'));
}

/** Begins a table. @param {string[]} machine what it is measured on and with, in lines */
export async function begin(machine) {
  await writeFile(path, JSON.stringify({ machine, rows: [] }));
  for (const line of machine) console.log(line);
}

/** Makes a row of measurements, one number per run.
 * @param {string} name @param {string} unit @param {number[]} ours @param {Record<string, number[] | Error>} [peers] by name, or why one has no figure */
export function row(name, unit, ours, peers = {}) {
  const mine = figure(ours);
  return { name, unit, ours: mine, peers: Object.entries(peers).map(([name, values]) => ({ name, ...beside(mine, values) })) };
}

/** @param {Figure} mine @param {number[] | Error} values */
function beside(mine, values) {
  try {
    if (values instanceof Error) throw values;
    const theirs = figure(values);
    return { ...theirs, ratio: mine.median / theirs.median };
  } catch (error) {
    return { failed: /** @type {Error} */ (error).message.split('\n')[0] };
  }
}

/** @param {number[]} values @returns {Figure} */
function figure(values) {
  const sorted = [...values].sort((a, b) => a - b);
  if (!sorted.length || sorted.some((value) => !Number.isFinite(value))) throw new Error('there is no figure');
  const [below, above] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]]; // the same element if their number is odd
  return { median: (below + above) / 2, min: sorted[0], max: sorted[sorted.length - 1], runs: sorted.length };
}

/** Prints and stores the rows of a part. @param {string} part @param {Omit<Row, 'part'>[]} rows */
export async function report(part, rows) {
  const table = await read();
  const mine = rows.map((row) => ({ part, ...row }));
  table.rows = [...table.rows.filter((row) => row.part !== part), ...mine];
  await writeFile(path, JSON.stringify(table, null, 1));
  print(part, mine);
}

/** @param {string} part @param {Row[]} rows */
function print(part, rows) {
  console.log(`\n${line(part, '', 'unit', ['median', 'min', 'max'], 'ratio')}`);
  for (const { name, unit, ours, peers } of rows) {
    console.log(line(`  ${name}`, 'Pushcall', unit, numbers(ours), ''));
    for (const peer of peers) {
      console.log('failed' in peer ? `${line('', peer.name, '', [], '')}failed: ${peer.failed}` : line('', peer.name, '', numbers(peer), peer.ratio.toFixed(2)));
    }
  }
}

/** @param {string} name @param {string} who @param {string} unit @param {string[]} values @param {string} ratio */
function line(name, who, unit, values, ratio) {
  return name.padEnd(54) + who.padEnd(38) + unit.padEnd(10) + values.map((value) => value.padStart(9)).join('') + ratio.padStart(8);
}

/** @param {Figure} figure */
function numbers({ median, min, max }) {
  return [median, min, max].map((value) => value.toFixed(Number.isInteger(value) || value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : 3));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { machine, rows } = await read();
  for (const line of machine) console.log(line);
  for (const part of new Set(rows.map((row) => row.part))) print(part, rows.filter((row) => row.part === part));
}
