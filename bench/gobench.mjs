// Runs Go benchmarks and parses their output, whose format package testing documents.

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** All results by the benchmark's name and the unit: one number per run. */
export class Results {
  /** @type {Map<string, number[]>} */ #values = new Map();

  /** @param {string} line of output */
  add(line) {
    const [, name, rest] = /^Benchmark(\S+?)(?:-\d+)?\s+\d+\s+(.*)$/.exec(line) ?? [];
    for (const [, value, unit] of (rest ?? '').matchAll(/(\S+) (\S+)/g)) {
      const key = `${name} ${unit}`;
      this.#values.set(key, [...this.#values.get(key) ?? [], Number(value)]);
    }
  }

  /** Returns a benchmark's results; none if it failed. @param {string} name @param {string} unit */
  of(name, unit) {
    return this.#values.get(`${name} ${unit}`) ?? [];
  }

  /** Times in milliseconds. @param {string} name */
  ms(name) {
    return this.of(name, 'ns/op').map((value) => value / 1e6);
  }
}

/** Runs benchmarks. If one fails, this prints the output and returns the results of the others.
 * @param {string} directory from the root @param {string[]} command @param {Record<string, string>} [environment] @param {Results} [results] to add to */
export async function benchmark(directory, command, environment = {}, results = new Results()) {
  const process_ = spawn(command[0], command.slice(1), {
    cwd: root + directory, env: { ...process.env, ...environment }, stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = new Promise((resolve) => process_.once('close', resolve));
  /** @type {string[]} */ const said = [];
  for await (const line of createInterface({ input: process_.stdout })) {
    said.push(line);
    results.add(line);
  }
  if (await ended !== 0) {
    console.error(`${command.join(' ')}:\n${said.join('\n')}`);
    process.exitCode = 1;
  }
  return results;
}
