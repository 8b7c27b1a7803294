// What people do with a message: copy it, reply to it by a quote, react to it by an
// emoji; and long messages fold.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { open, start } from './once.mjs';
import { Person, connect, hangUp } from './person.mjs';
import { until } from './until.mjs';

/** What the last message says, and the reactions to it. @param {Person} person */
const last = ({ page }) => page.$$eval('#messages > li', (all) => ({
  quote: all.at(-1)?.querySelector('[role=blockquote]')?.textContent, said: all.at(-1)?.querySelector('.said')?.textContent,
  chips: /** @type {HTMLElement | null | undefined} */ (all.at(-1)?.querySelector('.chips'))?.innerText, count: all.length,
}));

for (const kind of /** @type {const} */ (['firefox', 'chromium'])) {
  test(`messages are copied, quoted, reacted to and folded in ${kind}`, async (t) => {
    const lab = await start(t);
    const browsers = await Promise.all([open(t, kind, lab), open(t, 'chromium', lab)]);
    const [ada, bob] = await Promise.all(browsers.map((browser) => Person.open(browser, lab.page)));
    await connect(ada, bob, await bob.card());
    await bob.press('Save contact');
    await bob.paste('Name', 'Ada');
    await bob.press('Save');

    await bob.says('Shall we meet?\nAt noon?');
    await ada.hears('Shall we meet?');
    await ada.opensMenu('Shall we meet?');
    await ada.press('Reply', '#messages');
    assert.equal(await ada.reads('Message'), '> Shall we meet?\n> At noon?\n');
    await ada.page.keyboard.type('Yes'); // at the end of the box
    await ada.press('Send');
    for (const person of [ada, bob]) {
      await until('the reply', async () => (await last(person)).said === '> Shall we meet?\n> At noon?\nYes' || undefined);
      assert.equal((await last(person)).quote, '> Shall we meet?\n> At noon?\n');
      const seen = await person.page.$$eval('#messages > li .said', (all) => /** @type {HTMLElement} */ (all.at(-1)).innerText);
      assert.ok(!seen.includes('>'), `the mark is not shown: ${seen}`);
    }

    await bob.opensMenu('Yes');
    assert.equal(await bob.page.$$eval('#messages .actions button', (all) => all.filter((button) => button.checkVisibility()).length), 8);
    await bob.press('👍', '#messages');
    for (const person of [ada, bob]) {
      await until('the reaction', async () => (await last(person)).chips?.trim().endsWith('👍') || undefined);
      assert.equal((await last(person)).count, 2, 'a reaction is no message of its own');
    }
    await bob.opensMenu('Yes');
    await bob.press('❤️', '#messages');
    await until('another in its place', async () => { const { chips } = await last(ada); return chips?.includes('❤️') && !chips.includes('👍') || undefined; });
    await ada.opensMenu('Yes');
    assert.deepEqual(await ada.page.$$eval('#messages .actions button', (all) => all.filter((button) => button.checkVisibility()).map((button) => button.textContent)),
      ['Reply', 'Copy'], 'nobody reacts to themselves');
    await ada.page.keyboard.press('Escape');
    await until('the menu to close', async () => await ada.page.$('#messages .actions') === null || undefined);

    for (const odd of ['> Nobody said this\n👍', '> Yes\n👍👍', '> <b>Yes</b>\n👍']) { // of words that are not there, or no reaction
      await ada.says(odd);
      await bob.hears(odd);
      assert.equal((await last(bob)).said, odd);
    }

    const long = 'a line\n'.repeat(40) + 'the end';
    await ada.paste('Message', long);
    await ada.press('Send');
    for (const person of [ada, bob]) {
      await person.hears('the end');
      const height = () => person.page.$$eval('#messages > li .said', (all) => /** @type {Element} */ (all.at(-1)).getBoundingClientRect().height);
      const folded = await height();
      await person.press('Show all', '#messages');
      await until('all of it', async () => await height() > 2 * folded || undefined);
    }
    assert.equal((await last(bob)).said, long);

    await bob.page.evaluate(() => { navigator.clipboard.writeText = async (text) => { Object(window).copied = text; }; });
    await bob.opensMenu('the end');
    await bob.press('Copy', '#messages');
    await bob.readsAnywhere('Copied');
    assert.equal(await bob.page.evaluate(() => Object(window).copied), long);
    await hangUp(ada, bob);

    await bob.press('Close conversation');
    await bob.press('More', '[aria-label=Contacts]');
    await bob.press('Messages', '[aria-label=Contacts]');
    await until('the reaction in the stored messages', () => bob.page.$$eval('#letters-list > li', (all) => all.some((item) =>
      item.querySelector('.said')?.textContent?.endsWith('Yes') && item.querySelector('.chips')?.textContent?.includes('❤️')) || undefined));
    await bob.opensMenu('Nobody said this');
    assert.deepEqual(await bob.page.$$eval('#letters .actions button', (all) => all.filter((button) => button.checkVisibility()).map((button) => button.textContent)),
      ['Copy'], 'there is nobody to reply to');
    await bob.page.keyboard.press('Escape');
    await until('the menu to close', async () => await bob.page.$('#letters .actions') === null || undefined);
    assert.ok(await bob.page.$('#letters[open]'), 'and the dialog not');
  });
}
