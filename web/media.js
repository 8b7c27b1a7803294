// Functions for voice and video that would be slow in Go, since they read many
// JavaScript properties or run many times per second.

const meterEvery = 80; // milliseconds
const meterRange = 50; // decibels below full scale

const media = {
  /** Features of this browser. Phones cannot share a screen, and not all browsers have the others. */
  shares: 'getDisplayMedia' in Object(navigator.mediaDevices),
  speaks: 'setSinkId' in HTMLMediaElement.prototype,
  floats: document.pictureInPictureEnabled,
  fills: document.fullscreenEnabled,

  /** Returns the quality of a call (Identifiers for WebRTC's Statistics API, Section 5). A value that the browser does
   * not provide is zero or negative. @param {RTCPeerConnection} peer */
  async quality(peer) {
    const report = /** @type {Map<string, any>} */ (/** @type {unknown} */ (await peer.getStats()));
    const all = [...report.values()];
    /** @param {string} type */
    const of = (type) => all.filter((stats) => stats.type === type);
    const pair = report.get(of('transport')[0]?.selectedCandidatePairId) ?? of('candidate-pair').find(({ selected }) => selected);
    /** @param {string} property */
    const sum = (property) => of('inbound-rtp').reduce((sum, stats) => sum + Math.max(stats[property] ?? 0, 0), 0); // packetsLost is negative if there are duplicates (RFC 3550, Section 6.4.1)
    const picture = of('inbound-rtp').reverse().find(({ frameWidth }) => frameWidth);
    return {
      known: Boolean(pair),
      relayed: [pair?.localCandidateId, pair?.remoteCandidateId].some((id) => report.get(id)?.candidateType === 'relay'),
      roundTrip: pair?.currentRoundTripTime ?? of('remote-inbound-rtp').find(({ roundTripTime }) => roundTripTime)?.roundTripTime ?? -1, // seconds
      received: sum('packetsReceived'),
      lost: sum('packetsLost'),
      width: picture?.frameWidth ?? 0,
      height: picture?.frameHeight ?? 0,
    };
  },

  /** Shows the loudness of a stream, on a logarithmic scale, until the returned function is called. It plays nothing.
   * @param {MediaStream} stream @param {HTMLMeterElement} bar */
  measure(stream, bar) {
    const audio = new AudioContext();
    const analyser = new AnalyserNode(audio); // the newest 2048 samples, about 40 ms
    audio.createMediaStreamSource(stream).connect(analyser);
    audio.resume().catch(() => {}); // settles after the next user gesture, or never
    const samples = new Float32Array(analyser.fftSize);
    const timer = setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
      bar.value = Math.max(1 + 10 * Math.log10(power) / meterRange, 0);
    }, meterEvery);
    return () => {
      clearInterval(timer);
      audio.close().catch(() => {});
      bar.value = 0;
    };
  },

  /** Fills a select box with the devices of a kind, and returns whether there are any. Browsers hide the ids and names
   * of devices until the page has permission to use them.
   * @param {HTMLSelectElement} box @param {MediaDeviceKind} kind @param {string} chosen the id of the device in use, or '' for the box's selection */
  async choices(box, kind, chosen) {
    const all = await navigator.mediaDevices?.enumerateDevices() ?? [];
    const options = all.filter((device) => device.kind === kind && device.deviceId).map(({ label, deviceId }) => new Option(label, deviceId));
    const now = chosen || box.value;
    box.replaceChildren(...options);
    if (options.some(({ value }) => value === now)) box.value = now;
    return options.length > 0;
  },

  /** Moves a video to a picture-in-picture window, or back. @param {HTMLVideoElement} video */
  async float(video) {
    await (document.pictureInPictureElement ? document.exitPictureInPicture() : video.requestPictureInPicture());
  },

  /** Makes an element full screen, or ends full screen. @param {Element | null} element */
  async fill(element) {
    if (document.fullscreenElement) await document.exitFullscreen();
    else await element?.requestFullscreen();
  },
};

Object.assign(globalThis, { media });

const stillAfter = 3000; // milliseconds without a move, a press, a key or a focus
const dragged = 8; // pixels from which on a press is a drag

/** @template {HTMLElement} T @param {string} id @returns {T} */
const find = (id) => /** @type {T} */ (document.getElementById(id));
const [stage, theatre, picture, own, size] = ['stage', 'theatre', 'picture', 'own-view', 'own-size'].map((id) => find(id));
const tiles = /** @type {HTMLElement} */ (own.parentElement);

// The stage is still, so that media.css may fade what lies on a picture, until the person does anything.
let waking = 0;
let place = '';
let reveals = false; // a touch that brings back what has faded presses nothing
for (const name of ['pointermove', 'pointerdown', 'keydown', 'focusin']) {
  document.addEventListener(name, (event) => {
    if (event instanceof PointerEvent) { // browsers report moves of what is beneath the pointer, too
      const now = `${event.type} ${event.screenX} ${event.screenY}`;
      if (now === place) return;
      place = now;
      if (name === 'pointerdown') reveals = event.pointerType !== 'mouse' && getComputedStyle(stage).getPropertyValue('--shown').trim() === '0';
    }
    clearTimeout(waking);
    delete stage.dataset.still;
    waking = setTimeout(() => { stage.dataset.still = ''; }, stillAfter);
  }, { capture: true, passive: true });
}

document.addEventListener('click', (event) => {
  if (reveals && event.detail) { // else it was no touch's
    event.preventDefault();
    event.stopPropagation();
  }
  reveals = false;
}, { capture: true });

/** Puts the small pictures into the corner that is nearest to a point of the window. @param {number} x @param {number} y */
function corner(x, y) {
  const { left, top, width, height } = stage.getBoundingClientRect();
  tiles.dataset.x = x < left + width / 2 ? 'left' : 'right';
  tiles.dataset.y = y < top + height / 2 ? 'top' : 'bottom';
}

/** @returns {[number, number]} */
function centre() {
  const { left, top, width, height } = tiles.getBoundingClientRect();
  return [left + width / 2, top + height / 2];
}

/** @type {[number, number] | undefined} */ let from;
let drags = false;
size.addEventListener('pointerdown', (event) => {
  if (event.button) return;
  [from, drags] = [[event.clientX, event.clientY], false];
  size.setPointerCapture(event.pointerId);
});
size.addEventListener('pointermove', ({ clientX, clientY }) => {
  if (!from) return;
  const [x, y] = [clientX - from[0], clientY - from[1]];
  drags ||= Math.hypot(x, y) >= dragged;
  if (drags) tiles.style.translate = `${x}px ${y}px`;
});
for (const name of ['pointerup', 'pointercancel']) {
  size.addEventListener(name, () => {
    from = undefined;
    if (drags) corner(...centre());
    tiles.style.translate = '';
  });
}
size.addEventListener('click', ({ detail }) => {
  if (drags && detail) return; // without a detail it was no pointer's
  size.setAttribute('aria-pressed', String(size.getAttribute('aria-pressed') !== 'true'));
});
size.addEventListener('keydown', (event) => {
  const [x, y] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key] ?? [0, 0];
  if (!x && !y) return;
  event.preventDefault();
  const [nowX, nowY] = centre();
  corner(nowX + x * innerWidth, nowY + y * innerHeight);
});
for (const id of ['own-hide', 'own-show']) {
  find(id).addEventListener('click', () => {
    const away = own.classList.toggle('away');
    find(away ? 'own-show' : 'own-size').focus();
  });
}

/** Has the friend's picture fill the stage, or fit into it. */
function fit() {
  theatre.dataset.fit = getComputedStyle(picture).objectFit === 'cover' ? 'contain' : 'cover';
}
find('fit').addEventListener('click', fit);
stage.addEventListener('dblclick', ({ target }) => {
  if (!/** @type {Element} */ (target).closest('button, a, summary, dl, .tiles, .conversation, .waiting')) fit();
});
picture.addEventListener('emptied', () => { delete theatre.dataset.fit; }); // another picture
