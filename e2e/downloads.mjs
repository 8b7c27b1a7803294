// Folders for a browser's downloads, and files to send.

import { createCipheriv, createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, open, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Browser } from './browser.mjs';
import { until } from './until.mjs';

const zeros = Buffer.alloc(1 << 20);

/** A folder that is removed after the test. */
export class Folder {
  /** @param {string} path */
  constructor(path) {
    this.path = path;
  }

  static async make() {
    return new Folder(await mkdtemp(join(tmpdir(), 'pushcall-files-')));
  }

  /** Makes a file of random octets that depend on its name. @param {string} name @param {number} size octets */
  async add(name, size) {
    const path = join(this.path, name);
    const file = await open(path, 'w');
    const cipher = createCipheriv('aes-256-ctr', createHash('sha256').update(name).digest(), Buffer.alloc(16));
    for (let at = 0; at < size; at += zeros.length) await file.write(cipher.update(zeros), 0, Math.min(zeros.length, size - at));
    await file.close();
    return path;
  }

  /** Makes a sparse file of zeros, which takes no space. @param {string} name @param {number} size octets */
  async addHollow(name, size) {
    const path = join(this.path, name);
    const file = await open(path, 'w');
    await file.truncate(size);
    await file.close();
    return path;
  }

  /** Waits until a file is complete. @param {string} name @param {number} [patience] milliseconds */
  async has(name, patience) {
    return until(`${name} among the downloads`, async () => {
      const names = await readdir(this.path);
      const open = names.some((other) => /\.(part|crdownload)$/.test(other));
      return names.includes(name) && !open ? join(this.path, name) : undefined;
    }, patience);
  }

  async names() {
    return (await readdir(this.path)).sort();
  }

  async remove() {
    await rm(this.path, { recursive: true, force: true });
  }
}

/** Starts a browser whose downloads go to a folder, unasked.
 * @param {import('./browser.mjs').Kind} kind @param {import('./lab.mjs').Lab} lab @param {Folder} folder @param {import('./browser.mjs').Options} [options] */
export async function startWithDownloads(kind, lab, folder, options = {}) {
  const prefs = {
    'browser.download.folderList': 2,
    'browser.download.dir': folder.path,
    'browser.download.useDownloadDir': true,
    'browser.download.alwaysOpenPanel': false,
    ...options.prefs,
  };
  const args = ['--disable-blink-features=FileSystemAccessLocal', ...options.args ?? []]; // nobody could answer its dialog
  const browser = await Browser.start(kind, lab, { ...options, prefs, args });
  if (kind === 'chromium') {
    const session = await browser.connection.target().createCDPSession();
    await session.send('Browser.setDownloadBehavior', { behavior: 'allow', downloadPath: folder.path });
  }
  return browser;
}

/** @param {string} path @returns {Promise<string>} */
export async function hashOf(path) {
  const hash = createHash('sha256');
  for await (const part of createReadStream(path)) hash.update(part);
  return hash.digest('hex');
}
