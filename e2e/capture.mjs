// Writes descriptions of the installed browsers to signaling/testdata:
// of a data channel after an ICE restart, with mDNS names and with addresses,
// and of a call with media. It needs a network interface, and no server.

import { writeFile } from 'node:fs/promises';
import { Browser } from './browser.mjs';
import { Lab } from './lab.mjs';
import { bareAddresses } from './network.mjs';

const testdata = new URL('../signaling/testdata/', import.meta.url);

/** Runs in the page: two peers connect, then one of them restarts; two others have media.
 * @returns {Promise<Record<string, string>>} SDP by name */
async function describe() {
  /** @param {RTCPeerConnection} peer */
  const gathered = async (peer) => {
    const complete = new Promise((resolve) => peer.addEventListener('icecandidate', (event) => event.candidate || resolve(undefined)));
    await peer.setLocalDescription();
    await complete; // the state would still be complete from before a restart
    return /** @type {RTCSessionDescription} */ (peer.localDescription);
  };
  /** @param {RTCPeerConnection} caller @param {RTCPeerConnection} callee */
  const negotiate = async (caller, callee) => {
    const offer = await gathered(caller);
    await callee.setRemoteDescription(offer);
    const answer = await gathered(callee);
    await caller.setRemoteDescription(answer);
    return [offer.sdp, answer.sdp];
  };
  const peers = Array.from({ length: 4 }, () => new RTCPeerConnection());
  const [caller, callee, mediaCaller, mediaCallee] = peers;
  const channel = caller.createDataChannel('');
  const open = new Promise((resolve) => channel.addEventListener('open', resolve));
  await negotiate(caller, callee);
  await open;
  caller.restartIce();
  const [restartOffer, restartAnswer] = await negotiate(caller, callee);
  mediaCaller.createDataChannel('');
  for (const kind of ['audio', 'video']) mediaCaller.addTransceiver(kind);
  const [mediaOffer, mediaAnswer] = await negotiate(mediaCaller, mediaCallee);
  for (const peer of peers) peer.close();
  return { 'restart-offer': restartOffer, 'restart-answer': restartAnswer, 'media-offer': mediaOffer, 'media-answer': mediaAnswer };
}

const lab = await Lab.start();
for (const kind of /** @type {const} */ (['firefox', 'chromium'])) {
  for (const [infix, options] of /** @type {const} */ ([['', {}], ['addresses-', bareAddresses]])) {
    const browser = await Browser.start(kind, lab, options);
    try {
      const page = await browser.connection.newPage();
      for (const [name, sdp] of Object.entries(await page.evaluate(describe))) {
        if (infix && name.startsWith('media')) continue;
        await writeFile(new URL(`${kind}-${infix}${name}.sdp`, testdata), sdp);
        console.log(`${kind}-${infix}${name}: ${sdp.length} octets`);
      }
    } finally {
      await browser.stop();
    }
  }
}
await lab.stop();
