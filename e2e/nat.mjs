// Two people, each behind a NAT, with a path through a TURN server only.
//
//   person 0                NAT 0                 the Internet               NAT 1                person 1
//   192.168.1.2 ── 192.168.1.1 │ 203.0.113.10 ── 203.0.113.1 ── 203.0.113.11 │ 192.168.1.1 ── 192.168.1.2
//                                                   coturn
//
// Both NATs map to a random port for every destination and drop unsolicited
// packets, so the address that STUN returns is of no use to the other side.

import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Network, Place } from './network.mjs';
import { until } from './until.mjs';

const run = promisify(execFile);
const password = 'test';
const server = '203.0.113.1:3478';

/** ICE servers for the page: the server as STUN server only, or as TURN server. */
export const iceServers = {
  stun: [{ urls: `stun:${server}` }],
  turn: [{ urls: `turn:${server}`, username: 'pushcall', credential: password }],
};

export class NatNetwork extends Network {
  /** @type {import('node:child_process').ChildProcess | undefined} */
  #coturn;

  /** @param {string} folder */
  constructor(folder) {
    super(folder, ['0', '1', 'nat0', 'nat1', 'internet']);
  }

  async make() {
    const internet = this.names[4];
    await run('ip', ['-n', internet, 'link', 'add', 'net', 'type', 'bridge']);
    await run('ip', ['-n', internet, 'address', 'add', '203.0.113.1/24', 'dev', 'net']);
    await run('ip', ['-n', internet, 'link', 'set', 'net', 'up']);
    for (const person of [0, 1]) await this.#addNat(person, internet);
    await this.#startCoturn(internet);
  }

  /** @param {number} person @param {string} internet */
  async #addNat(person, internet) {
    const [inside, nat] = [this.names[person], this.names[2 + person]];
    await run('ip', ['-n', inside, 'link', 'add', 'path0', 'type', 'veth', 'peer', 'name', 'in', 'netns', nat]);
    await run('ip', ['-n', nat, 'link', 'add', 'out', 'type', 'veth', 'peer', 'name', `nat${person}`, 'netns', internet]);
    await run('ip', ['-n', internet, 'link', 'set', `nat${person}`, 'master', 'net', 'up']);
    // An IPv6 address that comes a second later would be a change of network to Chromium, which gives up what it loads.
    await run('ip', ['netns', 'exec', inside, 'sh', '-c', 'echo 1 > /proc/sys/net/ipv6/conf/path0/disable_ipv6']);
    for (const [name, device, address] of [[inside, 'path0', '192.168.1.2'], [nat, 'in', '192.168.1.1'], [nat, 'out', `203.0.113.${10 + person}`]]) {
      await run('ip', ['-n', name, 'address', 'add', `${address}/24`, 'dev', device]);
      await run('ip', ['-n', name, 'link', 'set', device, 'up']);
    }
    await run('ip', ['-n', inside, 'route', 'add', 'default', 'via', '192.168.1.1']);
    const within = (/** @type {string[]} */ ...command) => run('ip', ['netns', 'exec', nat, ...command]);
    await within('sh', '-c', 'echo 1 > /proc/sys/net/ipv4/ip_forward');
    await within('iptables', '-t', 'nat', '-A', 'POSTROUTING', '-o', 'out', '-j', 'MASQUERADE', '--random-fully');
    for (const chain of ['FORWARD', 'INPUT']) {
      await within('iptables', '-A', chain, '-i', 'out', '-m', 'conntrack', '!', '--ctstate', 'ESTABLISHED,RELATED', '-j', 'DROP');
    }
    this.places.push(new Place(inside, person, this.folder));
  }

  /** Runs coturn with the example of the distribution, adapted to this network. @param {string} internet */
  async #startCoturn(internet) {
    const example = await readFile(fileURLToPath(new URL('../deploy/turnserver.conf', import.meta.url)), 'utf8');
    const file = join(this.folder, 'turnserver.conf');
    await writeFile(file, `${example.replace('change-me', password)}
listening-ip=203.0.113.1
relay-ip=203.0.113.1
pidfile=${join(this.folder, 'turnserver.pid')}
userdb=${join(this.folder, 'turndb')}
log-file=/dev/null
simple-log
`);
    this.#coturn = spawn('ip', ['netns', 'exec', internet, 'turnserver', '-c', file], { stdio: 'ignore' });
    await until('coturn', async () => {
      if (this.#coturn?.exitCode !== null) throw new Error('coturn has ended');
      const { stdout } = await run('ip', ['netns', 'exec', internet, 'ss', '-Hlun', 'sport', '=', ':3478']);
      return stdout || undefined;
    });
  }

  async stop() {
    if (this.#coturn && this.#coturn.exitCode === null) {
      const ended = once(this.#coturn, 'exit');
      this.#coturn.kill();
      await ended;
    }
    await super.stop();
  }
}
