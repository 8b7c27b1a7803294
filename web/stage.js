// How a person arranges the pictures of a call, and what fades on a picture that stands still.

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
      const now = `${event.screenX} ${event.screenY}`;
      if (name === 'pointermove' && now === place) return;
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
