// The lab under test: the page, its relay and the push services, in one process
// of this project's own program, with no network.

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * @typedef {{id: string, service: string, status: number, ttl: number, urgency: string, topic: string, octets: number,
 *   received: string, delivered?: string, acked?: string, ackCode?: number}} Message
 */

export class Lab {
  #process;

  /** @param {import('node:child_process').ChildProcess} process @param {any} facts */
  constructor(process, facts) {
    this.#process = process;
    /** @type {string} */
    this.page = facts.page;
    /** @type {string} */
    this.control = facts.control;
    /** @type {{prefs: Record<string, unknown>}} */
    this.firefox = facts.firefox;
    /** @type {{args: string[]}} */
    this.chromium = facts.chromium;
  }

  /** @param {string[]} args more of `pushcall lab` */
  static async start(...args) {
    const process = spawn(`${root}build/pushcall`, ['lab', '--json', '--addr', 'localhost:0', ...args], {
      cwd: root, stdio: ['ignore', 'pipe', 'inherit'],
    });
    for await (const line of createInterface({ input: process.stdout })) return new Lab(process, JSON.parse(line));
    throw new Error('the lab ended before it was ready');
  }

  /** Every push message so far, oldest first. @returns {Promise<Message[]>} */
  async messages() {
    return (await fetch(`${this.control}/messages`)).json();
  }

  async stop() {
    const ended = new Promise((resolve) => this.#process.once('exit', resolve));
    this.#process.kill('SIGTERM');
    await ended;
  }
}
