// Reads what `go test -bench Message -count N` prints, and prints what a push
// message costs to build beside what it costs others: medians, in one table a
// setting, with the ratio to the peer of that setting.

import { createInterface } from 'node:readline';

/** @type {{title: string, of: RegExp, peer: string}[]} */
const settings = [
  { title: 'native, 700 octets, ms; ratio to webpush-go', of: /^octets=700\//, peer: 'octets=700/sender=webpush-go/token=new' },
  { title: 'native, 2600 octets, ms; ratio to webpush-go', of: /^octets=2600\//, peer: 'octets=2600/sender=webpush-go/token=new' },
  { title: 'in the page, 700 octets, ms; ratio to WebCrypto', of: /^(pushcall|webcrypto)\//, peer: 'webcrypto/token=new' },
];

/** Milliseconds by the name of the benchmark. @type {Map<string, number[]>} */
const times = new Map();
for await (const line of createInterface({ input: process.stdin })) {
  const [, name, ns] = /^BenchmarkMessage\/(\S+?)(?:-\d+)?\s+\d+\s+([\d.]+) ns\/op/.exec(line) ?? [];
  if (name) times.set(name, [...times.get(name) ?? [], Number(ns) / 1e6]);
  if (/^(FAIL|panic)/.test(line)) throw new Error(line);
}

/** @param {number[]} values */
const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];

for (const { title, of, peer } of settings) {
  const beside = times.get(peer);
  if (!beside) throw new Error(`no benchmark ${peer}`);
  console.log(`\n${title}`.padEnd(51) + 'median      min      max    ratio');
  for (const [name, values] of [...times].filter(([name]) => of.test(name))) {
    const columns = [median(values), Math.min(...values), Math.max(...values), median(values) / median(beside)];
    console.log(`  ${name.replace(of, (start) => (start.startsWith('octets') ? '' : start))}`.padEnd(48)
      + columns.map((value) => value.toFixed(3).padStart(9)).join(''));
  }
}
