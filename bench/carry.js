// Sends a file between two pages over a library's connection: from a File, in pieces,
// to memory, as a Blob. Libraries leave reading and writing files to the page, which
// gives them pieces and gets pieces. This script runs in the pages.

/** @typedef {{send: (data: Uint8Array | number) => Promise<void> | void, receive: (f: (data: any) => void) => void}} Link */

const block = 1 << 20; // octets read at once
const input = Object.assign(document.createElement('input'), { type: 'file', hidden: true });
document.body.append(input);

/** @type {Link} */ let link;
/** What is done with what comes. @type {(data: any) => void} */ let received = () => {};

/** Begins to use the library's link, once it has one. */
async function use() {
  link = await /** @type {any} */ (window).link();
  link.receive((data) => received(data));
}

/** Starts to receive a file. @param {number} total octets */
function take(total) {
  /** @type {BlobPart[]} */ const pieces = [];
  let taken = 0;
  received = (piece) => {
    pieces.push(piece);
    taken += piece.byteLength;
    if (taken >= total) link.send(new Blob(pieces).size);
  };
}

/** Sends the file of the input, and returns how many milliseconds it took until all was there. @param {number} size of a piece, in octets */
async function give(size) {
  const file = /** @type {File} */ (input.files?.[0]);
  const done = new Promise((resolve) => { received = resolve; });
  const begun = performance.now();
  for (let at = 0; at < file.size; at += block) {
    const octets = new Uint8Array(await file.slice(at, at + block).arrayBuffer());
    for (let i = 0; i < octets.length; i += size) await link.send(octets.subarray(i, i + size));
  }
  const came = await done;
  if (came !== file.size) throw new Error(`${came} octets came of ${file.size}`);
  return performance.now() - begun;
}

Object.assign(window, { carry: { use, take, give } });
