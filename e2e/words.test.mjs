// The page is in the person's language, or in English if it has no catalogue for it.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { open, start } from './once.mjs';
import { until } from './until.mjs';
import { Lab } from './lab.mjs';
import { Person } from './person.mjs';

/** @type {import('./browser.mjs').Kind[]} */
const kinds = ['firefox', 'chromium'];

/** Options to start a browser with these languages. @param {string} languages */
function speaking(languages) {
  return { prefs: { 'intl.accept_languages': languages }, args: [`--accept-lang=${languages}`] };
}

/** How a page is written. @param {Person} person */
function written({ page }) {
  return page.evaluate(() => ({
    lang: document.documentElement.lang,
    dir: getComputedStyle(document.body).direction,
    heading: document.getElementById('contacts-heading')?.textContent,
    box: /** @type {HTMLTextAreaElement} */ (document.getElementById('message')).placeholder,
    list: document.getElementById('messages')?.ariaLabel,
  }));
}

for (const kind of kinds) {
  describe(`languages in ${kind}`, () => {
    /** @type {Lab} */ let lab;
    before(async () => { lab = await Lab.start(); });
    after(async () => { await lab?.stop(); });

    for (const { languages, status, want } of [
      { languages: 'pt-BR,gsw', status: 'Ready', want: { lang: 'en', dir: 'ltr', heading: 'Contacts', box: 'Message', list: 'Messages' } },
      { languages: 'pt,de-AT,en', status: 'Bereit', want: { lang: 'de', dir: 'ltr', heading: 'Kontakte', box: 'Nachricht', list: 'Nachrichten' } },
      { languages: 'ar-EG,en', status: 'جاهز', want: { lang: 'ar', dir: 'rtl', heading: 'جهات الاتصال', box: 'رسالة', list: 'الرسائل' } },
    ]) {
      test(`${languages}: the page is in ${want.lang}`, async (t) => {
        const browser = await open(t, kind, lab, speaking(languages));
        assert.deepEqual(await written(await Person.open(browser, lab.page, status)), want);
      });
    }

    test('a chosen language is stored, and works without a network', async (t) => {
      const own = await Lab.start();
      t.after(() => own.stop());
      const browser = await open(t, kind, own, speaking('en-US'));
      const person = await Person.open(browser, own.page);
      await person.press('Settings');
      await person.page.select('#set-language', 'fr');
      await person.sees('Prêt');
      assert.equal((await written(person)).lang, 'fr');
      await until('the page is kept', () => person.page.evaluate(async () => {
        const names = await Promise.all((await caches.keys()).map(async (name) => (await (await caches.open(name)).keys()).map(({ url }) => url)));
        const kept = navigator.serviceWorker.controller !== null && names.flat().some((url) => url.includes('/words/fr.'));
        return kept || undefined;
      }));
      await own.stop();
      await person.page.reload();
      await person.sees('Prêt');
    });
  });
}

test('a notification is in the language of the page', async (t) => {
  const lab = await start(t);
  const browsers = await Promise.all([open(t, 'firefox', lab), open(t, 'firefox', lab, speaking('es-MX,en'))]);
  const caller = await Person.open(browsers[0], lab.page);
  const callee = await Person.open(browsers[1], lab.page, 'Listo');
  await callee.press('Mostrar mi suscripción push');
  const card = await until('the card', () => callee.page.$eval('#card-text', (box) => /** @type {HTMLTextAreaElement} */ (box).value));
  await until('the words are kept', () => callee.page.evaluate(async () => {
    const names = await Promise.all((await caches.keys()).map(async (name) => (await (await caches.open(name)).keys()).map(({ url }) => url)));
    return names.flat().some((url) => url.includes('/words/es.')) || undefined;
  }));
  await callee.page.goto('about:blank');
  await caller.call(card);
  const shown = await until('the notification', async () => (await browsers[1].notifications())[0]);
  assert.equal(shown.title, 'Llamada entrante: persona desconocida');
});
