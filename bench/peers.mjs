// Pages that connect with the libraries of others, and what these need of
// servers, on this machine. A page of bench/peers has a library as it comes,
// ready before it is called, and no servers for ICE: as the lab's page has none.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { root } from './gobench.mjs';
import { startNostr } from './nostr.mjs';

/** @type {Record<string, string>} */
const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.mjs': 'text/javascript', '.wasm': 'application/wasm' };

/** Serves what is below the root, compressed as well as can be, and kept by browsers but for the pages. */
function serve() {
  /** @type {Map<string, Promise<Buffer>>} */ const kept = new Map();
  return createServer(async ({ url, headers }, answer) => {
    const { pathname } = new URL(url ?? '', 'http://localhost');
    const coding = /\bbr\b/.test(String(headers['accept-encoding'])) ? 'br' : 'gzip';
    const key = `${coding} ${pathname}`;
    if (!kept.has(key)) kept.set(key, readFile(join(root, pathname)).then(coding === 'br' ? brotliCompressSync : gzipSync));
    try {
      const body = await kept.get(key);
      const type = types[extname(pathname)];
      answer.writeHead(200, { 'content-type': type, 'content-encoding': coding, 'cache-control': type === types['.html'] ? 'no-cache' : 'max-age=3600, immutable' });
      answer.end(body);
    } catch {
      answer.writeHead(404).end();
    }
  });
}

/** @typedef {import('../e2e/person.mjs').Page} Page
 * @typedef {{name: string, call: () => Promise<number>}} Library call returns milliseconds from click to connected */

export class Peers {
  #servers;
  #brokerProcess;
  /** @type {number} */ #page;
  /** @type {number} */ #nostr;

  /** @param {import('node:http').Server} pages @param {import('node:http').Server} nostr
   * @param {import('node:child_process').ChildProcess} brokerProcess @param {number} broker the port of PeerJS's */
  constructor(pages, nostr, brokerProcess, broker) {
    this.#servers = [pages, nostr];
    this.#brokerProcess = brokerProcess;
    [this.#page, this.#nostr] = this.#servers.map((server) => /** @type {import('node:net').AddressInfo} */ (server.address()).port);
    this.broker = broker;
  }

  static async start() {
    const pages = serve();
    pages.listen(0, 'localhost');
    await once(pages, 'listening');
    const process_ = spawn(process.execPath, [join(root, 'bench/broker.mjs')], { stdio: ['ignore', 'pipe', 'inherit'] });
    for await (const line of createInterface({ input: process_.stdout })) return new Peers(pages, await startNostr(), process_, Number(line));
    throw new Error("PeerJS's broker ended before it was ready");
  }

  /** The address of a page in bench/peers. @param {string} name @param {number} [broker] by way of another port */
  page(name, broker = this.broker) {
    return `http://localhost:${this.#page}/bench/peers/${name}.html?broker=${broker}&nostr=${this.#nostr}`;
  }

  /** Opens the pages of all libraries in two browsers, which leaves them in the background.
   * @param {import('../e2e/browser.mjs').Browser[]} browsers @returns {Promise<Library[]>} */
  async open(browsers) {
    const [caller, callee] = await Promise.all(browsers.map((browser) => this.visit(browser, 'peerjs')));
    const [joining, waiting] = await Promise.all(browsers.map((browser) => this.visit(browser, 'trystero')));
    const both = await this.visit(browsers[0], 'simple-peer');
    /** @param {Page} page @param {string} [to] */
    const call = async (page, to) => {
      await page.bringToFront();
      const took = await page.evaluate((to) => Object(window).call(to), to);
      await page.evaluate(() => Object(window).hangUp());
      return took;
    };
    let rooms = 0;
    /** Trystero's call is a room that the other waits in. @param {Page} caller @param {Page} callee */
    const meet = async (caller, callee) => {
      const room = `room ${rooms++}`;
      await callee.evaluate((room) => Object(window).wait(room), room);
      const took = await call(caller, room);
      await callee.evaluate(() => Object(window).hangUp());
      return took;
    };
    const address = await callee.evaluate(() => Object(window).address);
    return [
      { name: 'PeerJS, local PeerServer', call: () => call(caller, address) },
      { name: 'trystero, local Nostr relay', call: () => meet(joining, waiting) },
      { name: 'simple-peer, in one page', call: () => call(both) },
    ];
  }

  /** Opens the page of a library, and waits until it is ready. @param {import('../e2e/browser.mjs').Browser} browser @param {string} name */
  async visit(browser, name) {
    const page = await browser.connection.newPage();
    await page.goto(this.page(name));
    await page.waitForFunction(() => Object(window).call, { polling: 50 });
    return page;
  }

  async stop() {
    this.#brokerProcess.kill();
    for (const server of this.#servers) {
      server.closeAllConnections();
      server.close();
    }
  }
}
