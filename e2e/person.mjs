// A person at a page: finds things by role and accessible name, and waits for
// what the page says.

/** @typedef {import('puppeteer-core').Page} Page */

/** No step of a test takes longer; a slow machine runs several browsers at once. */
const patience = 40_000; // milliseconds

export class Person {
  /** @param {import('./browser.mjs').Browser} browser @param {Page} page */
  constructor(browser, page) {
    this.browser = browser;
    this.page = page;
  }

  /** Opens the page in a new tab, and waits until it is ready for the person.
   * @param {import('./browser.mjs').Browser} browser @param {string} address */
  static async open(browser, address) {
    const page = await browser.connection.newPage();
    page.on('pageerror', (error) => console.error(`${browser.kind} page error: ${error}`));
    page.on('console', (line) => ['warn', 'error'].includes(line.type()) && console.error(`${browser.kind} console: ${line.text()}`));
    await page.goto(address);
    const person = new Person(browser, page);
    await person.sees('Ready');
    return person;
  }

  /** @param {string} role @param {string} name */
  async find(role, name) {
    const found = await this.page.waitForSelector(`::-p-aria(${name}[role="${role}"])`, { visible: true, timeout: patience });
    if (!found) throw new Error(`no ${role} "${name}"`);
    return found;
  }

  /** @param {string} name of a button */
  async press(name) {
    const button = await this.find('button', name);
    await button.click();
  }

  /** Puts a text into a text box in place of what is there. @param {string} name @param {string} text */
  async paste(name, text) {
    const box = await this.find('textbox', name);
    await box.evaluate((element, value) => {
      const field = /** @type {HTMLTextAreaElement} */ (element);
      field.value = value;
      field.dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'insertFromPaste' }));
    }, text);
  }

  /** @param {string} name of a text box */
  async reads(name) {
    return (await this.find('textbox', name)).evaluate((element) => /** @type {HTMLTextAreaElement} */ (element).value);
  }

  /** What the one element with role status says. */
  async status() {
    return this.page.$eval('[role=status]', (element) => element.textContent?.trim() ?? '');
  }

  /** Waits until the status starts with a text. @param {string} text @param {number} [timeout] milliseconds */
  async sees(text, timeout = patience) {
    await this.page.waitForFunction(
      (want) => document.querySelector('[role=status]')?.textContent?.trim().startsWith(want),
      { timeout, polling: 50 }, text, // a hidden page has no animation frames to look at
    ).catch(async (error) => {
      throw new Error(`the ${this.browser.kind} page says "${await this.status()}", not "${text}"`, { cause: error });
    });
  }

  /** Waits until the page shows a text anywhere. @param {string} text */
  async readsAnywhere(text) {
    await this.page.waitForFunction((want) => document.body.innerText.includes(want), { timeout: patience }, text);
  }

  /** This person's card, as they would send it to a friend. */
  async card() {
    await this.press('Show my push subscription');
    await this.page.waitForFunction(
      () => [...document.querySelectorAll('textarea')].some((area) => area.readOnly && area.value.startsWith('{')), { timeout: patience });
    const text = await this.page.evaluate(
      () => [...document.querySelectorAll('textarea')].find((area) => area.readOnly && area.value.startsWith('{'))?.value ?? '');
    await this.page.keyboard.press('Escape');
    return text;
  }

  /** Calls the owner of a card. @param {string} card */
  async call(card) {
    await this.prepare(card);
    await this.press('Call');
  }

  /** Does all that comes before the press on Call. @param {string} card */
  async prepare(card) {
    await this.press('Call a friend');
    await this.paste("Friend's subscription", card);
  }

  /** @param {string} text */
  async says(text) {
    await this.paste('Message', text);
    await this.press('Send');
  }

  /** Waits for a text among the messages. @param {string} text */
  async hears(text) {
    await this.page.waitForFunction(
      (want) => [...document.querySelectorAll('li, [role=listitem]')].some((item) => item.textContent?.includes(want)), { timeout: patience }, text);
  }
}
