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
