// A plain data channel between two pages, to compare file transfers with. This script
// runs in the pages.

const connection = new RTCPeerConnection();
const channel = connection.createDataChannel('plain', { negotiated: true, id: 1 });
channel.binaryType = 'arraybuffer';

/** Rejects when the channel closes. */
const closed = new Promise((_, reject) => {
  channel.onclose = () => reject(new Error(`the plain channel has closed: connection ${connection.connectionState}`));
});
closed.catch(() => {}); // the error is handled where the promise is awaited

/** The next event of the channel. @param {'open' | 'message' | 'bufferedamountlow'} type */
function next(type) {
  return Promise.race([closed, new Promise((resolve) => channel.addEventListener(type, resolve, { once: true }))]);
}

/** Makes an offer, or an answer, or takes the answer. @param {RTCSessionDescriptionInit} [remote] */
async function meet(remote) {
  if (remote) await connection.setRemoteDescription(remote);
  if (remote?.type === 'answer') return undefined;
  await connection.setLocalDescription();
  while (connection.iceGatheringState !== 'complete') {
    await new Promise((resolve) => { connection.onicegatheringstatechange = resolve; });
  }
  return connection.localDescription?.toJSON();
}

/** Starts to count received octets until all have arrived, and to write them to disk if toFile is set.
 * @param {number} total @param {boolean} toFile */
async function take(total, toFile) {
  const block = 1 << 20; // octets written at once
  /** @type {FileSystemWritableFileStream | undefined} */ let sink;
  let taken = 0, filled = 0, writing = Promise.resolve(), buffer = new Uint8Array(block);
  if (toFile) {
    const folder = await navigator.storage.getDirectory();
    sink = await (await folder.getFileHandle('plain', { create: true })).createWritable();
  }
  channel.onmessage = async ({ data }) => {
    taken += data.byteLength;
    if (sink) {
      buffer.set(new Uint8Array(data), filled);
      filled += data.byteLength;
      if (filled === block || taken === total) {
        writing = sink.write(buffer.subarray(0, filled));
        [buffer, filled] = [new Uint8Array(block), 0];
      }
    }
    if (taken < total) return;
    channel.onmessage = null;
    await writing;
    await sink?.close();
    channel.send('done');
  };
}

/** Sends, and returns how many milliseconds it took until all was there. @param {number} total @param {number} message @param {File} [file] */
async function give(total, message, file) {
  if (channel.readyState !== 'open') await next('open');
  const done = next('message');
  done.catch(() => {});
  const most = 4 << 20;
  channel.bufferedAmountLowThreshold = most / 2;
  const begun = performance.now();
  let octets = new Uint8Array(message);
  for (let at = 0; at < total; at += message) {
    if (file && at % (1 << 20) === 0) octets = new Uint8Array(await file.slice(at, at + (1 << 20)).arrayBuffer());
    if (channel.bufferedAmount > most) await next('bufferedamountlow');
    channel.send(file ? octets.subarray(at % (1 << 20), at % (1 << 20) + message) : octets);
  }
  await done;
  return performance.now() - begun;
}

Object.assign(window, { plain: { meet, take, give } });
