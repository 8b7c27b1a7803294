// Runs all parts of the benchmark, one after the other.
//
//   node bench/run.mjs [--quick]

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, openSync, readFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { quick } from './setting.mjs';
import { begin } from './table.mjs';

const parts = ['message', 'relay', 'call', 'start', 'files', 'memory'];

/** @param {string} command @param {string[]} args */
const ask = (command, ...args) => execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();

/** The pinned versions of the peers. */
function pinned() {
  const text = (/** @type {string} */ name) => readFileSync(new URL(name, import.meta.url), 'utf8');
  const go = [...text('go.mod').matchAll(/(webpush-go) (v\S+)/g)].map(([, name, version]) => `${name} ${version}`);
  return [...go, ...Object.entries(JSON.parse(text('package.json')).dependencies).map((pair) => pair.join(' '))].join(', ');
}

const began = performance.now();
await begin([
  [ask('go', 'version'), `Node ${process.version}`, ask('chromium', '--version'), ask('firefox-esr', '--version')].join(', '),
  `beside ${pinned()}`,
  `${cpus()[0].model}, ${cpus().length} cores, ${Math.round(totalmem() / (1 << 30))} GiB; ${ask('uname', '-sr')}; ${new Date().toISOString().slice(0, 16)}Z`,
  `median, min and max of the runs${quick ? ', which are few' : ''}; the ratio is Pushcall's median to the peer's`,
]);
/** The folder for logs of pages and programs, which are not part of the table. */
const folder = fileURLToPath(new URL('../build/bench', import.meta.url));
mkdirSync(folder, { recursive: true });

/** @type {string[]} */ const took = [];
/** Runs the parts. The table lacks only the rows of those that fail. */
const failed = parts.filter((part) => {
  const began = performance.now();
  const script = fileURLToPath(new URL(`${part}.mjs`, import.meta.url));
  const said = openSync(`${folder}/${part}.log`, 'w');
  const { status } = spawnSync(process.execPath, [script, ...process.argv.slice(2)], { stdio: ['ignore', 'inherit', said] });
  took.push(`${part} ${Math.round((performance.now() - began) / 1000)}`);
  return status !== 0;
});
console.log(`\nIn seconds: ${took.join(', ')}; all ${Math.round((performance.now() - began) / 1000)}.`);
for (const part of failed) console.log(`${part} failed; build/bench/${part}.log has why`);
process.exitCode = failed.length && 1;
