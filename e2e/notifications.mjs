// Reads and clicks the notifications that a browser shows.
//
// Chromium passes them to the desktop: here a private D-Bus with a desktop service
// that stores them. Firefox draws them itself, in windows that only its own
// privileged code can reach.

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import dbus from 'dbus-next';

/**
 * @typedef {object} Notification
 * @property {string} title
 * @property {string} body
 * @property {() => Promise<void>} click on the body of it
 * @property {(action: 'answer' | 'decline') => Promise<void>} press a button of it
 * @property {() => Promise<void>} dismiss it, unless it has gone
 */

const { Interface } = dbus.interface;

/** org.freedesktop.Notifications of the Desktop Notifications Specification, Section 9. */
class Notifications extends Interface {
  /** @type {Map<number, {title: string, body: string, actions: string[]}>} */
  shown = new Map();
  #last = 0;

  constructor() {
    super('org.freedesktop.Notifications');
  }

  /** @param {string} _app @param {number} replaces @param {string} _icon
   * @param {string} title @param {string} text @param {string[]} actions a key and a label each */
  Notify(_app, replaces, _icon, title, text, actions) {
    const id = replaces || ++this.#last;
    const body = text.slice(text.indexOf('\n\n') + 2); // after the origin
    this.shown.set(id, { title, body, actions });
    return id;
  }

  /** @param {number} id */
  CloseNotification(id) {
    this.shown.delete(id);
    this.NotificationClosed(id, 3); // by a call of this method
  }

  GetCapabilities() {
    return ['body', 'actions'];
  }

  GetServerInformation() {
    return ['pushcall-e2e', 'pushcall', '1', '1.2'];
  }

  /** @param {number} id @param {string} key */
  ActionInvoked(id, key) {
    return [id, key];
  }

  /** @param {number} id @param {number} reason */
  NotificationClosed(id, reason) {
    return [id, reason];
  }
}

Notifications.configureMembers({
  methods: {
    Notify: { inSignature: 'susssasa{sv}i', outSignature: 'u' },
    CloseNotification: { inSignature: 'u', outSignature: '' },
    GetCapabilities: { inSignature: '', outSignature: 'as' },
    GetServerInformation: { inSignature: '', outSignature: 'ssss' },
  },
  signals: { ActionInvoked: { signature: 'us' }, NotificationClosed: { signature: 'uu' } },
});

/** A desktop for one Chromium. */
export class Desktop {
  #daemon;
  #bus;
  #notifications = new Notifications();

  /** @param {import('node:child_process').ChildProcess} daemon @param {string} address */
  constructor(daemon, address) {
    this.#daemon = daemon;
    this.environment = { DBUS_SESSION_BUS_ADDRESS: address };
    this.#bus = dbus.sessionBus({ busAddress: address });
    this.#bus.export('/org/freedesktop/Notifications', this.#notifications);
  }

  static async start() {
    const daemon = spawn('dbus-daemon', ['--session', '--nofork', '--print-address'], { stdio: ['ignore', 'pipe', 'ignore'] });
    for await (const address of createInterface({ input: daemon.stdout })) {
      const desktop = new Desktop(daemon, address);
      await desktop.#bus.requestName('org.freedesktop.Notifications', 0);
      return desktop;
    }
    throw new Error('dbus-daemon ended before it was ready');
  }

  /** @returns {Notification[]} */
  notifications() {
    return [...this.#notifications.shown].map(([id, { title, body, actions }]) => ({
      title, body,
      click: async () => void this.#notifications.ActionInvoked(id, 'default'),
      press: async (action) => {
        const label = actions.findIndex((text, i) => i % 2 === 1 && text.toLowerCase() === action);
        if (label < 0) throw new Error(`"${title}" has no "${action}" among ${actions}`);
        this.#notifications.ActionInvoked(id, actions[label - 1]);
      },
      dismiss: async () => {
        if (this.#notifications.shown.delete(id)) this.#notifications.NotificationClosed(id, 2); // by the person
      },
    }));
  }

  /** Drops the notifications of a browser that has ended, since a click on them has no effect. */
  forget() {
    this.#notifications.shown.clear();
  }

  stop() {
    this.#bus.disconnect();
    this.#daemon.kill();
  }
}

/** What Firefox shows. @param {import('puppeteer-core').Browser} firefox @returns {Promise<Notification[]>} */
export async function firefoxNotifications(firefox) {
  // One that is just being opened has its words before it hears a click.
  const windows = '[...Services.wm.getEnumerator("alert:alert")].filter(({ gIsActive }) => gIsActive)';
  /** @type {{title: string, body: string}[]} */
  const shown = JSON.parse(await privileged(firefox, `JSON.stringify(${windows}.map(({ document }) => ({
    title: document.getElementById("alertTitleLabel").value,
    body: document.getElementById("alertTextLabel")?.textContent ?? "",
  })))`));
  return shown.map(({ title, body }) => {
    // By what it says, since windows before it may have closed meanwhile.
    const it = `${windows}.find(({ document }) => document.getElementById("alertTitleLabel").value === ${JSON.stringify(title)}
      && (document.getElementById("alertTextLabel")?.textContent ?? "") === ${JSON.stringify(body)})`;
    return {
      title, body,
      click: async () => void await privileged(firefox, `${it}.document.getElementById("alertBox").click()`),
      // These windows have no buttons, so this is what one would do.
      press: async (action) => void await privileged(firefox, `{
        const { gAlertListener, gAlertCookie } = ${it};
        const pressed = { QueryInterface: ChromeUtils.generateQI(["nsIAlertAction"]), action: ${JSON.stringify(action)},
          title: "", iconURL: "", windowsSystemActivationType: false, opaqueRelaunchData: "" };
        gAlertListener.observe(pressed, "alertclickcallback", gAlertCookie);
      }`),
      dismiss: async () => void await privileged(firefox, `${it}?.close()`),
    };
  });
}

/** Evaluates an expression in Firefox's own scope.
 * @param {import('puppeteer-core').Browser} firefox @param {string} expression */
async function privileged(firefox, expression) {
  const { connection } = Object(firefox);
  const { result: { contexts } } = await connection.send('browsingContext.getTree', { 'moz:scope': 'chrome' });
  const { result } = await connection.send('script.evaluate', {
    expression, target: { context: contexts[0].context }, awaitPromise: true,
  });
  if (result.type === 'exception') throw new Error(result.exceptionDetails.text);
  return result.result.value;
}
