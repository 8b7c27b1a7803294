// Takes the pictures of docs/: the README's two, and in docs/screenshots a sheet of
// all states for each sight (window size, colours and text size).
//
//   node screenshots.mjs [folder]     each picture by itself, for looking at the page

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Browser } from './browser.mjs';
import { Lab } from './lab.mjs';
import { liveThroughAll, see, sightOf } from './states.mjs';

/** @typedef {{name: string, png: string}} Picture base64 */

const [docs, web] = ['../docs', '../web'].map((folder) => fileURLToPath(new URL(folder, import.meta.url)));
const [folder] = process.argv.slice(2);
const sights = [
  sightOf('desktop', 'light'), sightOf('desktop', 'dark'), sightOf('phone', 'light'), sightOf('phone', 'dark'),
  sightOf('narrow'), sightOf('side'), sightOf('tablet'), sightOf('large'), sightOf('phone', 'light', 200),
];

/** How many pictures of a kind of window are side by side in its sheet. @type {Record<string, number>} */
const columns = { desktop: 5, phone: 8, narrow: 10, side: 5, tablet: 8, large: 4 };

/** What the README shows. @type {Record<string, string[]>} */
const best = { 'call.webp': ['talking, desktop-light'], 'phones.webp': ['first, phone-light', 'ring-stranger, phone-light', 'files, phone-dark'] };

/** What the manifest shows of the page before it is installed, in the sizes that it states. @type {Record<string, string>} */
const shop = { 'wide.webp': 'talking, desktop-light', 'narrow.webp': 'talking, phone-light' };

/** @type {Map<string, Picture[]>} by sight */
const taken = new Map(sights.map(({ name }) => [name, []]));
/** @type {Map<string, Picture>} those of the README, twice as sharp */
const sharp = new Map();

const lab = await Lab.start();
try {
  await liveThroughAll(lab, async (person, state) => {
    for (const sight of sights) {
      await see(person, sight);
      taken.get(sight.name)?.push({ name: state, png: await person.page.screenshot({ encoding: 'base64' }) });
      const name = `${state}, ${sight.name}`;
      for (const [file, of] of Object.entries(folder ? {} : shop)) {
        if (name === of) await person.page.screenshot({ path: /** @type {`${string}.webp`} */ (join(web, file)), type: 'webp', quality: 80 });
      }
      if (!Object.values(best).flat().includes(name)) continue;
      await see(person, sight, 2);
      sharp.set(name, { name: '', png: await person.page.screenshot({ encoding: 'base64' }) });
    }
    await see(person, sights[0]); // where what is pressed next is in sight
  }, true);
  if (folder) await keepEach(folder);
  else await keepSheets();
} finally {
  await lab.stop();
}

/** @param {string} folder */
async function keepEach(folder) {
  for (const [sight, pictures] of taken) {
    await mkdir(join(folder, sight), { recursive: true });
    for (const { name, png } of pictures) await writeFile(join(folder, sight, `${name}.png`), Buffer.from(png, 'base64'));
  }
}

async function keepSheets() {
  const browser = await Browser.start('chromium', lab);
  try {
    const page = await browser.connection.newPage();
    await mkdir(join(docs, 'screenshots'), { recursive: true });
    for (const [sight, pictures] of taken) {
      await drawSheet(page, join(docs, 'screenshots', `${sight}.webp`), pictures, columns[sight.split('-')[0]], 3200, 1);
    }
    for (const [file, names] of Object.entries(best)) {
      await drawSheet(page, join(docs, file), names.map((name) => /** @type {Picture} */ (sharp.get(name))), names.length, 1280, 2);
    }
  } finally {
    await browser.stop();
  }
}

/** Pictures side by side, each above its name. @param {import('puppeteer-core').Page} page @param {string} file
 * @param {Picture[]} pictures @param {number} columns @param {number} width @param {number} scale */
async function drawSheet(page, file, pictures, columns, width, scale) {
  await page.setViewport({ width, height: 800, deviceScaleFactor: scale });
  await page.setContent(`<!doctype html><style>
    body { box-sizing: border-box; margin: 0; display: grid; grid-template-columns: repeat(${columns}, 1fr); gap: 24px; background: #7d7a75; font: 600 20px system-ui; color: #fff; }
    body:has(> :nth-child(2)) { padding: 24px; }
    figure { margin: 0; }
    img { display: block; width: 100%; }
    figcaption:not(:empty) { padding-top: 6px; }
  </style>${pictures.map(({ name, png }) => `<figure><img src="data:image/png;base64,${png}" alt=""><figcaption>${name}</figcaption></figure>`).join('')}`);
  await page.screenshot({ path: /** @type {`${string}.webp`} */ (file), type: 'webp', quality: 70, fullPage: true });
}
