// @ts-check
/// <reference lib="webworker" />

// Hands push messages to the open tabs, or shows a notification when nobody is
// looking, and keeps the page's files for a start without network. It decrypts
// nothing and knows no contact: the page does all else.

const BUILD = '__BUILD__'; // named anew by each build, so that its files are fetched together
const INBOX_SIZE = 50; // messages; who floods a closed page pushes out their own

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));

worker.addEventListener('install', (event) => event.waitUntil(install()));
worker.addEventListener('activate', (event) => event.waitUntil(activate()));
worker.addEventListener('push', (event) => event.waitUntil(receive(event.data?.text() ?? '')));
worker.addEventListener('notificationclick', (event) => event.waitUntil(open(event.notification)));
worker.addEventListener('pushsubscriptionchange', (event) =>
  event.waitUntil(renew(/** @type {PushSubscriptionChangeEvent} */ (event))));
worker.addEventListener('fetch', (event) => {
  const { method, url } = event.request;
  if (method === 'GET' && url.startsWith(worker.registration.scope)) event.respondWith(serve(event.request));
});

/** Keeps index.html and every file it names. */
async function install() {
  const cache = await caches.open(BUILD);
  const page = await fetch('./', { cache: 'no-cache' });
  const names = (await page.clone().text()).matchAll(/(?:href|src)="(web\/[^"]+)"/g);
  await Promise.all([cache.put('./', page), cache.addAll([...new Set([...names].map((name) => name[1]))])]);
  await worker.skipWaiting();
}

async function activate() {
  for (const name of await caches.keys()) if (name !== BUILD) await caches.delete(name);
  await worker.clients.claim();
}

/** Kept files answer at once, since their names change with their content; the page itself comes from the network.
 * @param {Request} request */
async function serve(request) {
  const cache = await caches.open(BUILD);
  const kept = request.mode === 'navigate' ? undefined : await cache.match(request);
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
  await keep(payload).catch(console.warn); // a full disk must not keep a call from ringing
  const tabs = await worker.clients.matchAll({ type: 'window', includeUncontrolled: true });
  if (!tabs.some((tab) => tab.visibilityState === 'visible')) await notify(payload).catch(console.warn);
  for (const tab of tabs) tab.postMessage('push'); // after the notification, which a tab may close
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
      const transaction = database.transaction('inbox', 'readwrite');
      const inbox = transaction.objectStore('inbox');
      const adding = inbox.add(payload);
      adding.onsuccess = () => inbox.delete(IDBKeyRange.upperBound(Number(adding.result) - INBOX_SIZE));
      transaction.onabort = () => reject(transaction.error);
      transaction.oncomplete = () => resolve();
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
  const [title, body] = words[type] ?? ['Pushcall', 'A message arrived that this version cannot read.'];
  await worker.registration.showNotification(title, {
    body, tag: call, requireInteraction: type === 'offer', icon: 'web/icon-192.png', data: { url: worker.registration.scope },
  });
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
  const [tab] = await worker.clients.matchAll({ type: 'window', includeUncontrolled: true });
  await (tab ? tab.focus() : worker.clients.openWindow('./'));
}

/** The push service gave this browser another address; the page tells what it is when it is next open.
 * @param {PushSubscriptionChangeEvent} event */
async function renew(event) {
  const applicationServerKey = event.oldSubscription?.options.applicationServerKey;
  if (applicationServerKey) await worker.registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey });
}
