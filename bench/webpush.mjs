// Builds a push message with npm's web-push, in Node.

import { spawnSync } from 'node:child_process';
import { createECDH, randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const self = fileURLToPath(import.meta.url);

/** Returns the milliseconds for a message: warm, and as the first of a process. @param {number} octets @param {number} count of runs */
export async function webPush(octets, count) {
  /** @param {number} messages */
  const runs = (messages) => Array.from({ length: count }, () => Number(spawnSync(process.execPath, [self, String(octets), String(messages)], { encoding: 'utf8' }).stdout || NaN));
  return { warm: runs(1000), cold: runs(1) };
}

/** Prints the time per message: of one, or the mean of the second half of many. @param {number} octets @param {number} messages */
function measure(octets, messages) {
  const library = createRequire(import.meta.url)('web-push');
  const keys = library.generateVAPIDKeys();
  const receiver = createECDH('prime256v1');
  const subscription = {
    endpoint: 'https://push.example.net/token',
    keys: { p256dh: receiver.generateKeys('base64url'), auth: randomBytes(16).toString('base64url') },
  };
  const vapidDetails = { subject: 'mailto:push@example.com', ...keys };
  const payload = 'x'.repeat(octets);
  let began = performance.now();
  for (let i = 0; i < messages; i++) {
    if (i === messages >> 1) began = performance.now();
    library.generateRequestDetails(subscription, payload, { vapidDetails, TTL: 45, urgency: 'high', topic: 'call-1' });
  }
  console.log((performance.now() - began) / Math.ceil(messages / 2));
}

if (process.argv[1] === self) measure(Number(process.argv[2]), Number(process.argv[3]));
