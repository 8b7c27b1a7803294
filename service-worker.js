// @ts-check
/// <reference lib="webworker" />

// Passes push messages to the open tabs, shows a notification if no tab is visible,
// caches the page's files for a start without network, and keeps files that are shared
// with the page until it takes them. It reads the page's stores and writes only to the
// inbox: the page does everything else.

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
const { scope } = worker.registration; // the origin may have other apps, with windows and caches of their own
const CACHE = `${scope} __BUILD__`; // each build has its own cache, so that its files are fetched together
const SHARE = `${scope}share`; // where the system posts files: share_target in the manifest
const MAX_INBOX = 50; // messages and clicks
const MAX_STRANGERS = 10; // messages in the inbox from all strangers together
const MAX_OF_STRANGER = 3; // messages in the inbox from one stranger: a flood displaces its own
const MAX_OF_CONTACT = 8; // messages in the inbox from one contact
const MAX_PAYLOAD = 2600; // octets; MaxPayload in package signaling
const CLOCK_SKEW = 120_000; // milliseconds; ClockSkew in package signaling
/** Milliseconds: see freshFor in package call. @type {Record<string, number>} */
const LIVES = { offer: 45_000, ringing: 45_000, answer: 45_000, busy: 45_000, waiting: 45_000, test: 45_000, decline: 86_400_000, cancel: 86_400_000, card: 28 * 86_400_000 };
const KEY = /^B[\w-]{85}[AEIMQUYcgkosw048]$/; // the only spelling of a P-256 public key in base64url
const GLANCE = 4_000; // milliseconds; Firefox ends a subscription after 16 pushes without a notification 3 s later
const RING = Array(15).fill([900, 300, 600, 1200]).flat(); // milliseconds of vibrations and pauses, for the time that a call rings
const EVERY_PUSH = /AppleWebKit(?!.*Chrom)/.test(navigator.userAgent); // Safari ends it after 3, even if the page is visible

worker.addEventListener('install', (event) => event.waitUntil(install(event)));
worker.addEventListener('activate', (event) => event.waitUntil(worker.clients.claim()));
for (const name of ['push', 'pushnotification']) worker.addEventListener(name, (event) => Object(event).waitUntil(receive(textOf(Object(event))))); // pushnotification: WebKit's, for a declarative message
worker.addEventListener('message', (event) => event.waitUntil(answerTab(event)));
worker.addEventListener('notificationclick', (event) => event.waitUntil(click(event.notification, event.action)));
worker.addEventListener('pushsubscriptionchange', (event) => event.waitUntil(resubscribe(Object(event))));
worker.addEventListener('fetch', (event) => {
  const { method, url } = event.request;
  if (method === 'GET' && url.startsWith(scope)) event.respondWith(serve(event.request));
  if (method === 'POST' && url === SHARE) event.respondWith(share(event.request));
});

/** @param {ExtendableEvent} event */
async function install(event) {
  await Object(event).addRoutes?.([{ condition: { requestMethod: 'POST', urlPattern: SHARE }, source: 'fetch-event' }, { condition: { requestMethod: 'POST' }, source: 'network' }]).catch(console.warn); // otherwise a POST ends with its page
  if (worker.registration.active) await cachePage(); // a newer page replaces the cached one
  await worker.skipWaiting();
}

/** Tells a tab its client ID, or caches the page's files once a tab has started: earlier, that takes a fifth of a first visit. @param {ExtendableMessageEvent} event */
async function answerTab({ data, source, ports }) {
  ports[0]?.postMessage(Object(source).id);
  if (ports[0]) for (const message of unsaved.splice(0)) source?.postMessage(message);
  if (data === 'started') await cachePage();
}

/** Caches every file that index.html names, and web/config.json, then index.html. A missing file does not prevent calls. */
async function cachePage() {
  const cache = await caches.open(CACHE);
  if (await cache.match('./')) return;
  const page = await fetch('./', { cache: 'no-cache' });
  if (!page.ok) throw new Error(`the page answers ${page.status}`);
  const names = [...(await page.clone().text()).matchAll(/(?:href|src)="(web\/[^"]+)"/g)].map((name) => name[1]);
  await Promise.allSettled([...new Set(names)].map((name) => cache.add(name)));
  await cache.put('./', page);
  for (const name of await caches.keys()) if (name.startsWith(`${scope} `) && name !== CACHE) await caches.delete(name);
}

/** Serves files from the cache, since their names change with their content, but index.html and web/config.json from the network first.
 * @param {Request} request */
async function serve(request) {
  const cache = await caches.open(CACHE);
  const cached = request.mode === 'navigate' || request.url.endsWith('/config.json') ? undefined : await cache.match(request);
  return cached ?? fetch(request).catch(async (error) => await cache.match(request.mode === 'navigate' ? './' : request) ?? Promise.reject(error));
}

/** Keeps files for the page, which asks the person whom they are for: see web/share.js. Those that were shared before give way. @param {Request} request */
async function share(request) {
  const files = (await request.formData()).getAll('files').filter((file) => file instanceof File).slice(0, 20);
  await caches.delete(SHARE);
  const cache = await caches.open(SHARE);
  for (const [i, file] of files.entries()) await cache.put(`${SHARE}/${i}?${encodeURIComponent(file.name)}`, new Response(file)); // one after the other, or they would be in any order; no name is a path
  return Response.redirect('./#shared', 303);
}

/** Returns the payload of a push message, unwrapped if it is declarative: see Declare in package signaling. WebKit has it in its proposed notification.
 * @param {{data?: PushMessageData, notification?: Notification, proposedNotification?: Notification}} event */
function textOf({ data, notification, proposedNotification }) {
  const text = data?.text() ?? String((notification ?? proposedNotification)?.data ?? '');
  try {
    return text.startsWith('{"web_push":8030,') ? String(JSON.parse(text).notification.data) : text;
  } catch {
    return '';
  }
}

/** @typedef {{title: string, body?: string, actions?: {action: string, title: string}[], glance?: boolean, tag?: string, missed?: boolean}} Notice @typedef {(text: string, name?: string) => string} Say in the language of the page */
/** Messages that could be neither saved nor posted, for a tab that opens while this worker runs. @type {unknown[]} */
let unsaved = [];

/** @param {string} payload */
async function receive(payload) {
  const message = await parse(payload);
  const receiver = message && await signedFor(message, payload).catch(console.warn); // undefined if the browser cannot verify: it may be a friend's, and rings as a stranger's
  const read = receiver === null ? undefined : message;
  const asking = read && receiver ? senderOf(read).catch(console.warn) : undefined;
  const [sender, { open, visible }] = await Promise.all([asking, tabs()]);
  const useless = !read || sender?.blocked || sender?.own && read.type !== 'test' || !sender?.contact && read.type === 'card';
  const key = useless ? undefined : await save(payload).catch(console.warn); // a full disk must not silence a call
  const notice = (!visible || EVERY_PUSH) && await noticeOf(read, sender, open.length > 0, await words().catch(() => String));
  const tag = notice && notice.tag || read?.call || 'unread';
  if (notice) await show(notice, tag, notice.glance || visible).catch(console.warn);
  if (notice && notice.missed) worker.navigator.setAppBadge?.().catch(console.warn); // without a count, which the page knows
  const posted = { key, payload, receiver, at: Date.now() };
  if (!useless && key === undefined && open.length === 0) unsaved = [...unsaved, posted].slice(-MAX_OF_CONTACT);
  for (const tab of open) tab.postMessage(posted); // after the notification, which a tab may close
  if (notice && (notice.glance || visible)) await closeLater(notice, tag);
}

/** @typedef {{type: string, call: string, time: number, from: string, round: number, card?: {name?: unknown}, succeeds?: string, before: string[]}} Message before: the sender's earlier identities, newest first */
/** Parses a payload, perhaps a stranger's. It returns undefined if the page would not accept it as a message. @param {string} payload @returns {Promise<Message | undefined>} */
async function parse(payload) {
  try {
    const { v, type, call, time, from, round: any, card, succeeds, description } = JSON.parse(payload);
    const round = Number.isInteger(any) ? any : 0;
    const is = (/** @type {unknown} */ value, /** @type {RegExp} */ form) => typeof value === 'string' && form.test(value);
    const form = type === 'offer' ? /^[IMQ][\w-]+$/ : type === 'ringing' || type === 'answer' ? /^[JKNOQ][\w-]+$/ : undefined; // the first character has version and setup
    const good = v === 1 && typeof type === 'string' && Object.hasOwn(LIVES, type) && is(call, /^(?!A{16})[\w-]{16}$/) && Number.isSafeInteger(time) && time > 0
      && is(from, KEY) && round >= 0 && round <= 9 && (form ? is(description, form) && !await hasMedia(description) : description === undefined)
      && (card === undefined ? type !== 'card' : is(card.endpoint, /^https?:\/\//) && is(card.keys.p256dh, KEY) && is(card.keys.auth, /^[\w-]{22}$/) && !('identity' in card))
      && (succeeds === undefined || (type === 'offer' || type === 'card') && is(succeeds, /^[\w-]{174,820}$/)) && new Blob([payload]).size <= MAX_PAYLOAD;
    return good ? { type, call, time, from, round, card, succeeds, before: [] } : undefined;
  } catch {
    return undefined;
  }
}

/** Tells whether a description asks for media, which only complete SDP can and no push may: see Description.HasMedia in package signaling. @param {string} description */
async function hasMedia(description) {
  if (!description.startsWith('Q')) return false;
  const inflating = new Blob([octetsOf(description).slice(1)]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  return /^m=(?!application )/m.test(await new Response(inflating).text());
}

/** Removes from a name invisible characters, those that reorder text, and piled marks: see CleanName in package signaling. @param {unknown} name */
function clean(name) {
  const visible = String(typeof name === 'string' ? name : '').replace(/[\p{White_Space}\u2800]+/gu, ' ').replace(/(?! )[\p{C}\p{Z}\ufffd]|(?!\p{VS})\p{DI}/gu, '');
  const words = visible.replace(/([^\p{Mn}\p{Me} ]?)([\p{Mn}\p{Me}]+)/gu, (_, letter, marks) => letter && letter + [...marks].slice(0, 3).join(''));
  return [...words.replace(/ +/g, ' ').trimStart()].slice(0, 40).join('').trimEnd();
}

/** Returns this browser's p256dh key if the message's signature and successions are valid for it, else null: see Seal and Chain in package signaling.
 * @param {Message} message @param {string} payload */
async function signedFor(message, payload) {
  const [, text, signature] = /^(.*),"signature":"([\w-]{86})"\}$/s.exec(payload) ?? [];
  if (!text) return null;
  const receiver = (await worker.registration.pushManager.getSubscription())?.getKey('p256dh');
  if (!receiver) throw new Error('a push without a subscription');
  const from = octetsOf(message.from);
  if (!await isSigned(from, octetsOf(signature), 'pushcall message 1\n', receiver, text)) return null;
  const chain = octetsOf(message.succeeds ?? '');
  for (let at = 33, old = expand(chain.slice(0, 33)); old; at += 97) {
    message.before.unshift(base64urlOf(old));
    const next = expand(chain.slice(at, at + 33));
    if (!next || !await isSigned(old, chain.slice(at + 33, at + 97), 'pushcall succession 1\n', old, next)) return null;
    old = at + 97 < chain.length ? next : undefined;
    if (!old && base64urlOf(next) !== message.from) return null;
  }
  return receiver;
}

/** @param {Uint8Array<ArrayBuffer>} identity @param {Uint8Array<ArrayBuffer>} signature @param {BlobPart[]} parts of the signed octets */
async function isSigned(identity, signature, ...parts) {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', identity, algorithm, false, ['verify']).catch((error) => error.name === 'DataError' ? null : Promise.reject(error)); // not a point on the curve
  return key !== null && crypto.subtle.verify(algorithm, key, signature, await new Blob(parts).arrayBuffer());
}

/** Returns a public key from its compressed form (SEC 1, Section 2.3.4), which browsers need not support. @param {Uint8Array} octets */
function expand(octets) {
  if (octets.length !== 33 || octets[0] >> 1 !== 1) return undefined;
  const p = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n;
  const x = [...octets.slice(1)].reduce((n, octet) => n << 8n | BigInt(octet), 0n);
  let y = 1n;
  for (let n = (p + 1n) / 4n, power = (x ** 3n - 3n * x + 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn) % p; n; n >>= 1n, power = power * power % p) if (n & 1n) y = y * power % p;
  if ((y & 1n) !== BigInt(octets[0] & 1)) y = p - y;
  return Uint8Array.from([4, ...octets.slice(1), ...(y.toString(16).padStart(64, '0').match(/../g) ?? []).map((hex) => parseInt(hex, 16))]);
}

/** @param {string} base64url */
function octetsOf(base64url) {
  return Uint8Array.from(atob(base64url.replaceAll('-', '+').replaceAll('_', '/')), (octet) => octet.charCodeAt(0));
}

/** @param {Uint8Array} octets */
function base64urlOf(octets) {
  return btoa(String.fromCharCode(...octets)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** @typedef {{contact?: {name: string}, blocked: boolean, own: boolean}} Sender */
/** @param {Message} message @returns {Promise<Sender>} */
async function senderOf({ from, before }) {
  const [identity, ...contacts] = await Promise.all([inStore('settings', 'readonly', (settings) => settings.get('identity')).catch(console.warn),
    ...[...before, from].map((key) => inStore('contacts', 'readonly', (contacts) => contacts.get(key)))]);
  return { contact: contacts.find(Boolean), blocked: contacts.some((contact) => contact?.blocked), own: !!identity && base64urlOf(identity.public) === from };
}

/** Chooses the notification for a message, by the rules of Phone.receive in package call. Any name but a contact's is a claim.
 * @param {Message | undefined} message @param {Sender | undefined | void} sender @param {boolean} inTab @param {Say} say @returns {Promise<Notice>} */
async function noticeOf(message, sender, inTab, say) {
  if (!message) return { title: 'Pushcall', body: say('A message arrived that this version cannot read.') };
  if (sender?.blocked) return { title: say('A blocked caller was turned away.'), glance: true };
  const { type, call, time, from, round, card } = message;
  const over = { title: say('This call is over.'), glance: true };
  if (sender?.own) return type === 'test' ? { title: say('Your line works.'), glance: true } : over;
  const contact = sender?.contact;
  const caller = contact ? contact.name || say('a friend') : say('an unknown caller');
  const missed = { title: say('Missed call from {name}', caller), body: say('Open Pushcall to call back.'), missed: true };
  const [listed, waiting, contactsOnly] = await Promise.all([inStore('calls', 'readonly', (calls) => calls.get(call)).catch(console.warn), inboxOf(call),
    !contact && inStore('settings', 'readonly', (settings) => settings.get('contactsOnly')).catch(console.warn)]);
  const record = listed?.reason && listed; // without a reason the call is not over: see Record in package call
  const age = Date.now() - time;
  const fresh = age >= -CLOCK_SKEW && age <= LIVES[type] + CLOCK_SKEW;
  if (waiting.some((other) => other.type === 'offer' && other.from !== from)) return { ...over, tag: `other ${call}` }; // the call is somebody else's
  switch (type) {
    case 'offer':
      if (round && inTab && contact) return { title: say('Your call looks for a new path.'), glance: true };
      if (record || time <= listed?.heard) return over; // a replay: see Book.Answered in package phonebook
      if (!fresh || waiting.some((other) => other.type === 'cancel' && other.from === from)) return missed; // push services reorder
      if (contactsOnly) return { ...missed, glance: true };
      if (!contact && !card && !await hasCalled(from)) return missed; // no card to answer to
      return { title: say('Incoming call from {name}', caller), actions: [{ action: 'answer', title: say('Answer') }, { action: 'decline', title: say('Decline') }],
        body: contact || !clean(card?.name) ? say('Open Pushcall to answer.') : say('They say they are “{name}”.', clean(card?.name)) };
    case 'cancel': return listed && !listed.missed ? over : contactsOnly ? { ...missed, glance: true } : missed;
    case 'card': return { title: contact && fresh ? say("A friend's card has changed.") : say('A stranger was turned away.'), glance: true };
  }
  if (!contact || !inTab || record) return over; // without a tab there is no call that it could belong to
  switch (type) {
    case 'ringing': return { title: say('Your call rings'), body: say('Open Pushcall to talk.') };
    case 'waiting': return { title: say('Your call rings'), body: say('Your friend is in another call.') };
    case 'answer': return { title: say('Your call was answered'), body: say('Open Pushcall to talk.') };
    case 'decline': return { title: say('Call ended'), body: say('Your friend has ended the call.') };
    case 'busy': return { title: say('Call ended'), body: say('Your friend is in another call.') };
    default: return over;
  }
}

/** Loads the catalogue of the page's language, as stored by the page: see web/words.js. @returns {Promise<Say>} */
async function words() {
  const language = await inStore('settings', 'readonly', (settings) => settings.get('language'));
  const cache = await caches.open(CACHE);
  const file = (await cache.keys()).find(({ url }) => url.includes(`/words/${language}.`));
  const catalogue = file ? await (await cache.match(file))?.json() : {};
  return (text, name = '') => String(catalogue[text] ?? text).replace('{name}', () => name);
}

/** Returns the messages of a call in the inbox. @param {string} call */
async function inboxOf(call) {
  const items = await inStore('inbox', 'readonly', (inbox) => inbox.getAll()).catch(() => []);
  return (await Promise.all(items.map((item) => parse(String(item))))).flatMap((message) => message?.call === call ? [message] : []);
}

/** Tells whether an earlier call of a stranger came with their card. @param {string} from */
async function hasCalled(from) {
  const calls = await inStore('calls', 'readonly', (calls) => calls.getAll()).catch(() => []);
  return calls.some(({ identity, card }) => identity === from && card);
}

/** Saves a message or a click to the inbox, which a tab polls. Beyond a limit it deletes the oldest of its kind. @param {string | {click: 'answer' | 'decline', call: string}} item */
async function save(item) {
  const known = new Set(await inStore('contacts', 'readonly', (contacts) => contacts.getAllKeys()).catch(() => []));
  return inStore('inbox', 'readwrite', (inbox) => {
    const [adding, keys, items] = [inbox.add(item), inbox.getAllKeys(), inbox.getAll()];
    items.onsuccess = () => {
      const all = items.result.map((item, i) => ({ key: keys.result[i], from: typeof item === 'string' ? /"from":"([\w-]{87})"/.exec(item)?.[1] : undefined }));
      const isStranger = (/** @type {typeof all[0]} */ { from }) => from !== undefined && !known.has(from);
      const [strangers, its] = [all.filter(isStranger), all.filter(({ from }) => from === all[all.length - 1].from)];
      const surplus = its.length > (isStranger(its[0]) ? MAX_OF_STRANGER : MAX_OF_CONTACT) ? its[0] : strangers.length > MAX_STRANGERS ? strangers[0]
        : all.length > MAX_INBOX ? strangers[0] ?? all.find(({ from }) => all.filter((other) => other.from === from).length > 1) ?? all[0] : undefined;
      if (surplus) inbox.delete(surplus.key);
    };
    return adding;
  });
}

/** Makes a request to one of the page's stores, and waits for the end of its transaction.
 * @template T @param {string} name @param {IDBTransactionMode} mode @param {(store: IDBObjectStore) => IDBRequest<T>} ask @returns {Promise<T>} */
async function inStore(name, mode, ask) {
  const opening = indexedDB.open('pushcall');
  opening.onupgradeneeded = () => opening.transaction?.abort(); // only the page makes the stores, and it has not yet
  const database = await /** @type {Promise<IDBDatabase>} */ (new Promise((resolve, reject) => {
    setTimeout(reject, 2_000, new Error('the database hangs')); // this must not silence a call
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error);
  }));
  try {
    const transaction = database.transaction(name, mode);
    const request = ask(transaction.objectStore(name));
    return await new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    database.close();
  }
}

/** Returns the open tabs, the one that holds the line's lock and so rings, and whether that one (without it, any) is visible. */
async function tabs() {
  const open = (await worker.clients.matchAll({ type: 'window', includeUncontrolled: true })).filter(({ url }) => url.startsWith(scope));
  const locks = (await navigator.locks?.query())?.held?.map(({ name }) => name);
  const line = open.find(({ id }) => locks?.includes(`pushcall line ${id}`));
  return { open, line, visible: (line ? [line] : open).some((tab) => tab.visibilityState === 'visible') };
}

/** Shows a notification, which replaces an earlier one with the same tag. @param {Notice} notice @param {string} tag @param {boolean} [silent] */
async function show({ title, body, actions = [] }, tag, silent = false) {
  const ring = actions.length > 0;
  const options = { body, tag, actions: actions.slice(0, Object(Notification).maxActions ?? 0), data: { ring }, icon: 'web/icon-192.png', requireInteraction: ring && !silent, silent, vibrate: ring && !silent ? RING : undefined };
  await worker.registration.showNotification(title, options);
}

/** @param {Notice} notice @param {string} tag */
async function closeLater({ title }, tag) {
  await new Promise((resolve) => setTimeout(resolve, GLANCE));
  for (const shown of await worker.registration.getNotifications({ tag })) if (shown.title === title) shown.close();
}

/** Focuses or opens the page after a click on a notification; Decline does not focus it. @param {Notification} notification @param {string} action */
async function click(notification, action) {
  notification.close();
  const { ring } = Object(notification.data);
  const declined = ring && action === 'decline';
  const saved = ring ? save({ click: declined ? 'decline' : 'answer', call: notification.tag }).catch(console.warn) : Promise.resolve();
  const { open, line = open[0] } = await tabs();
  const shown = line ? declined || line.focus() : worker.clients.openWindow('./'); // before saving ends: Firefox permits it for a second
  for (const tab of (await saved.then(tabs)).open) tab.postMessage('click');
  await shown;
}

/** Subscribes again when the subscription has changed. The page tells friends when it is next open. @param {PushSubscriptionChangeEvent} event */
async function resubscribe(event) {
  const applicationServerKey = event.oldSubscription?.options.applicationServerKey;
  if (applicationServerKey) await worker.registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey }).catch(console.warn);
  for (const tab of (await tabs()).open) tab.postMessage('line');
}
