// How much memory a program has, with all that it has started.

import { readdir, readFile } from 'node:fs/promises';

/** The proportional set size (proc(5), smaps_rollup) of a process and its descendants. @param {number} pid @returns {Promise<number>} MiB */
export async function memoryOf(pid) {
  const parents = new Map();
  for (const entry of await readdir('/proc')) {
    const stat = /^\d+$/.test(entry) ? await read(`/proc/${entry}/stat`) : '';
    const [, parent] = /\) \S (\d+)/.exec(stat) ?? []; // after the name, which may have anything in it
    if (parent) parents.set(Number(entry), Number(parent));
  }
  let kilobytes = 0;
  for (const process of parents.keys()) {
    let ancestor = process;
    while (ancestor && ancestor !== pid) ancestor = parents.get(ancestor);
    if (!ancestor) continue;
    const [, size] = /^Pss:\s+(\d+) kB/m.exec(await read(`/proc/${process}/smaps_rollup`)) ?? [];
    kilobytes += Number(size ?? 0);
  }
  return Math.round(kilobytes / 1024);
}

/** A file, or nothing where the process has ended. @param {string} path */
function read(path) {
  return readFile(path, 'utf8').catch(() => '');
}
