// Runs `pushcall lab`: the page, its relay and the push services in one process,
// without a network.

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * @typedef {{id: string, service: string, status: number, ttl: number, urgency: string, topic: string, octets: number,
 *   fault?: FaultKind, copy?: string, received: string, delivered?: string, acked?: string, ackCode?: number}} Message
 *
 * @typedef {'none' | 'drop' | 'expire' | 'delay' | 'reorder' | 'duplicate' | '404' | '410' | '413' | '429' | '500' | 'reset' | 'slow'} FaultKind
 * @typedef {{fault: FaultKind, ms?: number, retryAfter?: number, endpoint?: string}} Fault retryAfter in seconds
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

  /** Queues faults for the next messages, one each. @param {Fault[]} list */
  async faults(list) {
    await this.#control('POST', list);
  }

  /**
   * Starts a schedule of random faults for messages without a queued fault: probabilities by kind, and ms and
   * retryAfter for the faults that use them. A schedule without a seed gets one.
   * @param {Partial<Record<FaultKind | 'seed' | 'ms' | 'retryAfter', number>>} numbers
   * @returns {Promise<string>} the schedule with its seed, for `pushcall lab --faults` and for whoever replays it
   */
  async schedule(numbers) {
    return (await (await this.#control('POST', numbers)).json()).schedule;
  }

  /** Ends all faults. */
  async clearFaults() {
    await this.#control('DELETE');
  }

  /** @param {string} method @param {unknown} [body] */
  async #control(method, body) {
    const answer = await fetch(`${this.control}/faults`, { method, body: body ? JSON.stringify(body) : null });
    if (!answer.ok) throw new Error(`the lab: ${(await answer.text()).trim()}`);
    return answer;
  }

  async stop() {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = new Promise((resolve) => this.#process.once('exit', resolve));
    this.#process.kill('SIGTERM');
    await ended;
  }
}
