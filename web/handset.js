// @ts-check

// What the device does for a call beside the page: the screen stays on, it vibrates, the
// app's icon has a count, headsets and lock screens have keys, and the browser asks before
// a call is left. What a browser lacks of these is left out.

/** A ring of vibrations and pauses, in time with the ring tone of wasm/browser/tones.go, for a minute. */
const ring = Array(20).fill([900, 300, 600, 1200]).flat(); // milliseconds

/** The page's buttons behind each key; the first that can be seen is pressed. @type {Record<string, string>} */
const keys = { hangup: '#decline, #hang-up', togglemicrophone: '#mute', togglecamera: '#camera' };

let awake = false;
/** @type {WakeLockSentinel | undefined} */ let lock;
let turn = Promise.resolve(); // of the steps below, one after the other

/** Takes the lock that keeps the screen on, or releases it. The browser itself releases the lock of a page that is not visible. */
function settle() {
  turn = turn.then(async () => {
    if (lock?.released) lock = undefined;
    if (!awake) await lock?.release();
    else if (document.visibilityState === 'visible') lock ??= await navigator.wakeLock?.request('screen');
  }).catch(() => {}); // the battery is low
}
document.addEventListener('visibilitychange', settle);

/** @param {string} selector */
function press(selector) {
  const buttons = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(selector));
  [...buttons].find((button) => button.checkVisibility())?.click();
}

/** Has the browser ask before the page is left. @param {Event} event */
function ask(event) {
  event.preventDefault();
}

const handset = {
  /** Keeps the screen on while the page is visible, or no longer. @param {boolean} on */
  keepAwake(on) {
    awake = on;
    settle();
  },

  /** Vibrates as a ring does, or stops. @param {boolean} on */
  vibrate(on) {
    navigator.vibrate?.(on ? ring : 0);
  },

  /** Asks before the page is closed, left or reloaded, or no longer: a page that may ask is not kept for Back. @param {boolean} on */
  guard(on) {
    if (on) addEventListener('beforeunload', ask);
    else removeEventListener('beforeunload', ask);
  },

  /** Puts a count on the app's icon; 0 takes it away. @param {number} count */
  badge(count) {
    navigator.setAppBadge?.(count).catch(() => {});
  },

  /** Names the other side of a call where headsets and lock screens have keys for it; '' ends that. @param {string} name */
  showCall(name) {
    const session = navigator.mediaSession;
    if (!session) return;
    session.metadata = name ? new MediaMetadata({ title: name, artist: 'Pushcall' }) : null;
    session.playbackState = name ? 'playing' : 'none';
    for (const [action, selector] of Object.entries(keys)) {
      try {
        session.setActionHandler(/** @type {MediaSessionAction} */ (action), name ? () => press(selector) : null);
      } catch { /* this browser has no such key */ }
    }
  },

  /** Shows there which devices are on. @param {boolean} microphone @param {boolean} camera */
  showSending(microphone, camera) {
    const session = navigator.mediaSession;
    session?.setMicrophoneActive?.(microphone);
    session?.setCameraActive?.(camera);
  },
};

Object.assign(globalThis, { handset });
