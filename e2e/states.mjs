// Two people go through all states of the page. In each state a function looks at the
// page: the accessibility test, or the camera for the pictures in docs/.

import { Browser } from './browser.mjs';
import { Folder, startWithDownloads } from './downloads.mjs';
import { Person, hangUp } from './person.mjs';
import { fakeDevices, seesPicture } from './senses.mjs';
import { arrange, canInstall, comeBack, knowMany, offerToInstall, pressKeys, refuse, reply, sendMany, share, wait } from './states-people.mjs';
import { until } from './until.mjs';

/** @typedef {(person: Person, name: string) => Promise<void>} Look */

/** A way to see a page: a window, and the person's taste and size of text in percent.
 * @typedef {{name: string, width: number, height: number, scheme: 'light' | 'dark', text: number}} Sight */

const windows = {
  desktop: { width: 1280, height: 800 }, large: { width: 2560, height: 1440 }, tablet: { width: 768, height: 1024 },
  phone: { width: 390, height: 844 }, narrow: { width: 320, height: 568 }, side: { width: 844, height: 390 },
};

/** @param {keyof typeof windows} name @param {'light' | 'dark'} [scheme] @param {number} [text] @returns {Sight} */
export function sightOf(name, scheme = 'light', text = 100) {
  return { name: `${name}-${text === 100 ? scheme : text}`, ...windows[name], scheme, text };
}

/** Shows the page in a sight, and waits for the end of all finite animations. @param {Person} person @param {Sight} sight @param {number} [scale] how sharp */
export async function see({ page }, { width, height, scheme, text }, scale = 1) {
  const session = await page.createCDPSession();
  await session.send('Emulation.setScrollbarsHidden', { hidden: width < windows.desktop.width }); // as a phone has them
  await page.setViewport({ width, height, deviceScaleFactor: scale });
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
  await page.bringToFront();
  await page.waitForFunction((wanted) => matchMedia(`(prefers-color-scheme: ${wanted})`).matches, { polling: 50 }, scheme); // or it fades to it after the look
  await page.evaluate(async (text) => {
    document.documentElement.style.fontSize = ''; // the page's own size, of which text is a percentage
    if (text !== 100) document.documentElement.style.fontSize = `${parseFloat(getComputedStyle(document.documentElement).fontSize) * text / 100}px`;
    for (let fading = true; fading;) {
      await new Promise(requestAnimationFrame);
      fading = false;
      for (const animation of document.getAnimations()) {
        if (animation.effect?.getComputedTiming().endTime !== Infinity) {
          animation.finish();
          fading = true; // and what ends may begin another
          continue;
        }
        animation.pause(); // where it is quite seen
        animation.currentTime = 0;
      }
    }
  }, text);
}

/** @param {import('./lab.mjs').Lab} lab @param {Look} look @param {boolean} [patient] waits for what takes its time, and looks like what does not */
export async function liveThroughAll(lab, look, patient = false) {
  const folders = await Promise.all([Folder.make(), Folder.make(), Folder.make()]);
  const browsers = await Promise.all(folders.slice(1).map((folder) => startWithDownloads('chromium', lab, folder, fakeDevices.chromium)));
  try {
    const [ada, grace] = await Promise.all(browsers.map((browser) => Person.open(browser, lab.page)));
    await begin(ada, look);
    await invite(ada, grace, look, lab);
    await meet(ada, grace, look);
    await talk(ada, grace, look, folders[0]);
    await show(ada, grace, look);
    await keep(ada, look);
    await share(ada, lab, look, 'share');
    await doubt(ada, grace, look, folders[1]);
    await decide(ada, grace, look, lab);
    await crowd(ada, grace, look, lab, patient);
    await knowMany(lab, look);
    await speak(ada, grace, look);
    await comeBack(ada, grace, look);
    await lose(ada, grace, look, patient);
  } finally {
    await Promise.all(browsers.map((browser) => browser.stop()));
    await Promise.all(folders.map((folder) => folder.remove()));
  }
}

/** Nobody knows anybody yet. @param {Person} ada @param {Look} look */
async function begin(ada, look) {
  await look(ada, 'first');
  await ada.paste('What are you called?', 'Ada');
  await allow(ada, 'prompt');
  await ada.press('Next');
  await ada.find('button', 'Let calls ring');
  await look(ada, 'first-permission');
  await allow(ada, 'denied');
  await ada.press('Let calls ring');
  await ada.readsAnywhere('How to allow notifications');
  await look(ada, 'blocked');
  await allow(ada, 'granted'); // which the page notices
  await ada.page.waitForSelector('#guide-3[aria-current]');
  await look(ada, 'first-card');
  await ada.press('Call a friend');
  await ada.find('textbox', "Friend's subscription");
  await look(ada, 'dial');
  await ada.paste("Friend's subscription", 'Hello?');
  await ada.press('Call', 'dialog[open]');
  await ada.readsAnywhere('This is neither a card');
  await look(ada, 'dial-refused');
  await ada.press('Cancel');
  await ada.press('Show my push subscription');
  await ada.find('button', 'Close', '#card-dialog');
  await look(ada, 'card');
}

/** A link of somebody's is opened by who has never been here. @param {Person} ada @param {Person} grace @param {Look} look @param {import('./lab.mjs').Lab} lab */
async function invite(ada, grace, look, lab) {
  const link = await ada.page.$eval('#card-mail', (mail) => /https?:\S+#card=[\w-]+/.exec(decodeURIComponent(/** @type {HTMLAnchorElement} */ (mail).href))?.[0] ?? '');
  await ada.press('Close', '#card-dialog');
  await refuse(link, lab, look);
  await grace.page.goto('about:blank');
  await grace.page.goto(link);
  await grace.find('button', 'Call', 'dialog[open]');
  await look(grace, 'invited');
  await grace.press('Call', 'dialog[open]');
  await ada.find('button', 'Decline');
  await look(ada, 'ring-stranger');
  await grace.press('Hang up');
  await Promise.all([ada.sees('Missed call'), grace.sees('Call ended')]);
  await look(ada, 'missed');
  await look(grace, 'cancelled');
  await grace.isCalled('Grace');
}

/** A caller becomes a contact. @param {Person} ada @param {Person} grace @param {Look} look */
async function meet(ada, grace, look) {
  await grace.callContact();
  await ada.find('button', 'Answer');
  await look(grace, 'calling');
  await ada.press('Answer');
  await Promise.all([ada.sees('Connected'), grace.sees('Connected')]);
  await look(ada, 'talking-stranger');
  await ada.press('Save contact');
  await ada.find('button', 'Save', '#save-dialog');
  await look(ada, 'save');
  await ada.press('Save', '#save-dialog');
}

/** A call. @param {Person} ada @param {Person} grace @param {Look} look @param {Folder} files */
async function talk(ada, grace, look, files) {
  await ada.says('Are you there?');
  await grace.hears('Are you there?');
  await grace.says('Yes! And who is between us?');
  await ada.says('Nobody. The pictures of the harbour are coming.');
  await grace.hears('Nobody.');
  await look(ada, 'talking');
  await ada.sends(await files.add('harbour.jpg', 2_400_000), await files.addHollow('the whole day.mp4', 900_000_000));
  await grace.seesFile('the whole day.mp4', '900 MB');
  await look(grace, 'file-offered');
  await grace.accepts('harbour.jpg', '2.4 MB');
  await ada.seesFile('harbour.jpg', '2.4 MB · arrived');
  await grace.accepts('the whole day.mp4', '900 MB');
  await ada.seesFile('the whole day.mp4', /^[1-9]\d* MB of 900 MB · .*\/s · .* left$/);
  await look(ada, 'files');
  await ada.pressAt('the whole day.mp4', '', 'Cancel');
  await ada.seesFile('the whole day.mp4', 'You cancelled it.');
  await reply(ada, grace, look);
  await sendMany(ada, grace, look, files);
  await ada.press('Safety words');
  await ada.find('button', 'They match');
  await look(ada, 'safety');
  await ada.press('They match');
  await ada.page.keyboard.press('Escape');
  await canInstall(ada);
  await hangUp(grace, ada);
  await look(ada, 'ended');
  await ada.press('Close conversation');
  await offerToInstall(ada, look);
}

/** A call with video. @param {Person} ada @param {Person} grace @param {Look} look */
async function show(ada, grace, look) {
  await grace.press('Video call', '[aria-label=Contacts]');
  await ada.press('Video', '#ring');
  await seesPicture(ada, '#preview-picture');
  await look(ada, 'ring-video');
  await ada.press('Answer');
  await Promise.all([ada, grace].map((person) => person.sees('Connected')));
  await Promise.all([ada, grace].map((person) => seesPicture(person)));
  await ada.page.waitForSelector('#quality:not([hidden])');
  await look(ada, 'video');
  await arrange(ada, look);
  await pressKeys(ada, look);
  await ada.page.click('#quality summary');
  await look(ada, 'quality');
  await ada.page.click('#quality summary');
  await ada.press('Devices');
  await ada.page.waitForSelector('#audiooutput:not([hidden])');
  await look(ada, 'devices');
  await ada.press('Close', '#devices');
  await grace.press('Messages');
  await grace.says('You look well!');
  await ada.page.waitForSelector('#open-messages[data-unread="1"]');
  await look(ada, 'video-unread');
  await ada.press('Messages');
  await look(ada, 'video-messages');
  await ada.press('Messages');
  await grace.press('Share screen');
  await seesPicture(ada, '#tile');
  await look(ada, 'screen');
  await hangUp(grace, ada);
  await ada.press('Close conversation');
}

/** After the call. @param {Person} ada @param {Look} look */
async function keep(ada, look) {
  await look(ada, 'people');
  await ada.press('More', '[aria-label=Contacts]');
  await look(ada, 'contact-menu');
  await ada.press('Messages', '[aria-label=Contacts]');
  await ada.find('button', 'Delete these messages');
  await look(ada, 'messages');
  await ada.press('Delete these messages');
  await ada.find('button', 'Delete for good', '#letters');
  await look(ada, 'messages-delete');
  await ada.press('Keep them', '#letters');
  await ada.press('Close', '#letters');
  await ada.press('Delete', '[aria-label=Contacts]');
  await ada.find('button', 'Keep', '[aria-label=Contacts]');
  await look(ada, 'contact-delete');
  await ada.press('Keep', '[aria-label=Contacts]');
  await ada.press('More', '[aria-label=Contacts]');
  await ada.press('Settings');
  await ada.press('Test my line');
  await until('the line to be tested', () => ada.page.$$eval('#legs > .done', (legs) => legs.length === 4 || undefined));
  await look(ada, 'settings');
  await ada.press('Export');
  await ada.page.waitForFunction(() => document.querySelector('#move-error')?.textContent, { polling: 50 });
  await ada.press('New number');
  await look(ada, 'settings-number');
  await ada.press('Keep the old one');
  await find(ada, look);
  await ada.press('Close', '#settings');
  const tab = await Person.open(ada.browser, ada.page.url(), 'Open in another tab');
  await look(tab, 'elsewhere');
  await tab.page.close();
}

/** Questions before a card or file is accepted. @param {Person} ada @param {Person} grace @param {Look} look @param {Folder} downloads Ada's */
async function doubt(ada, grace, look, downloads) {
  const [own, theirs] = [JSON.parse(await ada.card()), JSON.parse(await grace.card())];
  const keys = { ...theirs.keys, auth: own.keys.auth };
  await ada.call(JSON.stringify({ ...theirs, keys }));
  await ada.find('button', 'Call the kept address');
  await look(ada, 'other-address');
  await ada.press('Cancel', '#address');

  await ada.press('Settings');
  await ada.paste('Passphrase', 'correct horse battery');
  await ada.press('Export');
  const file = await downloads.has('pushcall.contacts');
  await ada.press('Close', '#settings');
  for (const [person, name] of /** @type {const} */ ([[ada, 'import-own'], [grace, 'import-contact']])) {
    await person.press('Settings');
    await person.paste('Passphrase', 'correct horse battery');
    const input = await person.page.$('#move-file');
    await /** @type {import('puppeteer-core').ElementHandle<HTMLInputElement>} */ (input).uploadFile(file);
    await person.find('button', 'Import', '#import');
    await look(person, name);
    await person.press('Cancel', '#import');
    await person.press('Close', '#settings');
  }
}

/** Servers of one's own, in the settings. @param {Person} ada @param {Look} look */
async function find(ada, look) {
  await ada.page.focus('#own > summary');
  await ada.page.keyboard.press('Enter');
  await ada.paste('STUN and TURN servers', 'turn:192.0.2.1:9');
  await ada.press('Save', '#own');
  await ada.page.waitForFunction(() => document.querySelector('#own-username-error')?.textContent, { polling: 50 });
  await look(ada, 'settings-servers');
  await ada.paste('STUN and TURN servers', '');
  await ada.page.focus('#own > summary');
  await ada.page.keyboard.press('Enter');
  await ada.press('Test my connection');
  await until('the ways to be tested', () => ada.page.$$eval('#ways > li', (ways) => ways.length === 3 && ways.every((way) => way.className !== 'waited') || undefined));
  await look(ada, 'settings-connection');
}

/** Calls that come to nothing. @param {Person} ada @param {Person} grace @param {Look} look @param {import('./lab.mjs').Lab} lab */
async function decide(ada, grace, look, lab) {
  await ada.callContact();
  await ada.sees('Ringing…');
  await look(ada, 'ringing');
  await grace.press('Decline');
  await ada.sees('Declined');
  await look(ada, 'declined');
  await lab.faults([{ fault: '410' }]);
  await ada.callContact();
  await ada.sees('Unreachable');
  await ada.page.click('#cause > summary');
  await look(ada, 'unreachable');
  await ada.page.setOfflineMode(true);
  await ada.sees('Offline');
  await look(ada, 'offline');
  await ada.page.setOfflineMode(false);
  await ada.sees('Ready');
}

/** A third person. @param {Person} ada @param {Person} grace @param {Look} look @param {import('./lab.mjs').Lab} lab @param {boolean} patient */
async function crowd(ada, grace, look, lab, patient) {
  const browser = await Browser.start('chromium', lab, fakeDevices.chromium);
  const joan = await Person.open(browser, lab.page);
  const [card, gone] = [await ada.card(), await joan.card()];
  await ada.callContact();
  await grace.press('Answer');
  await ada.sees('Connected');
  await joan.call(card);
  await joan.sees('Busy');
  await look(joan, 'busy');
  await hangUp(ada, grace);
  await wait(ada, grace, joan, gone, look);
  await browser.stop();
  if (!patient) return;
  await grace.call(gone);
  await grace.sees('No answer', 60_000);
  await look(grace, 'no-answer');
}

/** In another language, and in one written from right to left. @param {Person} ada @param {Person} grace @param {Look} look */
async function speak(ada, grace, look) {
  await chooseLanguage(ada, 'de', 'Bereit');
  await look(ada, 'people-de');
  await ada.page.click('#open-settings');
  await look(ada, 'settings-de');
  await ada.page.click('#set-close');
  await chooseLanguage(ada, 'ar', 'جاهز');
  await look(ada, 'people-ar');
  await grace.page.bringToFront();
  await grace.callContact();
  await ada.page.waitForSelector('#ring[open]');
  await look(ada, 'ring-ar');
  await ada.page.click('#answer');
  await grace.sees('Connected');
  await grace.says('Marhaba!');
  await ada.page.waitForSelector('#messages > .theirs');
  await look(ada, 'talking-ar');
  await grace.press('Hang up');
  await ada.page.waitForSelector('#messages-clear:not([hidden])');
  await ada.page.click('#messages-clear');
  await chooseLanguage(ada, 'en', 'Ready');
}

/** A browser crashes during a call. @param {Person} ada @param {Person} grace @param {Look} look @param {boolean} patient */
async function lose(ada, grace, look, patient) {
  await ada.callContact();
  await grace.press('Answer');
  await Promise.all([ada.sees('Connected'), grace.sees('Connected')]);
  await grace.browser.crash();
  await ada.sees('Reconnecting…');
  await look(ada, 'reconnecting');
  if (!patient) return;
  await ada.sees('Call ended', 60_000);
  await look(ada, 'lost');
}

/** Sets the permissions of the page. @param {Person} person @param {'granted' | 'denied' | 'prompt'} setting */
async function allow({ page }, setting) {
  const session = await page.createCDPSession();
  await session.send('Browser.setPermission', { permission: { name: 'notifications' }, setting, origin: new URL(page.url()).origin });
}

/** @param {Person} person @param {string} language @param {string} ready as it says that */
async function chooseLanguage(person, language, ready) {
  await person.page.click('#open-settings');
  await person.page.select('#set-language', language);
  await person.sees(ready);
}
