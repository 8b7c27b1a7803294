// Starts the page's Go program. Whatever keeps it from running is said where
// the state of calls is said.

/** @typedef {{importObject: WebAssembly.Imports, run(instance: WebAssembly.Instance): Promise<void>}} Go wasm_exec.js */

const words = /** @type {{ready: Promise<void>, of(text: string): string}} words.js */ (Object(globalThis).words);
const say = words.of;
const LINE = 'pushcall line'; // in localStorage: this browser has had one
const { stop } = /** @type {{stop(what: string, then: string, reloads?: boolean): void}} trouble.js */ (Object(globalThis).trouble);

const registering = registerWorker();
watchLine();
missLine();
start();
Object.assign(globalThis, { worker });
for (const link of document.querySelectorAll('link[rel=later]')) Object(link).rel = 'stylesheet'; // of calls, which are not seen first

/** Pushes arrive at the service worker. Without one the page still runs, and explains itself. */
async function registerWorker() {
  try {
    await navigator.serviceWorker?.register('service-worker.js', { updateViaCache: 'none' });
  } catch (error) {
    console.error(error); // there may be one of an earlier visit
  }
}

/** The registration of the active service worker, made anew where the browser has none any more: `ready` stays with the one that is gone. */
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

/** Says that this browser had a line of which nothing is stored any more. A mark may outlive the database: where that
 * is cleared, localStorage may stay, and where all is, the history of this tab does. */
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

/** Has the program look whether calls still ring here, whenever that may have changed. No browser tells a page that its worker was unregistered. */
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

/** Often it is there again in a while. Only the person may have it deleted, when they have been asked twice. */
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

/** The program calls what they define. This one comes first, so that they are fetched beside the program. */
async function allScripts() {
  if (document.readyState !== 'complete') await new Promise((resolve) => document.addEventListener('DOMContentLoaded', resolve));
}

/** Tells whether one of them has not come; trouble.js says so. */
function isIncomplete() {
  return document.documentElement.dataset.scripts === 'missing';
}

/** @returns {Promise<() => Promise<void>>} */
async function load() {
  /** @type {Go} */
  const go = new (/** @type {any} */ (globalThis).Go)();
  const link = /** @type {HTMLLinkElement} */ (document.getElementById('program'));
  const response = await fetch(link.href, { credentials: 'same-origin' }); // as the link has it, so that both are one request
  if (!response.ok) throw new Error(`${link.href}: status ${response.status}`);
  const { instance } = await WebAssembly.instantiateStreaming(response, go.importObject);
  return () => go.run(instance);
}
