// Runs pages that connect with other libraries, and the servers that these need, on
// this machine. A page of bench/peers has an unmodified library, is ready before it is
// called, and has no ICE servers, like the lab's page.

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

/** Serves the files below the root with the best compression; browsers cache all but the pages. */
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
 * @typedef {import('../e2e/browser.mjs').Browser} Browser
 * @typedef {{name: string, call: () => Promise<number>}} Library call returns milliseconds from click to connected
 * @typedef {{name: string, prepare: () => Promise<void>, send: (size: number) => Promise<number>}} Carrier
 *   send takes octets of a piece, and returns milliseconds until all was there */

let rooms = 0;

/** The libraries that connect two browsers, with the time in milliseconds that two of their pages take: PeerJS calls an
 * address, trystero's pages join a room in which one of them waits.
 * @type {{page: string, name: string, over: string, connect: (caller: Page, callee: Page) => Promise<number>}[]} */
const pairs = [
  {
    page: 'peerjs', name: 'PeerJS', over: 'local PeerServer',
    connect: async (caller, callee) => {
      const address = await callee.evaluate(() => Object(window).address);
      return caller.evaluate((address) => Object(window).call(address), address);
    },
  },
  {
    page: 'trystero', name: 'trystero', over: 'local Nostr relay',
    connect: async (caller, callee) => {
      const room = `room ${rooms++}`;
      await callee.evaluate((room) => Object(window).wait(room), room);
      return caller.evaluate((room) => Object(window).call(room), room);
    },
  },
];

/** Returns a function that calls f once, at its first call. @template T @param {() => T} f @returns {() => T} */
export function lazily(f) {
  /** @type {T | undefined} */ let made;
  return () => (made ??= f());
}

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
    let broker = 0; // no broker's: without a broker only PeerJS fails
    for await (const line of createInterface({ input: process_.stdout })) {
      broker = Number(line);
      break;
    }
    return new Peers(pages, await startNostr(), process_, broker);
  }

  /** The address of a page in bench/peers. @param {string} name @param {number} [broker] by way of another port */
  page(name, broker = this.broker) {
    return `http://localhost:${this.#page}/bench/peers/${name}.html?broker=${broker}&nostr=${this.#nostr}`;
  }

  /** The libraries, in two browsers. Their pages are opened by the first call, in the background.
   * @param {Browser[]} browsers @returns {Library[]} */
  libraries(browsers) {
    /** @param {Page[]} pages of which the first calls @param {() => Promise<number>} connect */
    const call = async (pages, connect) => {
      for (const page of pages) await page.bringToFront();
      const took = await connect();
      for (const page of pages) await page.evaluate(() => Object(window).hangUp());
      return took;
    };
    const alone = lazily(() => this.visit(browsers[0], 'simple-peer'));
    return [
      ...pairs.map(({ page, name, over, connect }) => {
        const both = lazily(() => this.#visitBoth(browsers, page));
        return { name: `${name}, ${over}`, call: async () => call(await both(), async () => connect(...await both())) };
      }),
      { name: 'simple-peer, in one page', call: async () => call([await alone()], async () => (await alone()).evaluate(() => Object(window).call())) },
    ];
  }

  /** The libraries that carry data between two browsers, each between two pages that stay connected from the first file on.
   * @param {Browser[]} browsers @param {string} path of the file @param {number} total its octets @returns {Carrier[]} */
  carriers(browsers, path, total) {
    return pairs.map(({ page, name, connect }) => {
      const connected = lazily(async () => {
        const both = await this.#visitBoth(browsers, page);
        await connect(...both);
        const script = await readFile(join(root, 'bench/carry.js'), 'utf8');
        for (const page of both) await page.evaluate(`(() => { ${script} })()`);
        for (const page of both) await page.evaluate(() => Object(window).carry.use());
        await (await both[0].$('input[type=file]'))?.uploadFile(path);
        return both;
      });
      return {
        name: `${name}, file to memory`,
        prepare: async () => {
          const [from, to] = await connected();
          for (const page of [from, to]) await page.bringToFront();
          await to.evaluate((total) => Object(window).carry.take(total), total);
        },
        send: async (size) => (await connected())[0].evaluate((size) => Object(window).carry.give(size), size),
      };
    });
  }

  /** @param {Browser[]} browsers @param {string} name @returns {Promise<[Page, Page]>} */
  async #visitBoth([here, there], name) {
    return Promise.all([this.visit(here, name), this.visit(there, name)]);
  }

  /** Opens the page of a library, and waits until it is ready. @param {Browser} browser @param {string} name */
  async visit(browser, name) {
    const page = await browser.connection.newPage();
    await page.goto(this.page(name));
    await page.waitForFunction(() => document.querySelector('[role=status]')?.textContent === 'Ready', { polling: 50 });
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
