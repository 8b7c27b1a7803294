// Installing the page: how this browser does that, and its question to the person.

/** @typedef {Event & {prompt(): Promise<{outcome: string}>}} InstallEvent BeforeInstallPromptEvent */

/** @type {InstallEvent | undefined} by which the browser can be told to ask, once */
let asks;
addEventListener('beforeinstallprompt', (event) => {
  event.preventDefault(); // it would ask now, and the person does not know yet what for
  asks = /** @type {InstallEvent} */ (event);
});
addEventListener('appinstalled', () => { asks = undefined; });
Object.assign(globalThis, { installing, install });

/** How the person can install the page now; '' if it is installed, or cannot be. */
function installing() {
  const { userAgent, maxTouchPoints } = navigator;
  if (Object(navigator).standalone || matchMedia('(display-mode: standalone)').matches) return '';
  if (/iPhone|iPad/.test(userAgent) || /Macintosh.*Version/.test(userAgent) && maxTouchPoints > 1) return 'share'; // an iPad claims to be a Mac
  if (asks) return 'prompt';
  return /Android.*Firefox/.test(userAgent) ? 'menu' : '';
}

/** Has the browser ask, and tells whether the person agreed. */
async function install() {
  const asking = asks;
  asks = undefined;
  return (await asking?.prompt())?.outcome === 'accepted';
}
