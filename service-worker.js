// @ts-check
/// <reference lib="webworker" />

// Hands push messages to the open tabs, or shows a notification when nobody is
// looking, and keeps the page's files for a start without network. It decrypts
// nothing and knows no contact: the page does all else.

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
const { scope } = worker.registration; // the origin may have other apps, with windows and caches of their own
const CACHE = `${scope} __BUILD__`; // named anew by each build, so that its files are fetched together
const INBOX_SIZE = 50; // messages; a flood pushes out the oldest

worker.addEventListener('install', (event) => event.waitUntil(install()));
worker.addEventListener('activate', (event) => event.waitUntil(activate()));
worker.addEventListener('push', (event) => event.waitUntil(receive(event.data?.text() ?? '')));
worker.addEventListener('notificationclick', (event) => event.waitUntil(open(event.notification)));
worker.addEventListener('pushsubscriptionchange', (event) =>
  event.waitUntil(renew(/** @type {PushSubscriptionChangeEvent} */ (event))));
worker.addEventListener('fetch', (event) => {
  const { method, url } = event.request;
  if (method === 'GET' && url.startsWith(scope)) event.respondWith(serve(event.request));
});

/** Keeps index.html, the configuration and every file that index.html names. One that is missing keeps no call away. */
async function install() {
  const cache = await caches.open(CACHE);
  const page = await fetch('./', { cache: 'no-cache' });
  if (!page.ok) throw new Error(`the page answers ${page.status}`);
  const names = [...(await page.clone().text()).matchAll(/(?:href|src)="(web\/[^"]+)"/g)].map((name) => name[1]);
  await cache.put('./', page);
  await Promise.allSettled(['web/config.json', ...new Set(names)].map((name) => cache.add(name)));
  await worker.skipWaiting();
}

async function activate() {
  for (const name of await caches.keys()) if (name.startsWith(`${scope} `) && name !== CACHE) await caches.delete(name);
  await worker.clients.claim();
}

/** Kept files answer at once, since their names change with their content; not so the page and its configuration.
 * @param {Request} request */
async function serve(request) {
  const cache = await caches.open(CACHE);
  const kept = request.mode === 'navigate' || request.url.endsWith('/config.json') ? undefined : await cache.match(request);
  if (kept) return kept;
  try {
    return await fetch(request);
  } catch (error) {
    const shell = await cache.match(request.mode === 'navigate' ? './' : request);
    if (shell) return shell;
    throw error;
  }
}

/** @param {string} payload */
async function receive(payload) {
  const kept = await keep(payload).then(() => true, (error) => console.warn(error)); // a full disk must not silence a call
  const open = await tabs();
  if (!kept || !open.some((tab) => tab.visibilityState === 'visible')) await notify(payload).catch(console.warn);
  for (const tab of open) tab.postMessage('push'); // after the notification, which a tab may close
}

async function tabs() {
  const windows = await worker.clients.matchAll({ type: 'window', includeUncontrolled: true });
  return windows.filter(({ url }) => url.startsWith(scope));
}

/** Puts a payload into the inbox, from which one tab will take it.
 * @param {string} payload
 * @returns {Promise<void>} */
function keep(payload) {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open('pushcall');
    opening.onerror = () => reject(opening.error);
    opening.onupgradeneeded = () => opening.transaction?.abort(); // the page makes the stores, and it never has
    opening.onsuccess = () => {
      const database = opening.result;
      if (!database.objectStoreNames.contains('inbox')) return reject(new Error('no inbox'));
      const inbox = database.transaction('inbox', 'readwrite').objectStore('inbox');
      const adding = inbox.add(payload);
      adding.onsuccess = () => inbox.delete(IDBKeyRange.upperBound(Number(adding.result) - INBOX_SIZE));
      inbox.transaction.onabort = () => reject(inbox.transaction.error);
      inbox.transaction.oncomplete = () => resolve();
      database.close(); // takes effect when the transaction is done
    };
  });
}

/** Says what a message is about; who sent it only the page can tell. A later message of the same call takes its place.
 * @param {string} payload */
async function notify(payload) {
  /** @type {Record<string, [title: string, body: string]>} */
  const words = {
    offer: ['Incoming call', 'Open Pushcall to answer.'],
    answer: ['Your call was answered', 'Open Pushcall to talk.'],
    cancel: ['Missed call', 'Somebody called you.'],
    decline: ['Call ended', 'Your call was declined.'],
    busy: ['Call ended', 'Your friend is in another call.'],
  };
  const { type, call } = parse(payload);
  const [title, body] = Object.hasOwn(words, type) ? words[type] : ['Pushcall', 'A message arrived that this version cannot read.'];
  const requireInteraction = type === 'offer';
  await worker.registration.showNotification(title, { body, tag: call, requireInteraction, icon: 'web/icon-192.png' });
}

/** @param {string} payload @returns {{type: string, call: string}} */
function parse(payload) {
  try {
    const { type, call } = JSON.parse(payload);
    return { type: String(type), call: String(call) };
  } catch {
    return { type: '', call: '' };
  }
}

/** Brings the page to the person; it takes the message from the inbox by itself.
 * @param {Notification} notification */
async function open(notification) {
  notification.close();
  const [tab] = await tabs();
  await (tab ? tab.focus() : worker.clients.openWindow('./'));
}

/** The push service gave this browser another address; the page tells what it is when it is next open.
 * @param {PushSubscriptionChangeEvent} event */
async function renew(event) {
  const applicationServerKey = event.oldSubscription?.options.applicationServerKey;
  if (applicationServerKey) await worker.registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey });
}
