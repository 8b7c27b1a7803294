// Measures the time that the relay adds to a push message, beside other proxies.
//
//   node bench/relay.mjs [--quick]

import { benchmark } from './gobench.mjs';
import { unlessQuick } from './setting.mjs';
import { report, row } from './table.mjs';

const results = await benchmark('bench', ['go', 'test', '-count', '1', '-run', 'RelayRate', '-v', '.'], { PUSHCALL_BENCH_RELAY: unlessQuick('3s', '500ms') });

/** @param {string} name @param {string} unit @param {string} [as] */
function beside(name, unit, as = unit) {
  const of = (/** @type {string} */ hop) => results.of(`Relay/hop=${hop}`, unit);
  return row(name, as, of('pushcall'), { 'httputil.ReverseProxy': of('ReverseProxy'), 'Node, node:http': of('node') });
}

await report('Relay, 32 clients', [
  beside('messages carried', 'messages/s', '1/s'),
  beside('half of them within', 'p50-ms', 'ms'),
  beside('99 of 100 within', 'p99-ms', 'ms'),
  beside('memory for a connection kept', 'octets/connection', 'octets'),
]);
