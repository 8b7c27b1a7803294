// Stock browsers with profiles of their own, pointed at the lab's push services.
// They are started here rather than by puppeteer, because a profile has to
// survive a restart and puppeteer would reset its preferences.

import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, cp, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import puppeteer from 'puppeteer-core';
import { busyOf, family, memoryOf } from './memory.mjs';
import { Desktop, firefoxNotifications } from './notifications.mjs';

/** @typedef {'firefox' | 'chromium'} Kind */

const kinds = {
  firefox: {
    command: 'firefox-esr',
    protocol: /** @type {const} */ ('webDriverBiDi'),
    announced: /^WebDriver BiDi listening on (ws:\S+)/,
    session: '/session',
    /** @param {string} profile */
    args: (profile) => ['--headless', '--no-remote', '--profile', profile, '--remote-debugging-port', '0', '--remote-allow-system-access'],
  },
  chromium: {
    command: 'chromium',
    protocol: /** @type {const} */ ('cdp'),
    announced: /^DevTools listening on (ws:\S+)/,
    session: '',
    /** @param {string} profile */
    args: (profile) => ['--headless=new', `--user-data-dir=${profile}`, '--remote-debugging-port=0', '--no-sandbox', '--disable-gpu',
      '--no-first-run', '--disable-component-update', '--disable-sync', '--disable-quic'],
  },
};

/** Firefox's preferences for a browser without its maker's services, and without processes in store. */
const quiet = {
  'browser.shell.checkDefaultBrowser': false,
  'browser.aboutwelcome.enabled': false,
  'browser.newtabpage.enabled': false,
  'browser.startup.page': 0,
  'datareporting.policy.dataSubmissionEnabled': false,
  'app.update.enabled': false,
  'dom.ipc.processPrelaunch.enabled': false,
  'layout.frame_rate': 20, // a second: it paints with the processor, which others need
};

export class Browser {
  #lab;
  #profile;
  #options;
  /** @type {import('node:child_process').ChildProcess | undefined} */
  #process;
  /** @type {import('puppeteer-core').Browser | undefined} */
  #connection;
  /** @type {Desktop | undefined} */
  #desktop;

  /** @param {Kind} kind @param {import('./lab.mjs').Lab} lab @param {string} profile @param {Options} options */
  constructor(kind, lab, profile, options) {
    this.kind = kind;
    this.#lab = lab;
    this.#profile = profile;
    this.#options = options;
  }

  /**
   * @typedef {object} Options
   * @property {boolean} [denied] the person has denied notifications, rather than allowed them
   * @property {string[]} [origins] more pages that this decision is about
   * @property {Record<string, unknown>} [prefs] more of Firefox's preferences
   * @property {string[]} [args] more of Chromium's arguments
   * @property {import('./network.mjs').Place} [place] the network that it runs in, if not this one
   *
   * @param {Kind} kind
   * @param {import('./lab.mjs').Lab} lab
   * @param {Options} [options]
   */
  static async start(kind, lab, options = {}) {
    const browser = new Browser(kind, lab, await mkdtemp(join(tmpdir(), `pushcall-${kind}-`)), options);
    if (kind === 'chromium') browser.#desktop = await Desktop.start();
    else await cp(await startedProfile(), browser.#profile, { recursive: true });
    await browser.#writeProfile();
    await browser.open();
    return browser;
  }

  /** The person's decisions, as the browser itself keeps them. */
  async #writeProfile() {
    const decision = this.#options.denied ? 2 : 1; // in both browsers
    if (this.kind === 'firefox') {
      await writePrefs(this.#profile, {
        ...quiet,
        ...this.#lab.firefox.prefs,
        'permissions.default.desktop-notification': decision,
        'alerts.useSystemBackend': false, // draws notifications itself, so that they can be reached
        'dom.disable_open_during_load': false,
        ...this.#options.prefs,
      });
      return;
    }
    const origins = [new URL(this.#lab.page).origin, ...this.#options.origins ?? []];
    const notifications = Object.fromEntries(origins.map((origin) => [`${origin},*`, { setting: decision }]));
    await mkdir(join(this.#profile, 'Default'));
    await writeFile(join(this.#profile, 'Default', 'Preferences'),
      JSON.stringify({ profile: { content_settings: { exceptions: { notifications } } } }));
  }

  /** Starts the browser with its profile as it is. */
  async open() {
    const { place } = this.#options;
    const more = this.kind === 'chromium' ? [...this.#lab.chromium.args, ...this.#options.args ?? []] : [];
    const { running, connection } = await launch(this.kind, [...kinds[this.kind].args(this.#profile), ...more], place, this.#desktop?.environment);
    this.#process = running;
    this.#connection = connection;
  }

  get connection() {
    if (!this.#connection) throw new Error('the browser is closed');
    return this.#connection;
  }

  /** The folder of its profile. */
  get profile() {
    return this.#profile;
  }

  /** The notifications that the browser shows. */
  async notifications() {
    return this.#desktop ? this.#desktop.notifications() : firefoxNotifications(this.connection);
  }

  /** The browser's memory, in MiB. */
  async memory() {
    return memoryOf(this.#process?.pid ?? 0);
  }

  /** How long the main threads of its pages have run, in milliseconds by process. */
  async busy() {
    return busyOf(this.#process?.pid ?? 0);
  }

  /** Ends the browser's process; the profile stays. */
  async quit() {
    const ended = this.#ended();
    await this.#connection?.close().catch(() => this.#process?.kill());
    await ended;
    this.#desktop?.forget();
    this.#connection = undefined;
  }

  get #runs() {
    const { exitCode, signalCode } = this.#process ?? {};
    return exitCode === null && signalCode === null;
  }

  async #ended() {
    if (this.#runs) await new Promise((resolve) => this.#process?.once('exit', resolve));
  }

  /** Suspends all its processes, as on a machine that sleeps. The returned function resumes them. */
  async standStill() {
    const all = await family(this.#process?.pid ?? 0);
    for (const id of all) signal(id, 'SIGSTOP');
    return () => { for (const id of all) signal(id, 'SIGCONT'); };
  }

  /** Kills the browser, as a crash would: its pages cannot react. */
  async crash() {
    this.#process?.kill('SIGKILL');
    await this.#ended();
    this.#connection = undefined;
  }

  async restart() {
    await this.quit();
    await this.open();
  }

  /** Ends the browser and removes its profile. */
  async stop() {
    const all = this.#runs ? await family(this.#process?.pid ?? 0) : []; // the number of one that has ended may be another's
    for (const id of all) signal(id, 'SIGKILL'); // to quit in order takes seconds
    await this.#ended();
    this.#desktop?.stop();
    await rm(this.#profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Starts a browser's program, and connects to it. @param {Kind} kind @param {string[]} args
 * @param {import('./network.mjs').Place} [place] @param {NodeJS.ProcessEnv} [environment] more of it */
async function launch(kind, args, place, environment) {
  const { command, protocol, announced, session } = kinds[kind];
  const all = [...args, 'about:blank'];
  const running = spawn(...place?.command(command, all) ?? [command, all], {
    stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, ...environment },
  });
  for await (const line of createInterface({ input: running.stderr })) {
    const [, address] = announced.exec(line) ?? [];
    if (!address) continue;
    running.stderr.resume(); // otherwise the browser blocks when the pipe is full
    const browserWSEndpoint = await place?.reach(address + session) ?? address + session;
    const headers = { Host: new URL(address).host }; // Firefox requires its own, even if it is reached by another address
    const connection = await puppeteer.connect({ browserWSEndpoint, protocol, headers, defaultViewport: null }).catch((error) => {
      running.kill('SIGKILL');
      throw error;
    });
    return { running, connection };
  }
  throw new Error(`${command} ended before it was ready`);
}

/** @type {Promise<string> | undefined} */
let started;

/** A profile that Firefox has been started with once, for new ones to begin as its copies: with its databases made and its
 * scripts compiled, a start takes two thirds of the time. It is made once for each version of Firefox. */
function startedProfile() {
  return started ??= (async () => {
    const { stdout } = await promisify(execFile)(kinds.firefox.command, ['--version']);
    const profile = join(tmpdir(), `pushcall-started-${stdout.trim().replace(/\W+/g, '-')}`);
    if (await access(profile).then(() => true, () => false)) return profile;
    const making = await mkdtemp(`${profile}-`);
    await writePrefs(making, quiet);
    const { running, connection } = await launch('firefox', kinds.firefox.args(making));
    await new Promise((resolve) => setTimeout(resolve, 2000)); // what it loads by then is kept compiled
    await Promise.all([once(running, 'exit'), connection.close()]); // in order: after a crash it would begin anew
    await rm(join(making, 'lock'), { force: true });
    await rename(making, profile).catch(() => rm(making, { recursive: true })); // somebody else was sooner
    return profile;
  })();
}

/** @param {string} profile @param {Record<string, unknown>} prefs */
async function writePrefs(profile, prefs) {
  const lines = Object.entries(prefs).map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`);
  await writeFile(join(profile, 'user.js'), lines.join(''));
}

/** Sends a signal to a process, unless it has ended. @param {number} id @param {NodeJS.Signals} name */
function signal(id, name) {
  try {
    process.kill(id, name);
  } catch (error) {
    if (Object(error).code !== 'ESRCH') throw error; // ESRCH: there is no such process
  }
}
