// Reads a QR code with the camera. What reads it is loaded when it is first
// wanted: the browser's own detector (Shape Detection API) where it has one for
// QR codes, which few do, and else the one in web/qr.

/** @typedef {{detect(image: HTMLVideoElement): Promise<{rawValue: string}[]>}} Detector */

/** Shows the camera in an element until there is a code, and returns its text, or until it is given up.
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

/** Waits for the next picture, and lets the page do other things meanwhile. @param {HTMLVideoElement} video */
function nextFrame(video) {
  return new Promise((resolve) => {
    if (video.requestVideoFrameCallback) video.requestVideoFrameCallback(resolve);
    else requestAnimationFrame(resolve);
  });
}

Object.assign(globalThis, { scan });
