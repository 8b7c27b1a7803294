// Makes the pictures of docs/screenshots: the states that the page has, on a
// desktop and a phone, light and dark.
//
//   node screenshots.mjs [folder [type]]     webp, or png

import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Lab } from './lab.mjs';
import { liveThroughAll, see, sightOf } from './states.mjs';

const [folder = fileURLToPath(new URL('../docs/screenshots', import.meta.url)), type = 'webp'] = process.argv.slice(2);
const sights = [sightOf('desktop', 'light'), sightOf('desktop', 'dark'), sightOf('phone', 'light'), sightOf('phone', 'dark')];
for (const { name } of sights) {
  await rm(join(folder, name), { recursive: true, force: true });
  await mkdir(join(folder, name), { recursive: true });
}
const lab = await Lab.start();
try {
  await liveThroughAll(lab, async (person, state) => {
    for (const sight of sights) {
      await see(person, sight);
      const path = /** @type {`${string}.png`} */ (join(folder, sight.name, `${state}.${type}`));
      await person.page.screenshot({ path, ...type === 'webp' && { quality: 75 } });
    }
  });
} finally {
  await lab.stop();
}
