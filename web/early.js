// Lets the person begin before the program has come, which takes seconds over a
// slow line: they read, paste a friend's card, say what they are called. What
// else they press is pressed anew when the program is ready, and does what it
// does then. The program says when (see goOn): from then on all is its own.

const say = /** @type {{of(text: string): string}} words.js */ (Object(globalThis).words).of;
const friend = button('call-friend');
const dialog = /** @type {HTMLDialogElement} */ (document.getElementById('dial-dialog'));
const cancel = button('dial-cancel');
/** Browsers want to be asked by a press, and not later, whether this page may notify: that is how calls ring. */
const ringing = ['dial-call', 'dial-video', 'show-card'];

/** @type {Set<HTMLButtonElement>} in the order they were pressed in */
const pressed = new Set();
let permission = Promise.resolve();

if (isStarting()) begin();
Object.assign(globalThis, { goOn });

function begin() {
  document.addEventListener('click', press, true); // before whoever else listens
  dialog.addEventListener('close', forgetDialed);
  for (const known of [friend, button('show-card'), button('open-settings')]) known.disabled = false;
  showGuide();
  if (location.hash.startsWith('#card=')) tell(say("Your friend's link opens as soon as Pushcall is ready."));
}

/** Shows the guide of the first use where there is nothing yet that the program keeps. Whether a returning
 * person needs it, only the program knows. */
async function showGuide() {
  const stored = await Object(indexedDB).databases?.().catch(console.warn);
  if (!isStarting() || !stored || stored.some((/** @type {{name: string}} */ { name }) => name === 'pushcall')) return;
  document.getElementById('guide-1')?.setAttribute('aria-current', 'step');
  document.documentElement.classList.add('known');
}

function isStarting() {
  return document.body.dataset.state === 'starting';
}

/** @param {Event} event */
function press(event) {
  const control = event.target instanceof Element ? event.target.closest('button') : null;
  if (!control || !isStarting()) return;
  event.preventDefault(); // a form would be sent, and the page left
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
    console.warn(error); // the program will explain
  }
}

/** Called by the program, when it knows who the contacts are. */
async function goOn() {
  document.documentElement.classList.add('known'); // what there is to show first
  navigator.serviceWorker?.ready.then(({ active }) => active?.postMessage('started')); // see hear in service-worker.js
  document.removeEventListener('click', press, true);
  dialog.removeEventListener('close', forgetDialed);
  document.getElementById('dial-early')?.replaceChildren();
  await permission; // or the program would ask a second time
  for (const control of pressed) {
    setBusy(control, false);
    if (control.checkVisibility() && !control.closest('[inert]')) control.click(); // the page may be still here, or its dialog closed
  }
  pressed.clear();
}

/** A call that the person thought better of. */
function forgetDialed() {
  for (const control of pressed) {
    if (!dialog.contains(control)) continue;
    pressed.delete(control);
    setBusy(control, false);
  }
}

/** Says it where the state of calls is said, and in the dialog, which hides that. @param {string} sentence */
function tell(sentence) {
  const word = document.createElement('strong');
  const then = document.createElement('span');
  word.textContent = `${say('Starting…')} `;
  then.textContent = sentence;
  document.getElementById('status')?.replaceChildren(word, then);
  document.getElementById('dial-early')?.replaceChildren(dialog.open ? sentence : '');
}

/** Marks a button as the program does whose action runs. @param {HTMLButtonElement} control @param {boolean} busy */
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
