// Measures memory and time of a program and its descendants.

import { readdir, readFile } from 'node:fs/promises';

/** The proportional set size (proc(5), smaps_rollup) of a process and its descendants. @param {number} pid @returns {Promise<number>} MiB */
export async function memoryOf(pid) {
  let kilobytes = 0;
  for (const process of await family(pid)) {
    const [, size] = /^Pss:\s+(\d+) kB/m.exec(await read(`/proc/${process}/smaps_rollup`)) ?? [];
    kilobytes += Number(size ?? 0);
  }
  return Math.round(kilobytes / 1024);
}

/** How long the main threads of a browser's pages have run (proc(5), schedstat), by process: one may end, as a spare one of
 * Firefox does, and takes what it had with it. @param {number} pid @returns {Promise<Map<number, number>>} milliseconds */
export async function busyOf(pid) {
  const all = new Map();
  for (const process of await family(pid)) {
    const command = await read(`/proc/${process}/cmdline`);
    if (!/--type=renderer|-contentproc.*[\0 ]tab[\0 ]*$/.test(command)) continue;
    all.set(process, Number((await read(`/proc/${process}/task/${process}/schedstat`)).split(' ')[0] || 0) / 1e6);
  }
  return all;
}

/** A process and its descendants. @param {number} pid */
export async function family(pid) {
  const parents = new Map();
  for (const entry of await readdir('/proc')) {
    const stat = /^\d+$/.test(entry) ? await read(`/proc/${entry}/stat`) : '';
    const [, parent] = /\) \S (\d+)/.exec(stat) ?? []; // after the name, which may have anything in it
    if (parent) parents.set(Number(entry), Number(parent));
  }
  return [...parents.keys()].filter((process) => {
    while (process && process !== pid) process = parents.get(process);
    return process;
  });
}

/** A file, or nothing where the process has ended. @param {string} path */
function read(path) {
  return readFile(path, 'utf8').catch(() => '');
}
