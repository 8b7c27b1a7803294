// Reads and changes the page's database and notifications, from any page of the same
// origin.

/** @typedef {import('puppeteer-core').Page} Page */

/** Takes all notifications away, and whatever is in the inbox. @param {Page} page @param {import('./browser.mjs').Browser} browser its own */
export async function clear(page, browser) {
  await closeAll(page, browser);
  await inStore(page, 'inbox', (store) => store.clear());
}

/** Takes all notifications away: Chromium tells pages nothing yet of one that it has only just shown.
 * @param {Page} page @param {import('./browser.mjs').Browser} browser its own */
export async function closeAll(page, browser) {
  await page.evaluate(async () => {
    for (const registration of await navigator.serviceWorker.getRegistrations()) {
      for (const shown of await registration.getNotifications()) shown.close();
    }
  });
  for (const left of await browser.notifications()) await left.dismiss();
}

/** The titles of the notifications that stand, as their service worker knows them. @param {Page} page @returns {Promise<string[]>} */
export function shown(page) {
  return page.evaluate(async () => {
    const registrations = await navigator.serviceWorker.getRegistrations();
    return (await Promise.all(registrations.map((registration) => registration.getNotifications()))).flat().map(({ title }) => title);
  });
}

/** @param {Page} page @param {string} store @param {string} key @param {unknown} value */
export async function put(page, store, key, value) {
  await inStore(page, store, (store, key, value) => store.put(value, key), key, value);
}

/** All that is in a store, read from Pushcall's own page too, whose policy lets nobody evaluate what inStore does.
 * @param {Page} page @param {string} store @returns {Promise<any[]>} */
export function all(page, store) {
  return page.evaluate((store) => new Promise((resolve, reject) => {
    const opening = indexedDB.open('pushcall');
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const reading = opening.result.transaction(store).objectStore(store).getAll();
      reading.onsuccess = () => resolve(reading.result);
      reading.onerror = () => reject(reading.error);
      opening.result.close(); // once it is read
    };
  }), store);
}

/** Makes a request of one of the page's stores, in the page.
 * @param {Page} page @param {string} name @param {(store: IDBObjectStore, ...args: any[]) => IDBRequest} ask
 * @param {...unknown} args */
export function inStore(page, name, ask, ...args) {
  return page.evaluate(async (name, ask, args) => {
    /** @type {IDBDatabase} */
    const database = await new Promise((resolve, reject) => {
      const opening = indexedDB.open('pushcall');
      opening.onsuccess = () => resolve(opening.result);
      opening.onerror = () => reject(opening.error);
    });
    const transaction = database.transaction(name, 'readwrite');
    /** @type {IDBRequest} */
    const request = new Function(`return (${ask})(...arguments)`)(transaction.objectStore(name), ...args);
    await new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = () => reject(transaction.error);
    });
    database.close();
    return request.result;
  }, name, String(ask), args);
}
