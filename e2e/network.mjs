// Two people, each on a network of their own with two interfaces, and a router
// between them: Linux network namespaces, which only root can make.
//
//   person 0                     the router                     person 1
//   path0 10.0.0.1 ──── 10.0.0.254        10.1.0.254 ──── path0 10.1.0.1
//   path1 10.0.1.1 ──── 10.0.1.254        10.1.1.254 ──── path1 10.1.1.1
//
// As in the Internet, each interface of one person reaches each of the other's: one
// person's network can change without a change in the other's. Browsers gather
// candidates of the interface with the default route only, so there is one.
//
// The lab listens on the loopback outside, and each namespace has a loopback of
// its own. Unix sockets in the file system, which all namespaces share, forward
// connections between them.

import { execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdtemp, rm } from 'node:fs/promises';
import { createServer, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const prefix = 'pushcall-e2e'; // then the test's process and who it is for

/** @typedef {number | string} Address a port of the loopback, or a socket's path */
/** @typedef {{listen: Address, to: Address}} Forward */

/**
 * Options for browsers in a network. They would hide their addresses behind mDNS
 * names, which do not pass a router; there it takes a STUN server to be found,
 * and here there is none.
 */
export const bareAddresses = {
  prefs: { 'media.peerconnection.ice.obfuscate_host_addresses': false },
  args: ['--disable-features=WebRtcHideLocalIpsWithMdns'],
};

/** Forwards connections from one address to another.
 * @param {Forward} forward */
async function carry({ listen, to }) {
  const options = (/** @type {Address} */ address) => typeof address === 'number' ? { host: '127.0.0.1', port: address } : { path: address };
  const server = createServer((near) => {
    const far = connect(options(to));
    near.pipe(far).pipe(near);
    near.on('error', () => far.destroy()).on('close', () => far.destroy());
    far.on('error', () => near.destroy()).on('close', () => near.destroy());
  });
  await new Promise((resolve, reject) => server.once('error', reject).listen(options(listen), () => resolve(undefined)));
  return server;
}

/** The network namespace of one person's browser. */
export class Place {
  #name;
  #person;
  #folder;
  #carrier;

  /** @param {string} name of the namespace @param {number} person @param {string} folder for sockets */
  constructor(name, person, folder) {
    this.#name = name;
    this.#person = person;
    this.#folder = folder;
    // Runs in the namespace, until this process disconnects.
    this.#carrier = fork(fileURLToPath(import.meta.url), [], { execPath: 'ip', execArgv: ['netns', 'exec', name, process.execPath] });
  }

  /** The command that runs a command here. @param {string} command @param {string[]} args @returns {[string, string[]]} */
  command(command, args) {
    return ['ip', ['netns', 'exec', this.#name, command, ...args]];
  }

  /** Where a WebSocket of this place's loopback is reached from outside. @param {string} address */
  async reach(address) {
    const { port, pathname } = new URL(address);
    const socket = join(this.#folder, `${this.#name}-${port}`);
    await rm(socket, { force: true });
    await this.carry({ listen: socket, to: Number(port) });
    return `ws+unix:${socket}:${pathname}`;
  }

  /** The same as the function, in here. @param {Forward} forward */
  async carry(forward) {
    const answered = new AbortController();
    this.#carrier.send(forward);
    const [answer] = await Promise.race(['message', 'exit'].map((event) => once(this.#carrier, event, { signal: answered.signal })));
    answered.abort();
    if (answer !== '') throw new Error(`${this.#name} cannot carry from ${forward.listen}: ${answer}`);
  }

  /** Plugs in this person's interface to a path, with an address and a route. @param {0 | 1} path */
  async plug(path) {
    const subnet = `10.${this.#person}.${path}`;
    await run('ip', ['-n', this.#name, 'address', 'add', `${subnet}.1/24`, 'dev', `path${path}`]);
    await run('ip', ['-n', this.#name, 'link', 'set', `path${path}`, 'up']);
    await run('ip', ['-n', this.#name, 'route', 'add', 'default', 'via', `${subnet}.254`, 'metric', `${path + 1}`]);
  }

  /** Unplugs it and removes both: Linux would otherwise keep the address, and send from it by the other interface. @param {0 | 1} path */
  async unplug(path) {
    await run('ip', ['-n', this.#name, 'link', 'set', `path${path}`, 'down']);
    await run('ip', ['-n', this.#name, 'address', 'flush', 'dev', `path${path}`]);
  }

  async stop() {
    if (!this.#carrier.connected) return; // it has ended by itself
    const ended = once(this.#carrier, 'exit');
    this.#carrier.disconnect();
    await ended;
  }
}

/** Removes a namespace and ends what runs there. @param {string} name */
async function remove(name) {
  const { stdout } = await run('ip', ['netns', 'pids', name]);
  for (const id of stdout.split('\n').filter(Boolean)) {
    try {
      process.kill(Number(id), 'SIGKILL');
    } catch {
      // It has just ended by itself.
    }
  }
  await run('ip', ['netns', 'delete', name]);
}

/** Removes namespaces of tests that were killed. */
async function removeRemains() {
  const { stdout } = await run('ip', ['netns', 'list']);
  for (const [name, id] of stdout.matchAll(new RegExp(`^${prefix}-(\\d+)-\\w+`, 'gm'))) {
    const alive = await access(`/proc/${id}`).then(() => true, () => false);
    if (!alive) await remove(name).catch(() => {}); // another test may do the same now
  }
}

export class Network {
  /** @type {import('node:net').Server[]} */
  #servers = [];
  /** @type {Place[]} */
  places = [];

  /** @param {string} folder for sockets @param {string[]} parts that have a namespace each, the two people first */
  constructor(folder, parts = ['0', '1', 'router']) {
    this.folder = folder;
    this.names = parts.map((of) => `${prefix}-${process.pid}-${of}`);
  }

  /** Returns why this machine cannot have such a network, or undefined if it can. @returns {Promise<string | undefined>} */
  static async impossible() {
    const name = `${prefix}-${process.pid}-try`;
    try {
      await run('ip', ['netns', 'add', name]);
      await run('ip', ['-n', name, 'link', 'add', 'type', 'veth']);
    } catch (error) {
      return `network namespaces need Linux, root and iproute2: ${Object(error).stderr || error}`;
    } finally {
      await run('ip', ['netns', 'delete', name]).catch(() => {});
    }
  }

  /** Makes the network with all interfaces unplugged, and the lab within reach.
   * @param {import('./lab.mjs').Lab} lab */
  static async start(lab) {
    await removeRemains();
    const network = new this(await mkdtemp(join(tmpdir(), `${prefix}-`)));
    try {
      await network.#addNamespaces();
      await network.make();
      await network.#bring(lab);
    } catch (error) {
      await network.stop();
      throw error;
    }
    return network;
  }

  async #addNamespaces() {
    for (const name of this.names) {
      await run('ip', ['netns', 'add', name]);
      await run('ip', ['-n', name, 'link', 'set', 'lo', 'up']);
    }
  }

  /** Connects the namespaces, and adds the places. */
  async make() {
    const router = this.names[2];
    await run('ip', ['netns', 'exec', router, 'sh', '-c', 'echo 1 > /proc/sys/net/ipv4/ip_forward']);
    for (const person of [0, 1]) {
      const name = this.names[person];
      for (const path of [0, 1]) {
        const [port, subnet] = [`port${person}${path}`, `10.${person}.${path}`];
        await run('ip', ['-n', name, 'link', 'add', `path${path}`, 'type', 'veth', 'peer', 'name', port, 'netns', router]);
        // An IPv6 address of its own would come a second later, and Chromium gives up what it loads when one does.
        await run('ip', ['netns', 'exec', name, 'sh', '-c', `echo 1 > /proc/sys/net/ipv6/conf/path${path}/disable_ipv6`]);
        await run('ip', ['-n', router, 'address', 'add', `${subnet}.254/24`, 'dev', port]);
        await run('ip', ['-n', router, 'link', 'set', port, 'up']);
      }
      this.places.push(new Place(name, person, this.folder));
    }
  }

  /** Makes the lab's addresses mean in each place what they mean outside. @param {import('./lab.mjs').Lab} lab */
  async #bring(lab) {
    const addresses = JSON.stringify([lab.page, lab.control, lab.firefox, lab.chromium]).matchAll(/\b(?:localhost|127\.0\.0\.1):(\d+)/g);
    for (const port of new Set([...addresses].map(([, port]) => Number(port)))) {
      const socket = join(this.folder, `lab-${port}`);
      this.#servers.push(await carry({ listen: socket, to: port }));
      for (const place of this.places) await place.carry({ listen: port, to: socket });
    }
  }

  /** Ends what still runs in the places, too. */
  async stop() {
    await Promise.all(this.places.map((place) => place.stop()));
    for (const server of this.#servers) server.close();
    for (const name of this.names) await remove(name).catch(() => {}); // it may not be there yet
    await rm(this.folder, { recursive: true, force: true });
  }
}

// This file is also the program that a place forks.
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.on('message', (/** @type {Forward} */ forward) => {
    carry(forward).then(() => process.send?.(''), (error) => process.send?.(String(error)));
  });
  process.on('disconnect', () => process.exit());
}
