// What of voice and video would be dear if it went through Go: it looks at many
// things, or many times in a second.

const meterEvery = 80; // milliseconds
const meterRange = 50; // decibels below the loudest that there is

const media = {
  /** What this browser can do; telephones share no screen, and not all browsers have the others for pages. */
  shares: 'getDisplayMedia' in Object(navigator.mediaDevices),
  speaks: 'setSinkId' in HTMLMediaElement.prototype,
  floats: document.pictureInPictureEnabled,
  fills: document.fullscreenEnabled,

  /** How well a call goes (Identifiers for WebRTC's Statistics API, Section 5). What the browser does not tell is
   * zero, or less. @param {RTCPeerConnection} peer */
  async quality(peer) {
    const report = /** @type {Map<string, any>} */ (/** @type {unknown} */ (await peer.getStats()));
    const all = [...report.values()];
    /** @param {string} type */
    const of = (type) => all.filter((stats) => stats.type === type);
    const pair = report.get(of('transport')[0]?.selectedCandidatePairId) ?? of('candidate-pair').find(({ selected }) => selected);
    /** @param {string} property */
    const sum = (property) => of('inbound-rtp').reduce((sum, stats) => sum + Math.max(stats[property] ?? 0, 0), 0); // duplicates count against what is lost (RFC 3550, Section 6.4.1)
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

  /** Shows how loud a stream is, even to the ear, until what is returned is called. Nothing is played.
   * @param {MediaStream} stream @param {HTMLMeterElement} bar */
  measure(stream, bar) {
    const audio = new AudioContext();
    const analyser = new AnalyserNode(audio); // of the newest 2048 samples, some 40 ms
    audio.createMediaStreamSource(stream).connect(analyser);
    audio.resume().catch(() => {}); // settles when the person does something, or never
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

  /** Fills a box with the devices of a kind, and tells whether there are any. A page that may not use them, or does not
   * yet, sees neither their ids nor their names.
   * @param {HTMLSelectElement} box @param {MediaDeviceKind} kind @param {string} chosen the id of what is in use, or '' for what the box says */
  async choices(box, kind, chosen) {
    const all = await navigator.mediaDevices?.enumerateDevices() ?? [];
    const options = all.filter((device) => device.kind === kind && device.deviceId).map(({ label, deviceId }) => new Option(label, deviceId));
    const now = chosen || box.value;
    box.replaceChildren(...options);
    if (options.some(({ value }) => value === now)) box.value = now;
    return options.length > 0;
  },

  /** Puts a video into a window of its own, or back. @param {HTMLVideoElement} video */
  async float(video) {
    await (document.pictureInPictureElement ? document.exitPictureInPicture() : video.requestPictureInPicture());
  },

  /** Has an element fill the screen, or whatever does go back to its place. @param {Element | null} element */
  async fill(element) {
    if (document.fullscreenElement) await document.exitFullscreen();
    else await element?.requestFullscreen();
  },
};

Object.assign(globalThis, { media });
