// Makes the page usable before its program is loaded, which takes seconds over a slow
// line: the person can read, paste a friend's card and enter a name. This script
// records clicks on other buttons and repeats them when the program is ready (see
// goOn). From then on the program handles everything.

const say = /** @type {{of(text: string): string}} words.js */ (Object(globalThis).words).of;
const friend = button('call-friend');
const dialog = /** @type {HTMLDialogElement} */ (document.getElementById('dial-dialog'));
const cancel = button('dial-cancel');
/** Buttons that ask for permission to notify, so that calls can ring. Browsers only permit to ask during a click. */
const ringing = ['dial-call', 'dial-video', 'show-card'];

/** @type {Set<HTMLButtonElement>} in the order of the clicks */
const pressed = new Set();
let permission = Promise.resolve();

let opened = location.href; // until the system has told that it opened this

if (isStarting()) begin();
Object.assign(globalThis, { goOn });
followShortcut();
addEventListener('hashchange', followShortcut);
Object(globalThis).launchQueue?.setConsumer(launch);

function begin() {
  document.addEventListener('click', press, true); // before all other listeners
  dialog.addEventListener('close', forgetDialed);
  for (const known of [friend, button('show-card'), button('open-settings')]) known.disabled = false;
  showGuide();
  if (location.hash.startsWith('#card=')) tell(say("Your friend's link opens as soon as Pushcall is ready."));
}

/** Shows the guide for first use if the program has stored nothing in this browser. For a returning person only the
 * program knows whether the guide is needed. */
async function showGuide() {
  const stored = await Object(indexedDB).databases?.().catch(console.warn);
  if (!isStarting() || !stored || stored.some((/** @type {{name: string}} */ { name }) => name === 'pushcall')) return;
  document.getElementById('guide-1')?.setAttribute('aria-current', 'step');
  document.documentElement.classList.add('known');
}

/** Presses the button that a shortcut of the manifest names. */
function followShortcut() {
  if (!['#call-friend', '#show-card'].includes(location.hash)) return;
  const control = button(location.hash.slice(1));
  history.replaceState(history.state, '', location.pathname + location.search);
  control.click();
}

/** Opens in this window what the system opens with the installed page: a card, or a shortcut. @param {{targetURL?: string}} launched */
function launch({ targetURL }) {
  const { hash } = new URL(targetURL ?? location.href);
  if (hash && targetURL !== opened) location.hash = hash;
  opened = '';
}

function isStarting() {
  return document.body.dataset.state === 'starting';
}

/** @param {Event} event */
function press(event) {
  const control = event.target instanceof Element ? event.target.closest('button') : null;
  if (!control || !isStarting()) return;
  event.preventDefault(); // otherwise a form would be submitted, and the page would navigate
  event.stopPropagation();
  if (control === friend) return dialog.showModal();
  if (control === cancel) return dialog.close();
  if (ringing.includes(control.id)) permission = ask();
  pressed.add(control);
  setBusy(control, true);
  tell(say('Pushcall goes on with this as soon as it is ready.'));
}

async function ask() {
  try {
    await Object(globalThis).Notification?.requestPermission();
  } catch (error) {
    console.warn(error); // the program will explain it
  }
}

/** Ends this script's part and repeats the recorded clicks. The program calls it when it has loaded the contacts. */
async function goOn() {
  document.documentElement.classList.add('known'); // shows the first view
  navigator.serviceWorker?.ready.then(({ active }) => active?.postMessage('started')); // see answerTab in service-worker.js
  document.removeEventListener('click', press, true);
  dialog.removeEventListener('close', forgetDialed);
  document.getElementById('dial-early')?.replaceChildren();
  await permission; // otherwise the program would ask a second time
  for (const control of pressed) {
    setBusy(control, false);
    if (control.checkVisibility() && !control.closest('[inert]')) control.click(); // not if the program does not run, or the dialog was closed
  }
  pressed.clear();
}

/** Forgets a recorded call when the person closes the dialog. */
function forgetDialed() {
  for (const control of pressed) {
    if (!dialog.contains(control)) continue;
    pressed.delete(control);
    setBusy(control, false);
  }
}

/** Shows a sentence in the status, and in the dialog, which hides the status. @param {string} sentence */
function tell(sentence) {
  const word = document.createElement('strong');
  const then = document.createElement('span');
  word.textContent = `${say('Starting…')} `;
  then.textContent = sentence;
  document.getElementById('status')?.replaceChildren(word, then);
  document.getElementById('dial-early')?.replaceChildren(dialog.open ? sentence : '');
}

/** Marks a button whose action runs, like the program does. @param {HTMLButtonElement} control @param {boolean} busy */
function setBusy(control, busy) {
  for (const name of ['aria-busy', 'aria-disabled']) {
    if (busy) control.setAttribute(name, 'true');
    else control.removeAttribute(name);
  }
}

/** @param {string} id */
function button(id) {
  return /** @type {HTMLButtonElement} */ (document.getElementById(id));
}
