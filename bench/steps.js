// Records in the page when each step of a call happens, once after each reset. It
// runs in the pages, and does not affect the measured program.

/** @typedef {'clicked' | 'posted' | 'came' | 'open'} Step */

/** @type {Partial<Record<Step, number>>} */ let times = {};
const note = (/** @type {Step} */ step) => { times[step] ??= performance.timeOrigin + performance.now(); };

document.addEventListener('click', () => note('clicked'), true);
navigator.serviceWorker.addEventListener('message', () => note('came'));

const send = window.fetch;
window.fetch = (...args) => {
  note('posted');
  return send(...args);
};

const create = RTCPeerConnection.prototype.createDataChannel;
RTCPeerConnection.prototype.createDataChannel = function (...args) {
  const channel = create.apply(this, args);
  channel.addEventListener('open', () => note('open'));
  return channel;
};

Object.assign(window, { steps: { reset: () => { times = {}; }, times: () => times } });
