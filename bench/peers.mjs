// Pages that connect with the libraries of others, and what these need of
// servers, on this machine. A page of bench/peers has a library as it comes,
// ready before it is called, and no servers for ICE: as the lab's page has none.

import { createReadStream } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
/** @type {Record<string, string>} */
const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.mjs': 'text/javascript' };

/** @typedef {import('../e2e/person.mjs').Page} Page
 * @typedef {{name: string, call: () => Promise<number>}} Library call returns milliseconds from click to connected */

export class Peers {
  #servers;
  /** @type {number} */ #page;
  /** @type {number} */ #broker;

  /** @param {import('node:http').Server} pages @param {import('node:http').Server} broker */
  constructor(pages, broker) {
    this.#servers = [pages, broker];
    [this.#page, this.#broker] = this.#servers.map((server) => /** @type {import('node:net').AddressInfo} */ (server.address()).port);
  }

  static async start() {
    const pages = createServer(({ url }, answer) => {
      const { pathname } = new URL(url ?? '', 'http://localhost');
      answer.writeHead(200, { 'content-type': types[extname(pathname)] ?? 'text/plain' });
      createReadStream(join(here, pathname)).on('error', () => answer.end()).pipe(answer);
    });
    await new Promise((resolve) => pages.listen(0, 'localhost', () => resolve(undefined)));
    const { PeerServer } = createRequire(import.meta.url)('peer');
    /** @type {import('node:http').Server} */
    const broker = await new Promise((resolve) => PeerServer({ port: 0, host: 'localhost', path: '/' }, resolve));
    return new Peers(pages, broker);
  }

  /** @param {string} name @returns {string} the page of a library */
  page(name) {
    return `http://localhost:${this.#page}/peers/${name}.html?broker=${this.#broker}`;
  }

  /** Opens the pages of all libraries in two browsers, which leaves them in the background.
   * @param {import('../e2e/browser.mjs').Browser[]} browsers @returns {Promise<Library[]>} */
  async open(browsers) {
    const [caller, callee] = await Promise.all(browsers.map((browser) => this.#open(browser, 'peerjs')));
    const both = await this.#open(browsers[0], 'simple-peer');
    /** @param {Page} page @param {string} [to] */
    const call = async (page, to) => {
      await page.bringToFront();
      return page.evaluate((to) => Object(window).call(to), to);
    };
    const address = await callee.evaluate(() => Object(window).address);
    return [
      { name: 'PeerJS, local PeerServer', call: () => call(caller, address) },
      { name: 'simple-peer, in one page', call: () => call(both) },
    ];
  }

  /** @param {import('../e2e/browser.mjs').Browser} browser @param {string} name */
  async #open(browser, name) {
    const page = await browser.connection.newPage();
    await page.goto(this.page(name));
    await page.waitForFunction(() => Object(window).call, { polling: 50 });
    return page;
  }

  async stop() {
    for (const server of this.#servers) {
      server.closeAllConnections();
      server.close();
    }
  }
}
