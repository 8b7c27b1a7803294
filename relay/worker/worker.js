// The relay as one module worker, for platforms made of workerd: one POST in,
// one POST to a push service out. What it promises, and why, is said in
// ../doc.go; ../conformance holds both to it. What it leaves to the platform
// is in README.md.

/**
 * How a deployment may set it up, all of it optional. While one of them cannot be
 * read, nothing is carried, and every answer names it.
 * @typedef {object} Env
 * @property {string} [ORIGINS] of the pages that may use it, between spaces; unset: all
 * @property {string} [CLIENT] the header field in which the platform says who asks, of a list the last; unset: CF-Connecting-IP
 * @property {string} [RATE] messages a second of one client, in the long run; unset: 1
 * @property {string} [BURST] messages of one client at once; unset: 30
 * @property {string} [CONCURRENT] messages on their way at a time; unset: 128
 * @property {string} [TIMEOUT] seconds for a message to arrive, and again for a service to answer, 25 at most; unset: 10
 * @property {string} [HOSTS] push services in place of those below, between spaces; with a dot in front: all below;
 *   with :PORT behind: at that port and not at 443
 * @property {string} [ALLOW_HOSTS] push services besides, in the same form
 */

const hosts = 'fcm.googleapis.com jmt17.google.com android.googleapis.com .push.services.mozilla.com .push.apple.com .notify.windows.com';

// Octets: a message that push services take and a little more, and the longest of a header field.
const maxBody = 4096 + 512, maxField = 2048;
const maxClients = 8192; // are told apart

/** What goes on to the push service, and what it has to look like. @type {Record<string, RegExp>} */
const forwarded = {
  'TTL': /^\d{1,10}$/,
  'Urgency': /^(very-low|low|normal|high)$/,
  'Topic': /^[\w-]{1,32}$/,
  'Authorization': /^vapid (t=[\w.=-]+, ?k=[\w.=-]+|k=[\w.=-]+, ?t=[\w.=-]+)$/i,
  'Content-Encoding': /^aes128gcm$/,
  'Content-Type': /^application\/octet-stream$/,
  'X-WNS-Cache-Policy': /^(no-)?cache$/,
};
const answered = ['Retry-After', 'Location'];

/** Between https:// and the first slash stands a plain DNS name, perhaps with
 * a port, and what follows stands for itself. */
const endpointForm = /^https:\/\/((?:[a-z\d-]{1,63}\.)*[a-z\d-]{1,63})(?::([1-9]\d{0,4}))?(\/(?:%[\da-f]{2}|[\w!$&'()*+,./:;=?@[\]~-])*)$/i;

/** The relay's own answer in place of the push service's. */
class Refusal {
  /** @param {number} status @param {string} sentence @param {Record<string, string | number>} [header] */
  constructor(status, sentence, header = {}) {
    Object.assign(this, { status, sentence, header });
  }
}

export default {
  /** @param {Request} request @param {Env} env */
  async fetch(request, env) {
    const header = new Headers({ 'Cache-Control': 'no-store' });
    try {
      const settings = settingsOf(env);
      const origin = allowedOrigin(request, settings);
      if (settings.origins) header.set('Vary', 'Origin');
      if (origin) {
        header.set('Access-Control-Allow-Origin', origin);
        header.set('Access-Control-Expose-Headers', `Push-Status, ${answered.join(', ')}`);
      }
      if (request.method === 'OPTIONS') {
        header.set('Access-Control-Allow-Methods', 'POST');
        header.set('Access-Control-Allow-Headers', ['Push-Endpoint', ...Object.keys(forwarded)].join(', '));
        header.set('Access-Control-Max-Age', '7200');
        return new Response(null, { status: 204, headers: header });
      }
      if (request.method !== 'POST') throw new Refusal(405, 'The relay takes push messages by POST only.', { Allow: 'POST, OPTIONS' });
      if (!origin) throw new Refusal(403, 'This relay is not for pages of that origin.');
      return await carry(request, settings, header);
    } catch (error) {
      const { status, sentence, header: more } = /** @type {any} */ (error instanceof Refusal ? error : new Refusal(500, 'The relay cannot carry this message.'));
      for (const [name, value] of Object.entries(more)) header.append(name, String(value));
      header.set('Content-Type', 'text/plain; charset=utf-8');
      return new Response(`${sentence}\n`, { status, headers: header });
    }
  },
};

/** @typedef {ReturnType<typeof settingsOf>} Settings */

/** Reads the variables. @param {Env} env */
function settingsOf(env) {
  /** @param {keyof Env} name @param {string} preset @param {(text: string) => boolean} valid */
  const set = (name, preset, valid) => {
    const text = String(env[name] === undefined ? preset : env[name]);
    if (!valid(text)) throw new Refusal(500, `The relay's variable ${name} cannot be read.`, { 'Access-Control-Allow-Origin': '*' });
    return text;
  };
  /** @param {keyof Env} name @param {number} preset @param {RegExp} form @param {number} [most] */
  const number = (name, preset, form, most = Number.MAX_SAFE_INTEGER) => Number(set(name, String(preset), (text) => form.test(text) && Number(text) > 0 && Number(text) <= most));
  /** @param {keyof Env} name @param {string} preset @param {(text: string) => boolean} valid */
  const list = (name, preset, valid) => words(set(name, preset, (text) => words(text).every(valid)));
  const whole = /^\d+$/, decimal = /^\d+(\.\d+)?$/;
  return {
    origins: env.ORIGINS === undefined ? null : list('ORIGINS', '', isOrigin).map((text) => new URL(text).origin),
    client: set('CLIENT', 'CF-Connecting-IP', (text) => /^[\w-]+$/.test(text)),
    rate: number('RATE', 1, decimal),
    burst: number('BURST', 30, whole),
    concurrent: number('CONCURRENT', 128, whole),
    timeout: 1000 * number('TIMEOUT', 10, decimal, 25),
    hosts: [...list('HOSTS', hosts, isHost), ...env.ALLOW_HOSTS === undefined ? [] : list('ALLOW_HOSTS', '', isHost)].map((text) => text.toLowerCase().replace(/:443$/, '')),
  };
}

/** The words of a text; of an empty one an empty word, which is no host and no origin. @param {string} text */
const words = (text) => text.trim().split(/\s+/);

/** @param {string} text */
function isOrigin(text) {
  const url = URL.canParse(text) ? new URL(text) : null;
  return Boolean(url && /^https?:\/\/[\w.:[\]-]+$/.test(url.origin) && url.href === `${url.origin}/` && !/[?#@]/.test(text));
}

/** HOST, or .HOST of two labels at the least, with a port if it is not 443; an IP address is none. @param {string} text */
function isHost(text) {
  const [, dot, name, last, port = '443'] = /^(\.?)((?:[a-z\d-]{1,63}\.)*([a-z\d-]{1,63}))(?::([1-9]\d{0,4}))?$/i.exec(text) ?? [];
  return Boolean(name) && name.length <= 253 && !/^(\d+|0x[\da-f]*)$/i.test(last) && (!dot || name.includes('.')) && Number(port) <= 65535;
}

/** The origin that may read the answer. @param {Request} request @param {Settings} settings */
function allowedOrigin(request, { origins }) {
  const origin = request.headers.get('Origin');
  return !origins ? '*' : origin && origins.includes(origin) ? origin : null;
}

let underway = 0; // messages on their way to push services

/** Takes a message to its push service, and brings back the status.
 * @param {Request} request @param {Settings} settings @param {Headers} header of the answer */
async function carry(request, { client, rate, burst, hosts, timeout, concurrent }, header) {
  const wait = take(clientOf(request, client), rate, burst);
  if (wait > 0) throw new Refusal(429, 'Too many messages from this address.', { 'Retry-After': Math.ceil(wait) });
  const endpoint = endpointOf(request.headers.get('Push-Endpoint') ?? '', hosts);
  const fields = fieldsOf(request.headers, new URL(endpoint).hostname);
  const body = await bodyOf(request, timeout);
  if (underway >= concurrent) throw new Refusal(429, 'The relay is busy.', { 'Retry-After': 1 });
  underway++;
  try {
    return passOn(await send(endpoint, fields, body, timeout), header);
  } finally {
    underway--;
  }
}

/** @param {string} text @param {string[]} hosts */
function endpointOf(text, hosts) {
  const [, name, port = '443', path] = (text.length <= maxField && endpointForm.exec(text)) || [];
  if (!name || name.length > 253 || Number(port) > 65535) throw new Refusal(400, 'The header field Push-Endpoint is not the URL of a push service.');
  const host = name.toLowerCase() + (port === '443' ? '' : `:${port}`);
  if (!hosts.some((known) => (known.startsWith('.') ? host.endsWith(known) : host === known))) {
    // The header field tells pages this from the 403 of a host without a relay.
    throw new Refusal(403, 'The endpoint is not at a push service this relay knows.', { 'Push-Refusal': 'unknown-service', 'Access-Control-Expose-Headers': 'Push-Refusal' });
  }
  return `https://${host}${path}`;
}

/** What goes on. A field that is repeated reads as a list, which none may be. @param {Headers} from @param {string} host */
function fieldsOf(from, host) {
  const fields = new Headers({ 'User-Agent': 'pushcall-relay' });
  for (const [name, form] of Object.entries(forwarded)) {
    const value = from.get(name);
    if (!value) continue;
    if (value.length > maxField || !form.test(value)) throw new Refusal(400, `The header field ${name} is not one of a push message.`);
    fields.set(name, value);
  }
  // Apple's wants a topic that decodes as base64url, which RFC 8030 does not.
  if (host.endsWith('.push.apple.com') && (fields.get('Topic') ?? '').length % 4 === 1) {
    throw new Refusal(400, 'The header field Topic is not one that the push service takes.');
  }
  return fields;
}

/** Reads the whole message before anything is sent. @param {Request} request @param {number} timeout */
async function bodyOf(request, timeout) {
  const body = new Uint8Array(maxBody);
  let length = 0;
  const reader = request.body?.getReader();
  const late = new Promise((resolve) => { setTimeout(resolve, timeout, null); });
  while (reader) {
    const piece = await Promise.race([reader.read().catch(() => null), late]);
    if (!piece) throw new Refusal(408, 'The message did not arrive in time.');
    if (piece.done) break;
    if (length + piece.value.length > maxBody) throw new Refusal(413, 'The message is larger than push services accept.');
    body.set(piece.value, length);
    length += piece.value.length;
  }
  return body.subarray(0, length);
}

/** @param {string} endpoint @param {Headers} headers @param {Uint8Array<ArrayBuffer>} body @param {number} timeout */
async function send(endpoint, headers, body, timeout) {
  const signal = AbortSignal.timeout(timeout);
  try {
    const answer = await fetch(endpoint, { method: 'POST', headers, body, redirect: 'manual', signal });
    await answer.body?.cancel(); // it is the relay's origin it would seem to come from
    return answer;
  } catch {
    throw signal.aborted ? new Refusal(504, 'The push service did not answer in time.') : new Refusal(502, 'The push service could not be reached.');
  }
}

/** Answers with the service's status, unless a browser would act upon it by itself.
 * @param {Response} answer @param {Headers} header */
function passOn(answer, header) {
  const { status } = answer;
  header.set('Push-Status', String(status));
  if (status < 200 || status >= 300 && status < 400 || [407, 408, 421].includes(status) || status >= 600) {
    throw new Refusal(502, "The push service's answer is not one to a message.");
  }
  for (const name of answered) {
    const value = answer.headers.get(name);
    if (value) header.set(name, value);
  }
  return new Response(null, { status, headers: header });
}

/** What counts as one client: an IPv4 address, or the /64 of an IPv6 one, in any spelling: with a port, in
 * brackets or quotes, of a zone. All whose address cannot be read are one. @param {Request} request @param {string} field */
function clientOf(request, field) {
  const text = (request.headers.get(field) ?? '').split(',').map((entry) => entry.trim()).filter(Boolean).at(-1) ?? '';
  const [, inside, before, bare] = /^(?:\[([^\]]*)\](?::.*)?|([^[:]*):[^:]*|([^[]*))$/.exec(text.replace(/^"(.*?)"?$/, '$1')) ?? [];
  const address = (inside ?? before ?? bare ?? '').replace(/%.*/, '');
  const url = `http://[${/^\d+(\.\d+){3}$/.test(address) ? '::ffff:' : ''}${address}]/`;
  if (!/^[\da-f:.]*$/i.test(address) || !URL.canParse(url)) return '';
  const [head, tail] = new URL(url).hostname.slice(1, -1).split('::').map((half) => half.split(':').filter(Boolean));
  const groups = [...head, ...tail ? Array(8 - head.length - tail.length).fill('0') : [], ...tail ?? []];
  return groups.slice(0, groups.slice(0, 6).join('') === '00000ffff' ? 8 : 4).join(':');
}

/** A token bucket for each client, the one seen last at the end. @type {Map<string, {tokens: number, at: number}>} */
const buckets = new Map();

/** Takes a token, or returns how many seconds it is until there is one. @param {string} client @param {number} rate @param {number} burst */
function take(client, rate, burst) {
  const now = Date.now() / 1000;
  const bucket = buckets.get(client) ?? { tokens: burst, at: now };
  buckets.delete(client);
  if (buckets.size >= maxClients) buckets.delete(/** @type {string} */ (buckets.keys().next().value));
  buckets.set(client, bucket);
  bucket.tokens = Math.min(burst, bucket.tokens + rate * (now - bucket.at));
  bucket.at = now;
  if (bucket.tokens < 1) return (1 - bucket.tokens) / rate;
  bucket.tokens--;
  return 0;
}
