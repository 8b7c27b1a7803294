// Runs every part, one after the other, and nothing beside it.
//
//   node bench/run.mjs [--quick]

import { execFileSync, spawnSync } from 'node:child_process';
import { cpus, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { quick, unlessQuick } from './setting.mjs';
import { begin } from './table.mjs';

const parts = ['message', 'relay', 'call', 'start', 'files', ...unlessQuick(['memory'], [])];

/** @param {string} command @param {string[]} args */
const ask = (command, ...args) => execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();

await begin([
  [ask('go', 'version'), `Node ${process.version}`, ask('chromium', '--version'), ask('firefox-esr', '--version')].join(', '),
  `${cpus()[0].model}, ${cpus().length} cores, ${Math.round(totalmem() / (1 << 30))} GiB; ${ask('uname', '-sr')}; ${new Date().toISOString().slice(0, 16)}Z`,
  `median, min and max of the runs${quick ? ', which are few' : ''}; the ratio is Pushcall's median to the peer's`,
]);
/** What a part cannot tell is not in the table, and the others are. */
const failed = parts.filter((part) => {
  const script = fileURLToPath(new URL(`${part}.mjs`, import.meta.url));
  return spawnSync(process.execPath, [script, ...process.argv.slice(2)], { stdio: 'inherit' }).status !== 0;
});
if (failed.length) throw new Error(`these parts failed: ${failed.join(', ')}`);
