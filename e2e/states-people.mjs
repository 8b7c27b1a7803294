// States in which people do more than talk: they reply, send pictures and many files,
// press keys, call somebody who is in a call, come back into a call, install the page,
// share files with it, have many friends, or do not allow notifications.

import { Browser } from './browser.mjs';
import { fill } from './crowd.mjs';
import { Person, connect, hangUp } from './person.mjs';
import { fakeDevices, seesPicture } from './senses.mjs';

/** @typedef {import('./states.mjs').Look} Look */
/** @typedef {import('./lab.mjs').Lab} Lab */
/** @typedef {import('./downloads.mjs').Folder} Folder */

/** In a call: a reaction, the menu at a message, a quote and a long message. @param {Person} ada @param {Person} grace @param {Look} look */
export async function reply(ada, grace, look) {
  await grace.opensMenu('the harbour are coming');
  await grace.press('❤️', '#messages');
  await ada.page.waitForSelector('#messages .chips span');
  await ada.opensMenu('who is between us?');
  await ada.find('button', 'Reply', '#messages');
  await look(ada, 'message-menu');
  await ada.press('Reply', '#messages');
  await look(ada, 'replying');
  await ada.page.keyboard.type('A browser on either side.');
  await ada.press('Send');
  await grace.hears('A browser on either side.');
  await grace.says(`Then here is what I wrote down on the way:\n${'Gulls, a ferry, two cranes, and the smell of rope and tar.\n'.repeat(14)}`, 'Then here');
  await ada.hears('Then here');
  await ada.find('button', 'Show all', '#messages');
  await look(ada, 'replies');
}

/** In a call: a picture before and after it was sent, and many files at once. @param {Person} ada @param {Person} grace @param {Look} look @param {Folder} files */
export async function sendMany(ada, grace, look, files) {
  await ada.pastesPicture(900, 600);
  await ada.page.waitForSelector('#messages .unsent img');
  await look(ada, 'picture-pasted');
  await grace.accepts('image.png', '');
  await ada.page.waitForSelector('#messages :not(.unsent) > img');
  await look(grace, 'picture');
  const names = ['the pier.jpg', 'the ferry.jpg', 'two cranes.jpg', 'gulls.jpg', 'a list of everything that we have seen on the way to the harbour and back.pdf'];
  await grace.sends(...await Promise.all(names.map((name, i) => files.add(name, (i + 1) * 700_000))));
  await ada.find('button', 'Accept all');
  await look(ada, 'files-many');
  await ada.page.click('#files-theirs-fold');
  await look(ada, 'files-many-open');
  await ada.press('Accept all');
  await grace.seesFile(names[4], /arrived/);
  await look(grace, 'files-many-sent');
}

/** In a call: the keyboard's shortcuts. @param {Person} ada @param {Look} look */
export async function pressKeys(ada, look) {
  await ada.page.keyboard.type('?');
  await ada.find('button', 'Close', '#keys');
  await look(ada, 'keys');
  await ada.press('Close', '#keys');
}

/** In a call with pictures: Ada's own larger and in another corner, then hidden; and what is left when nobody moves. @param {Person} ada @param {Look} look */
export async function arrange(ada, look) {
  await ada.press('Your picture');
  await ada.page.focus('#own-size');
  await ada.page.keyboard.press('ArrowLeft');
  await ada.page.keyboard.press('ArrowUp');
  await look(ada, 'own-picture');
  await ada.page.keyboard.press('h');
  await ada.find('button', 'Show your picture');
  await look(ada, 'own-picture-hidden');
  await ada.page.keyboard.press('h');
  await ada.press('Your picture');
  await ada.page.mouse.click(900, 300); // which takes the focus away
  await ada.page.waitForSelector('#stage[data-still]');
  await look(ada, 'still');
}

/** Where the browser asks, when the page wants it to. That of a browser without a head is never answered, so this is another question. @param {Person} person */
export async function canInstall({ page }) {
  await page.evaluate(() => dispatchEvent(Object.assign(new Event('beforeinstallprompt'), { prompt: async () => ({ outcome: 'dismissed' }) })));
}

/** After a call: the offer to install the page. @param {Person} ada @param {Look} look */
export async function offerToInstall(ada, look) {
  await ada.find('button', 'Install', '#notices');
  await look(ada, 'install');
  await ada.press('Dismiss', '#notices');
}

/** A contact calls somebody who is in a call. @param {Person} ada @param {Person} grace @param {Person} joan whom Ada is to know @param {string} card hers @param {Look} look */
export async function wait(ada, grace, joan, card, look) {
  await ada.prepare(card);
  await ada.press('Save contact', '#dial-dialog');
  await ada.paste('Name', 'Joan');
  await ada.press('Save', '#save-dialog');
  await ada.page.waitForFunction(() => document.querySelectorAll('#contacts > li').length === 2, { polling: 50 });
  await connect(ada, grace);
  const calls = async () => { // anew for each look: it rings for 45 s only
    await joan.callContact();
    await ada.find('button', 'End and answer');
  };
  const givesUp = async () => {
    await joan.press('Hang up').catch(() => joan.sees('No answer')); // on a slow machine it has rung for 45 s by now
    await ada.page.waitForSelector('#waiting', { hidden: true });
  };
  await calls();
  await look(ada, 'waiting');
  await givesUp();
  await calls();
  await joan.readsAnywhere('is in another call and sees that you are calling.');
  await look(joan, 'ringing-waiting');
  await givesUp();
  await grace.press('Camera');
  await seesPicture(ada);
  await calls();
  await look(ada, 'waiting-video');
  await givesUp();
  await hangUp(ada, grace);
}

/** A page is reloaded in a call. @param {Person} ada @param {Person} grace @param {Look} look */
export async function comeBack(ada, grace, look) {
  await connect(ada, grace);
  await grace.says('One moment, I reload the page.');
  await ada.page.waitForFunction(async () => document.querySelector('#messages li'), { polling: 50 });
  await grace.page.reload();
  await ada.sees('Call ended');
  await ada.readsAnywhere('Their page has closed.');
  await grace.page.waitForSelector('#back-to-call:not([hidden])');
  await look(ada, 'page-closed');
  await look(grace, 'back-to-call');
  await ada.press('Close conversation');
}

/** Another program shares files with the page. @param {Person} person @param {Lab} lab @param {Look} look @param {string} name of the state */
export async function share({ page, browser }, lab, look, name) {
  const person = new Person(browser, page);
  await page.waitForFunction(() => navigator.serviceWorker.controller, { polling: 50 });
  await page.goto('about:blank');
  await person.shares(lab, 'the harbour at dawn.jpg', 'a list of everything that we have seen on the way to the harbour and back.pdf');
  await look(person, name);
  await person.press('Close', '#share');
  await person.sees('Ready');
}

/** Somebody has had many friends and calls for years. @param {Lab} lab @param {Look} look */
export async function knowMany(lab, look) {
  const browser = await Browser.start('chromium', lab, fakeDevices.chromium);
  try {
    const joan = await Person.open(browser, lab.page);
    await share(joan, lab, look, 'share-nobody');
    await fill(joan.page, 12, 90);
    await joan.page.reload();
    await joan.find('textbox', 'Search contacts');
    await look(joan, 'many');
    await joan.page.$eval('#calls .run', (run) => /** @type {HTMLElement} */ (run).click());
    await joan.paste('Search contacts', '1');
    await joan.page.waitForFunction(() => document.querySelectorAll('#contacts > li').length === 4, { polling: 50 });
    await look(joan, 'search');
    await joan.paste('Search contacts', 'Ada');
    await joan.readsAnywhere('No contact has this name.');
    await look(joan, 'search-none');
  } finally {
    await browser.stop();
  }
}

/** Somebody does not allow notifications, and opens a friend's link; another has a phone on which only installed pages may ask.
 * @param {string} link @param {Lab} lab @param {Look} look */
export async function refuse(link, lab, look) {
  const browser = await Browser.start('chromium', lab, { denied: true });
  try {
    const joan = await Person.open(browser, link, '');
    await joan.find('button', 'Save contact', '#invite');
    await look(joan, 'invited-off');
    await joan.press('Save contact', '#invite');
    await joan.press('Save', '#save-dialog');
    await joan.sees('Calls are off');
    await look(joan, 'calls-off');
    const page = await browser.connection.newPage();
    await page.setUserAgent({ userAgent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1' });
    await page.evaluateOnNewDocument(() => { delete Object(globalThis).Notification; }); // as there, in a page that is not installed
    await joan.page.close();
    await page.goto(lab.page);
    const phone = new Person(browser, page);
    await phone.sees('Calls are off');
    await phone.readsAnywhere('calls ring only from the Home Screen');
    await look(phone, 'install-ios');
  } finally {
    await browser.stop();
  }
}
