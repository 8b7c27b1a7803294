// The page says where each contact's card came from, and beside each name whether it was
// compared.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { open, start } from './once.mjs';
import { Person, connect, hangUp } from './person.mjs';
import { until } from './until.mjs';

const advice = 'To be sure that it is theirs, press Safety words in your next call and compare.';

/** Reads what the menu of the only contact says about the card. @param {Person} person @param {string} sentence */
async function says(person, sentence) {
  await person.press('More', '[aria-label=Contacts]');
  await person.readsAnywhere(sentence);
  await person.page.keyboard.press('Escape');
}

/** Waits for the sign of a verified contact beside a name, or for its absence. @param {Person} person @param {string} name a selector @param {boolean} [is] */
function verified({ page }, name, is = true) {
  return until(`${name} ${is ? '' : 'not '}to be verified`, async () => await page.$eval(name, (name) => name.querySelector('svg[aria-label=Verified]') !== null) === is || undefined);
}

for (const kind of /** @type {const} */ (['firefox', 'chromium'])) {
  test(`where a card came from, and whether it was compared, in ${kind}`, async (t) => {
    const lab = await start(t);
    const browsers = await Promise.all([open(t, kind, lab), open(t, 'chromium', lab)]);
    const grace = await Person.open(browsers[1], lab.page);
    await grace.isCalled('Grace');
    await grace.press('Show my push subscription');
    const link = await until('the link', () => grace.page.$eval('#card-mail', (mail) => /https?:\S+#card=[\w-]+/.exec(decodeURIComponent(/** @type {HTMLAnchorElement} */ (mail).href))?.[0]));
    await grace.press('Close', '#card-dialog');

    const ada = await Person.open(browsers[0], lab.page);
    await ada.page.evaluate((hash) => { location.hash = hash; }, new URL(link).hash);
    await ada.rings('Grace');
    await ada.press('Call', 'dialog[open]');
    await grace.press('Answer');
    await Promise.all([ada.sees('Connected'), grace.sees('Connected')]);
    await grace.press('Save contact');
    await grace.paste('Name', 'Ada');
    await grace.press('Save');
    await ada.press('Safety words');
    await ada.readsAnywhere(`Card from a link, not compared. ${advice}`);
    await verified(ada, '#name', false);
    await ada.press('They match');
    await verified(ada, '#name');
    await hangUp(ada, grace);
    await verified(ada, '[aria-label=Calls] .who');
    assert.deepEqual(await ada.lists('Contacts'), ['Grace Verified']);
    await says(ada, 'You have compared safety words: this card is theirs.');
    await says(grace, `Card from a call, not compared. ${advice}`);
    await verified(grace, '[aria-label=Calls] .who', false);

    await grace.callContact();
    await ada.rings('Grace is calling');
    await verified(ada, '#ring-heading');
    await ada.press('Answer');
    await Promise.all([ada.sees('Connected'), grace.sees('Connected')]);
    await ada.press('Verified');
    await ada.press('They differ');
    await ada.press('Close', '#safety');
    await verified(ada, '#name', false);
    await hangUp(grace, ada);
    await verified(ada, '[aria-label=Calls] .who', false);
    await says(ada, `Card from a link, not compared. ${advice}`);
  });
}
