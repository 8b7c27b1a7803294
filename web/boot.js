// Starts the page's Go program. If something prevents that, the page says so in its
// status.

/** @typedef {{importObject: WebAssembly.Imports, run(instance: WebAssembly.Instance): Promise<void>}} Go wasm_exec.js */

const words = /** @type {{ready: Promise<void>, of(text: string): string}} words.js */ (Object(globalThis).words);
const say = words.of;
const LINE = 'pushcall line'; // in localStorage: this browser has had a line
const { stop } = /** @type {{stop(what: string, then: string, reloads?: boolean): void}} trouble.js */ (Object(globalThis).trouble);

const registering = registerWorker();
watchLine();
missLine();
start();
Object.assign(globalThis, { worker });
for (const link of document.querySelectorAll('link[rel=later]')) Object(link).rel = 'stylesheet'; // for calls, which the first view does not show

/** Registers the service worker, which receives pushes. If that fails the page still runs, and explains it. */
async function registerWorker() {
  try {
    await navigator.serviceWorker?.register('service-worker.js', { updateViaCache: 'none' });
  } catch (error) {
    console.error(error); // an earlier visit may have registered one
  }
}

/** Returns the registration with an active service worker. If the browser has lost it, this registers the worker again: `ready` would return the lost one. */
async function worker() {
  await registering;
  const workers = navigator.serviceWorker;
  const registration = await workers.getRegistration() ?? await workers.register('service-worker.js', { updateViaCache: 'none' });
  const coming = registration.installing ?? registration.waiting;
  while (!registration.active) {
    if (!coming || coming.state === 'redundant') throw new Error('the service worker was not installed');
    await new Promise((resolve) => coming.addEventListener('statechange', resolve, { once: true }));
  }
  registration.pushManager?.getSubscription().then((subscription) => subscription && markLine()).catch(console.warn);
  return registration;
}

/** Shows a notice if this browser had a line whose data was deleted. The mark is in two places that may outlive the
 * database: localStorage, and the history of this tab, which stays even if all storage is cleared. */
async function missLine() {
  try {
    const had = Object(history.state).line || localStorage.getItem(LINE);
    const stored = await indexedDB.databases();
    if (had && !stored.some(({ name }) => name === 'pushcall')) document.getElementById('number-gone')?.removeAttribute('hidden');
  } catch (error) {
    console.warn(error); // storage is forbidden here
  }
}

/** Marks that this browser has a line. */
function markLine() {
  if (!localStorage.getItem(LINE)) localStorage.setItem(LINE, 'yes');
  if (!Object(history.state).line) history.replaceState({ line: true }, '');
}

/** Makes the program check the line (whether calls can ring here) whenever it may have changed. No browser tells a page that its worker was unregistered. */
function watchLine() {
  const look = () => void (document.hidden || dispatchEvent(new Event('line')));
  document.addEventListener('visibilitychange', look);
  for (const event of ['online', 'pageshow']) addEventListener(event, look);
  navigator.serviceWorker?.addEventListener('message', ({ data }) => void (data === 'line' && look()));
  navigator.permissions?.query({ name: 'notifications' }).then((permission) => permission.addEventListener('change', look), console.warn);
  setInterval(look, 15_000);
}

async function start() {
  if (typeof WebAssembly !== 'object') return stop(say('This browser cannot run Pushcall.'), say('Please use a current one.'));
  try {
    const [program] = await Promise.all([load(), words.ready, allScripts()]);
    if (isIncomplete()) return;
    await program();
    console.error('the Go program has ended');
    const { problem, outdated, unreadable } = document.documentElement.dataset;
    if (problem) return stop(say('This page is not set up right.'), `${say('Whoever hosts it has to mend this:')} ${problem}`);
    if (outdated !== undefined) return stop(say('This page is out of date.'), say('A newer version of Pushcall has been open in this browser. Nothing is lost: please reload the page.'), true);
    if (unreadable !== undefined) return unread();
    stop(say('Pushcall has stopped.'), say('Please reload the page.'), true);
  } catch (error) {
    console.error(error);
    if (!isIncomplete()) stop(say('Pushcall could not start.'), say('Please check your connection and reload the page.'), true);
  }
}

/** Offers to try again, since storage is often readable later, or to delete everything after two questions. */
function unread() {
  stop(say('Pushcall cannot read what it has stored in this browser.'), say('Nothing is deleted. Wait a moment and try again, or restart the browser.'));
  const [again, anew] = [say('Try again'), say('Start anew…')].map((text) => Object.assign(document.createElement('button'), { textContent: text }));
  again.className = 'strong';
  again.addEventListener('click', () => location.reload());
  anew.className = 'plain';
  anew.addEventListener('click', () => {
    stop(say('Start anew?'), say('Your card, contacts, calls and messages in this browser are deleted for good. Your friends need a new card.'));
    const sure = Object.assign(document.createElement('button'), { textContent: say('Delete for good'), className: 'strong stop' });
    anew.replaceWith(sure);
    sure.addEventListener('click', () => {
      const deleting = indexedDB.deleteDatabase('pushcall');
      deleting.onsuccess = () => {
        localStorage.removeItem(LINE);
        history.replaceState(null, '');
        location.reload();
      };
      deleting.onerror = () => unread();
    });
  });
  document.querySelector('.unread')?.remove();
  const buttons = document.createElement('p');
  buttons.className = 'unread';
  buttons.append(again, ' ', anew);
  document.getElementById('why')?.after(buttons);
}

/** Waits for the other scripts, whose functions the program calls. This script comes first, so that they are fetched while the program is. */
async function allScripts() {
  if (document.readyState !== 'complete') await new Promise((resolve) => document.addEventListener('DOMContentLoaded', resolve));
}

/** Tells whether a script is missing; trouble.js has told the person. */
function isIncomplete() {
  return document.documentElement.dataset.scripts === 'missing';
}

/** @returns {Promise<() => Promise<void>>} */
async function load() {
  /** @type {Go} */
  const go = new (/** @type {any} */ (globalThis).Go)();
  const link = /** @type {HTMLLinkElement} */ (document.getElementById('program'));
  const response = await fetch(link.href, { credentials: 'same-origin' }); // like the preload link, so that both are one request
  if (!response.ok) throw new Error(`${link.href}: status ${response.status}`);
  const { instance } = await WebAssembly.instantiateStreaming(response, go.importObject);
  return () => go.run(instance);
}
