// A person who uses the page: finds controls by role and accessible name, and waits
// for texts on the page.

/** @typedef {import('puppeteer-core').Page} Page */

/** The timeout of each step; a slow machine may run several browsers at once. */
const patience = 40_000; // milliseconds

/** What people answer when the browser asks whether to leave a page, and how often it has asked. @type {WeakMap<Page, {stays: boolean, asked: number}>} */
const questions = new WeakMap();

export class Person {
  /** @param {import('./browser.mjs').Browser} browser @param {Page} page */
  constructor(browser, page) {
    this.browser = browser;
    this.page = page;
    this.leaving = questions.get(page) ?? { stays: false, asked: 0 };
    if (questions.has(page)) return;
    questions.set(page, this.leaving);
    page.on('dialog', (dialog) => {
      this.leaving.asked++;
      (this.leaving.stays ? dialog.dismiss() : dialog.accept()).catch(() => {}); // the answer may be lost with the page
    });
  }

  /** Opens the page in a new tab, and waits until it is ready for the person.
   * @param {import('./browser.mjs').Browser} browser @param {string} address @param {string} [status] then */
  static async open(browser, address, status = 'Ready') {
    const page = await browser.connection.newPage();
    page.on('pageerror', (error) => console.error(`${browser.kind} page error: ${error}`));
    page.on('console', (line) => ['warn', 'error'].includes(line.type()) && console.error(`${browser.kind} console: ${line.text()}`));
    await page.goto(address);
    const person = new Person(browser, page);
    await person.sees(status);
    return person;
  }

  /** Waits for a button or text box that the person can use: by its name, as HTML gives it one, and by where it is.
   * The browsers' own accessibility queries take seconds while several of them share a processor.
   * @param {'button' | 'textbox'} role @param {string} name @param {string} [within] a selector */
  async find(role, name, within = 'body') {
    const handle = await this.page.waitForFunction((role, name, within) => {
      const all = { button: 'button', textbox: 'textarea, input' }[role];
      const modal = [...document.querySelectorAll('dialog:modal')].at(-1);
      for (const part of document.querySelectorAll(within)) {
        for (const element of /** @type {NodeListOf<HTMLButtonElement>} */ (part.querySelectorAll(all))) {
          const called = element.ariaLabel ?? element.labels?.[0]?.innerText ?? element.innerText;
          const usable = element.checkVisibility() && !element.disabled && (!modal || modal.contains(element));
          if (called.trim() === name && usable) return element;
        }
      }
      return null;
    }, { timeout: patience, polling: 50 }, role, name, within).catch(async (error) => {
      throw new Error(`no ${role} "${name}" in the ${this.browser.kind} page, which says "${await this.status()}"`, { cause: error });
    });
    return /** @type {import('puppeteer-core').ElementHandle<HTMLElement>} */ (handle.asElement());
  }

  /** @param {string} name of a button @param {string} [within] a selector */
  async press(name, within) {
    const button = await this.find('button', name, within);
    await button.evaluate(async (element) => { // a click would miss a button that moves or lies behind the stage
      const heard = (/** @type {Event} */ event) => {
        if (!event.composedPath().includes(element)) return;
        element.setAttribute('data-pressed', '');
        removeEventListener('click', heard, true);
      };
      addEventListener('click', heard, true); // of the window, which hears of clicks that early.js keeps from everybody else
      const { x, y, width, height } = element.getBoundingClientRect();
      const stage = document.elementFromPoint(x + width / 2, y + height / 2)?.closest('#stage');
      if (stage && !stage.contains(element)) element.scrollIntoView({ block: 'center' });
      for (let last = ''; ;) {
        const { x, y } = element.getBoundingClientRect();
        if (`${x} ${y}` === last) return;
        last = `${x} ${y}`;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    });
    const missed = () => button.evaluate((element) => element.isConnected && !element.hasAttribute('data-pressed')).catch(() => false); // it may have left the page
    const start = Date.now();
    do {
      if (Date.now() - start > patience) throw new Error(`the ${this.browser.kind} page's button "${name}" moves, or something covers it: clicks do not reach it`);
      await button.click();
    } while (await missed()); // it moved in that moment
    await button.evaluate((element) => element.removeAttribute('data-pressed')).catch(() => {});
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

  /** Types a text, key by key. @param {string} name of a text box @param {string} text */
  async type(name, text) {
    await (await this.find('textbox', name)).type(text);
  }

  /** @param {string} name of a text box */
  async reads(name) {
    return (await this.find('textbox', name)).evaluate((element) => /** @type {HTMLTextAreaElement} */ (element).value);
  }

  /** Returns the text of the one element with role status. */
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

  /** Returns this person's card, as they would send it to a friend. */
  async card() {
    await this.press('Show my push subscription');
    const shown = await this.page.waitForFunction( // in a dialog that is open: the text stays in it from the last time
      () => /** @type {HTMLTextAreaElement[]} */ ([...document.querySelectorAll('dialog[open] textarea')])
        .find((area) => area.readOnly && area.value.startsWith('{'))?.value, { timeout: patience });
    const text = /** @type {string} */ (await shown.jsonValue());
    await this.page.keyboard.press('Escape');
    await this.page.waitForFunction( // otherwise the control pressed next may still move
      () => ![...document.querySelectorAll('dialog[open] textarea')].some((area) => /** @type {HTMLTextAreaElement} */ (area).readOnly), { timeout: patience });
    return text;
  }

  /** Calls the owner of a card. @param {string} card */
  async call(card) {
    await this.prepare(card);
    await this.press('Call', 'dialog[open]');
  }

  /** Calls the only contact. */
  async callContact() {
    await this.press('Call', '[aria-label=Contacts]');
  }

  /** Waits until a call rings in the page. @param {string} heading of its dialog */
  async rings(heading) {
    await this.page.waitForFunction((want) => document.querySelector('dialog[open] h2')?.textContent === want,
      { timeout: patience, polling: 50 }, heading).catch(async (error) => {
      throw new Error(`the ${this.browser.kind} page says "${await this.status()}" and does not ring as "${heading}"`, { cause: error });
    });
  }

  /** Returns the entries of a list. @param {string} name */
  async lists(name) {
    return this.page.$$eval(`[aria-label="${name}"] > li`, (items) => items.map((item) => item.innerText.replace(/\s+/g, ' ').trim()));
  }

  /** Takes a name. @param {string} name */
  async isCalled(name) {
    await this.press('Settings');
    await this.paste('Your name', name);
    await this.press('Close', '#settings');
    await this.page.waitForSelector('#settings:not([open])');
  }

  /** Does the steps before the press on Call. @param {string} card */
  async prepare(card) {
    await this.press('Call a friend');
    await this.paste("Friend's subscription", card);
  }

  /** Chooses files to send, all at once. @param {string[]} paths */
  async sends(...paths) {
    await this.find('button', 'Send file');
    const input = await this.page.$('input[type=file][multiple]');
    await /** @type {import('puppeteer-core').ElementHandle<HTMLInputElement>} */ (input).uploadFile(...paths);
  }

  /** Waits for a file in the list. @param {string} name @param {string | RegExp} says beneath it: to begin with, or all of it
   * @param {number} [timeout] milliseconds */
  async seesFile(name, says, timeout = patience) {
    const handle = await this.page.waitForFunction((name, says, all) => [...document.querySelectorAll('[aria-label="Files"] > li')].find((item) => {
      const [called, ...lines] = /** @type {HTMLElement} */ (item).innerText.split('\n').map((line) => line.replace(/\s/g, ' ').trim()).filter(Boolean);
      return called === name && lines.some((line) => (all ? new RegExp(all).test(line) : line.startsWith(says)));
    }), { timeout, polling: 50 }, name, String(says), says instanceof RegExp ? says.source : '').catch(async (error) => {
      throw new Error(`no file "${name}" with "${says}" in the ${this.browser.kind} page: ${JSON.stringify(await this.lists('Files'))}`, { cause: error });
    });
    return /** @type {import('puppeteer-core').ElementHandle<HTMLElement>} */ (handle.asElement());
  }

  /** Presses a button beside a file. @param {string} name of the file @param {string | RegExp} says beneath it @param {string} button */
  async pressAt(name, says, button) {
    const item = await this.seesFile(name, says);
    for (const candidate of await item.$$('button')) {
      if (await candidate.evaluate((element, button) => element.checkVisibility() && element.innerText === button, button)) return candidate.click();
    }
    throw new Error(`no button "${button}" at the file "${name}"`);
  }

  /** Accepts an offered file. @param {string} name @param {string} size as the page says it */
  async accepts(name, size) {
    await this.pressAt(name, size, 'Accept');
  }

  /** Sends a text message, which the page shows among its own. @param {string} text @param {string} [shown] where links change what it says */
  async says(text, shown = text) {
    await this.paste('Message', text);
    await this.press('Send');
    await this.hears(shown);
  }

  /** Pastes a picture, as a person does who has copied one. @param {number} width @param {number} height */
  async pastesPicture(width, height) {
    const session = await this.page.createCDPSession();
    await session.send('Browser.setPermission', { origin: new URL(this.page.url()).origin, permission: { name: 'clipboard-write' }, setting: 'granted' });
    await this.page.bringToFront();
    await this.page.evaluate(async (width, height) => {
      const canvas = new OffscreenCanvas(width, height);
      const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext('2d'));
      for (const [i, colour] of ['#f4c98b', '#2f6f8f', '#163a4d'].entries()) { // the sky, the sea, a quay
        context.fillStyle = colour;
        context.fillRect(i === 2 ? width / 2 : 0, i * height / 2.5, width, height);
      }
      await navigator.clipboard.write([new ClipboardItem({ 'image/png': await canvas.convertToBlob() })]);
    }, width, height);
    await (await this.find('textbox', 'Message')).focus();
    await this.page.keyboard.down('Control');
    await this.page.keyboard.press('KeyV', { commands: ['Paste'] });
    await this.page.keyboard.up('Control');
  }

  /** Shares files from another program, whose place the page takes. @param {import('./lab.mjs').Lab} lab @param {string[]} names */
  async shares(lab, ...names) {
    await Promise.all([this.page.waitForNavigation(), this.page.evaluate((action, names) => {
      const files = new DataTransfer();
      for (const name of names) files.items.add(new File(['picture'], name, { type: 'image/png' }));
      const input = Object.assign(document.createElement('input'), { type: 'file', name: 'files', multiple: true, files: files.files });
      const form = Object.assign(document.createElement('form'), { method: 'post', action, enctype: 'multipart/form-data' });
      form.append(input);
      document.body.append(form);
      form.submit();
    }, `${lab.page}share`, names)]);
    await this.rings('Send to a friend');
  }

  /** Opens the menu at the last message with a text. @param {string} text */
  async opensMenu(text) {
    const dots = await this.page.waitForFunction((text) => [...document.querySelectorAll('#messages > li, #letters-list > li')]
      .filter((item) => item.checkVisibility() && item.textContent?.includes(text)).at(-1)?.querySelector('.dots'), { polling: 50 }, text);
    await /** @type {import('puppeteer-core').ElementHandle<HTMLElement>} */ (dots.asElement()).evaluate((button) => { button.focus(); button.click(); });
  }

  /** Waits for a text among the messages. @param {string} text */
  async hears(text) {
    await this.page.waitForFunction(
      (want) => [...document.querySelectorAll('[aria-label=Messages] li')].some((item) => item.textContent?.includes(want)),
      { timeout: patience, polling: 50 }, text,
    ).catch(async (error) => {
      throw new Error(`the ${this.browser.kind} page says "${await this.status()}" and has no "${text}": ${JSON.stringify(await this.lists('Messages'))}`, { cause: error });
    });
  }
}

/** One person calls another, who answers. @param {Person} caller @param {Person} callee @param {string} [card] of the callee; else the caller has them as a contact */
export async function connect(caller, callee, card) {
  await (card ? caller.call(card) : caller.callContact());
  await callee.press('Answer');
  await Promise.all([caller.sees('Connected'), callee.sees('Connected')]);
}

/** One of two hangs up. @param {Person} one @param {Person} other */
export async function hangUp(one, other) {
  await one.press('Hang up');
  await Promise.all([one.sees('Call ended'), other.sees('Call ended')]);
}
