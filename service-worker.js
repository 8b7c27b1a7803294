// @ts-check
/// <reference lib="webworker" />

// Hands push messages to the open tabs, or shows a notification when nobody is
// looking, and keeps the page's files for a start without network. It reads who
// calls in what the page keeps, and changes nothing there: the page does all else.

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
const { scope } = worker.registration; // the origin may have other apps, with windows and caches of their own
const CACHE = `${scope} __BUILD__`; // named anew by each build, so that its files are fetched together
const INBOX_SIZE = 50; // messages; a flood pushes out the oldest
const RING_TIME = 165_000; // milliseconds: 45 s, and the 2 minutes that two clocks may be apart
const GLANCE = 4_000; // milliseconds; Firefox ends a subscription after 16 pushes with nothing to see 3 s later
const EVERY_PUSH = /AppleWebKit(?!.*Chrom)/.test(navigator.userAgent); // Safari does after 3, whoever looks at the page

worker.addEventListener('install', (event) => event.waitUntil(install(event)));
worker.addEventListener('activate', (event) => event.waitUntil(worker.clients.claim()));
worker.addEventListener('push', (event) => event.waitUntil(receive(event.data?.text() ?? '')));
worker.addEventListener('message', (event) => event.waitUntil(hear(event)));
worker.addEventListener('notificationclick', (event) => event.waitUntil(click(event.notification, event.action)));
worker.addEventListener('pushsubscriptionchange', (event) => event.waitUntil(renew(Object(event))));
worker.addEventListener('fetch', (event) => {
  const { method, url } = event.request;
  if (method === 'GET' && url.startsWith(scope)) event.respondWith(serve(event.request));
});

/** @param {ExtendableEvent} event */
async function install(event) {
  await Object(event).addRoutes?.({ condition: { requestMethod: 'POST' }, source: 'network' }).catch(console.warn); // or they end with their page
  if (worker.registration.active) await keepPage(); // a newer page: the one that is kept goes
  await worker.skipWaiting();
}

/** A tab asks who it is, or says that it has started: its files are kept only then, since that takes as long as a fifth of a first visit. @param {ExtendableMessageEvent} event */
async function hear({ data, source, ports }) {
  ports[0]?.postMessage(Object(source).id);
  if (data === 'started') await keepPage();
}

/** Keeps every file that index.html names, the configuration among them, and then index.html. One that is missing keeps no call away. */
async function keepPage() {
  const cache = await caches.open(CACHE);
  if (await cache.match('./')) return;
  const page = await fetch('./', { cache: 'no-cache' });
  if (!page.ok) throw new Error(`the page answers ${page.status}`);
  const names = [...(await page.clone().text()).matchAll(/(?:href|src)="(web\/[^"]+)"/g)].map((name) => name[1]);
  await Promise.allSettled([...new Set(names)].map((name) => cache.add(name)));
  await cache.put('./', page);
  for (const name of await caches.keys()) if (name.startsWith(`${scope} `) && name !== CACHE) await caches.delete(name);
}

/** Kept files answer at once, since their names change with their content; not so the page and its configuration.
 * @param {Request} request */
async function serve(request) {
  const cache = await caches.open(CACHE);
  const kept = request.mode === 'navigate' || request.url.endsWith('/config.json') ? undefined : await cache.match(request);
  return kept ?? fetch(request).catch(async (error) => await cache.match(request.mode === 'navigate' ? './' : request) ?? Promise.reject(error));
}

/** @typedef {{title: string, body?: string, actions?: {action: string, title: string}[], glance?: boolean}} Notice @typedef {(text: string, name?: string) => string} Say in the language of the page */
/** @param {string} payload */
async function receive(payload) {
  const message = parse(payload);
  const receiver = await signedFor(message, payload).catch(console.warn);
  if (!receiver) message.type = message.from = '';
  const asking = inStore('contacts', 'readonly', (contacts) => contacts.get(message.from)).catch(console.warn);
  const [contact, { open, visible }] = await Promise.all([asking, tabs()]);
  const key = contact?.blocked ? undefined : await keep(payload).catch(console.warn); // a full disk must not silence a call
  const handled = visible && (key !== undefined || contact?.blocked);
  const notice = (!handled || EVERY_PUSH) && await noticeOf(message, contact, open.length > 0, await words().catch(() => String));
  if (notice) await show(notice, message.call, notice.glance || handled).catch(console.warn);
  for (const tab of open) tab.postMessage({ key, payload, receiver, at: Date.now() }); // after the notification, which a tab may close
  if (notice && (notice.glance || handled)) await closeLater(notice, message.call);
}

/** Reads a stranger's JSON. @param {string} payload */
function parse(payload) {
  try {
    const { type, call, time, from, round = 0, card } = JSON.parse(payload);
    const claim = [...String(card?.name ?? '').replace(/[\p{C}\p{Z}\p{DI}]+/gu, ' ').trim()].slice(0, 40).join(''); // nothing invisible
    return { type: String(type), call: String(call), time: Number(time), from: String(from), round: Number(round), claim };
  } catch {
    return { type: '', call: '', time: 0, from: '', round: 0, claim: '' };
  }
}

/** The key of this browser that a message is for, if it is by whom it says it is from: see Seal in package signaling.
 * @param {{from: string}} message @param {string} payload */
async function signedFor({ from }, payload) {
  const [, text, signature] = /^(.*),"signature":"([\w-]{86})"\}$/s.exec(payload) ?? [];
  const receiver = (await worker.registration.pushManager.getSubscription())?.getKey('p256dh');
  if (!text || !receiver || !/^B[\w-]{85}[AEIMQUYcgkosw048]$/.test(from)) return undefined; // a key has one name
  const octets = [from, signature].map((base64url) =>
    Uint8Array.from(atob(base64url.replaceAll('-', '+').replaceAll('_', '/')), (octet) => octet.charCodeAt(0)));
  const key = await crypto.subtle.importKey('raw', octets[0], { name: 'ECDSA', namedCurve: 'P-256' }, false, ['verify']);
  const signed = await new Blob(['pushcall message 1\n', receiver, text]).arrayBuffer();
  return await crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, key, octets[1], signed) ? receiver : undefined;
}

/** Says what a message is about. Of names only a contact's is more than a claim.
 * @param {ReturnType<typeof parse>} message @param {{name: string, blocked: boolean} | undefined} contact @param {boolean} inTab @param {Say} say @returns {Promise<Notice>} */
async function noticeOf({ type, call, time, from, round, claim }, contact, inTab, say) {
  if (contact?.blocked) return { title: say('A blocked caller was turned away.'), glance: true };
  const caller = contact ? contact.name || say('a friend') : say('an unknown caller');
  const missed = { title: say('Missed call from {name}', caller), body: say('Open Pushcall to call back.') };
  const over = { title: say('This call is over.'), glance: true };
  const record = await inStore('calls', 'readonly', (calls) => calls.get(call)).catch(console.warn);
  switch (type) {
    case 'offer':
      if (round && inTab) return { title: say('Your call looks for a new path.'), glance: true };
      if (record) return over; // a replay
      if (!(Math.abs(Date.now() - time) < RING_TIME) || await isCancelled(call, from)) return missed;
      if (!contact && await inStore('settings', 'readonly', (settings) => settings.get('contactsOnly')).catch(console.warn)) return { ...missed, glance: true };
      return { title: say('Incoming call from {name}', caller), actions: [{ action: 'answer', title: say('Answer') }, { action: 'decline', title: say('Decline') }],
        body: contact || !claim ? say('Open Pushcall to answer.') : say('They say they are “{name}”.', claim) };
    case 'cancel': return record && !record.missed ? over : missed;
    case 'ringing': return { title: say('Your call rings'), body: say('Open Pushcall to talk.') };
    case 'answer': return { title: say('Your call was answered'), body: say('Open Pushcall to talk.') };
    case 'decline': return record ? over : { title: say('Call ended'), body: say('Your friend has ended the call.') };
    case 'busy': return { title: say('Call ended'), body: say('Your friend is in another call.') };
    case 'card': return { title: contact ? say("A friend's card has changed.") : say('A stranger was turned away.'), glance: true };
    case 'test': return { title: say('Your line works.'), glance: true };
    default: return { title: 'Pushcall', body: say('A message arrived that this version cannot read.') };
  }
}

/** The texts of the language that the page is in, as it keeps it: see web/words.js. @returns {Promise<Say>} */
async function words() {
  const language = await inStore('settings', 'readonly', (settings) => settings.get('language'));
  const cache = await caches.open(CACHE);
  const file = (await cache.keys()).find(({ url }) => url.includes(`/words/${language}.`));
  const catalogue = file ? await (await cache.match(file))?.json() : {};
  return (text, name = '') => String(catalogue[text] ?? text).replace('{name}', () => name);
}

/** Push services reorder: the end of a call may have come first. @param {string} call @param {string} from */
async function isCancelled(call, from) {
  const kept = await inStore('inbox', 'readonly', (inbox) => inbox.getAll()).catch(() => []);
  return kept.map((item) => parse(String(item))).some((message) => message.type === 'cancel' && message.call === call && message.from === from);
}

/** Puts a message or a click into the inbox, from which a tab will take it. @param {string | {click: 'answer' | 'decline', call: string}} item */
function keep(item) {
  return inStore('inbox', 'readwrite', (inbox) => {
    const adding = inbox.add(item);
    adding.onsuccess = () => inbox.delete(IDBKeyRange.upperBound(Number(adding.result) - INBOX_SIZE));
    return adding;
  });
}

/** Makes a request of one of the page's stores, and waits for the end of its transaction.
 * @template T @param {string} name @param {IDBTransactionMode} mode @param {(store: IDBObjectStore) => IDBRequest<T>} ask @returns {Promise<T>} */
async function inStore(name, mode, ask) {
  const opening = indexedDB.open('pushcall');
  opening.onupgradeneeded = () => opening.transaction?.abort(); // the page makes the stores, and it never has
  const database = await /** @type {Promise<IDBDatabase>} */ (new Promise((resolve, reject) => {
    setTimeout(reject, 2_000, new Error('the database hangs')); // which must not silence a call
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

/** The open tabs; the one among them where calls ring, since it says by a lock that it has the line; whether that one can be seen. */
async function tabs() {
  const open = (await worker.clients.matchAll({ type: 'window', includeUncontrolled: true })).filter(({ url }) => url.startsWith(scope));
  const locks = (await navigator.locks?.query())?.held?.map(({ name }) => name);
  const line = open.find(({ id }) => locks?.includes(`pushcall line ${id}`));
  return { open, line, visible: (line ? [line] : open).some((tab) => tab.visibilityState === 'visible') };
}

/** A later notice of the same call takes the place of an earlier one. @param {Notice} notice @param {string} tag @param {boolean} [silent] */
async function show({ title, body, actions = [] }, tag, silent = false) {
  const ring = actions.length > 0;
  const options = { body, tag, actions: actions.slice(0, Object(Notification).maxActions ?? 0), data: { ring }, icon: 'web/icon-192.png', requireInteraction: ring && !silent, silent };
  await worker.registration.showNotification(title, options);
}

/** @param {Notice} notice @param {string} tag */
async function closeLater({ title }, tag) {
  await new Promise((resolve) => setTimeout(resolve, GLANCE));
  for (const shown of await worker.registration.getNotifications({ tag })) if (shown.title === title) shown.close();
}

/** Brings the page to the person, or has it decline behind their back. @param {Notification} notification @param {string} action */
async function click(notification, action) {
  notification.close();
  const { ring } = Object(notification.data);
  const declined = ring && action === 'decline';
  const kept = ring ? keep({ click: declined ? 'decline' : 'answer', call: notification.tag }).catch(console.warn) : Promise.resolve();
  const { open, line = open[0] } = await tabs();
  const shown = line ? declined || line.focus() : worker.clients.openWindow('./'); // meanwhile: Firefox lets a click do so for a second
  for (const tab of (await kept.then(tabs)).open) tab.postMessage('click');
  await shown;
}

/** The push service gave this browser another address; the page tells what it is when it is next open. @param {PushSubscriptionChangeEvent} event */
async function renew(event) {
  const applicationServerKey = event.oldSubscription?.options.applicationServerKey;
  if (applicationServerKey) await worker.registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey });
}
