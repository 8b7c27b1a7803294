// Lighthouse on the served page, as it is for a phone and for a desktop. It
// fails below 100 in accessibility or best practices.
//
// It has packages of its own, since they are many times the size of all others:
// `e2e/setup.sh lighthouse` installs them.

import { Browser } from '../browser.mjs';
import { Lab } from '../lab.mjs';

const categories = ['accessibility', 'best-practices'];
const { default: lighthouse, desktopConfig } = await import('lighthouse');

const lab = await Lab.start();
const browser = await Browser.start('chromium', lab);
try {
  const port = Number(new URL(browser.connection.wsEndpoint()).port);
  for (const [name, config] of /** @type {const} */ ([['phone', undefined], ['desktop', desktopConfig]])) {
    const result = await lighthouse(lab.page, { port, onlyCategories: categories, logLevel: 'error' }, config);
    if (!result) throw new Error('Lighthouse gives no result');
    for (const category of Object.values(result.lhr.categories)) {
      console.log(`${name}: ${category.title} ${Math.round((category.score ?? 0) * 100)}`);
      if (category.score === 1) continue;
      process.exitCode = 1;
      for (const { id } of category.auditRefs) {
        const audit = result.lhr.audits[id];
        if (audit.score !== null && audit.score < 1) console.log(`  ${audit.title}: ${JSON.stringify(audit.details ?? {}).slice(0, 800)}`);
      }
    }
  }
} finally {
  await browser.stop();
  await lab.stop();
}
