// Draws QR codes, and reads them with the camera. The encoder and the decoder of
// web/qr are loaded at their first use. The decoder is used unless the browser has a
// detector of its own for QR codes (Shape Detection API), which few have.

const QUIET = 4; // ISO/IEC 18004, Section 9.1; modules of light border

/** @typedef {(text: string, output: 'raw', options: object) => boolean[][]} Encode
 * @typedef {{detect(image: HTMLVideoElement): Promise<{rawValue: string}[]>}} Detector */

/** Shows the camera in an element until it sees a code, and returns the code's text. It stops when signal is aborted.
 * @param {HTMLVideoElement} video @param {AbortSignal} signal @returns {Promise<string>} */
async function scan(video, signal) {
  const detector = await makeDetector();
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
  try {
    video.srcObject = stream;
    await video.play();
    for (;;) {
      signal.throwIfAborted();
      const [code] = await detector.detect(video);
      if (code?.rawValue) return code.rawValue;
      await nextFrame(video);
    }
  } finally {
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
  }
}

/** @returns {Promise<Detector>} */
async function makeDetector() {
  const own = Object(globalThis).BarcodeDetector;
  const formats = await own?.getSupportedFormats().catch(() => []) ?? [];
  const { BarcodeDetector } = formats.includes('qr_code') ? { BarcodeDetector: own } : await import('./qr/decode.js');
  return new BarcodeDetector({ formats: ['qr_code'] });
}

/** Waits for the next frame of the video, so that the page stays responsive. @param {HTMLVideoElement} video */
function nextFrame(video) {
  return new Promise((resolve) => {
    if (video.requestVideoFrameCallback) video.requestVideoFrameCallback(resolve);
    else requestAnimationFrame(resolve);
  });
}

/** Draws a text into an SVG that has a path for it. @param {SVGElement} drawing @param {string} text */
async function drawCode(drawing, text) {
  const { encodeQR } = await import('./qr/index.js');
  const modules = smallestCode(/** @type {Encode} */ (encodeQR), text);
  const dark = modules.flatMap((row, y) => row.map((is, x) => (is ? `M${x} ${y}h1v1h-1z` : '')));
  drawing.setAttribute('viewBox', `0 0 ${modules.length} ${modules.length}`);
  drawing.querySelector('path')?.setAttribute('d', dark.join(''));
}

/** Makes the smallest code for a text, with error correction for 15 % damage if it fits into the same size, and otherwise for 7 %.
 * @param {Encode} encode @param {string} text */
function smallestCode(encode, text) {
  const code = encode(text, 'raw', { ecc: 'low', border: QUIET });
  const version = (code.length - 2 * QUIET - 17) / 4; // Section 6.3.1
  try {
    return encode(text, 'raw', { ecc: 'medium', border: QUIET, version });
  } catch {
    return code;
  }
}

Object.assign(globalThis, { scan, drawCode });
