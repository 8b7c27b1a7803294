// Shows in the page that it has stopped, and offers to reload it. This script comes
// before all others, to report one that fails to load, for instance because the
// network changes: no other script could report that.

{
  const say = (/** @type {string} */ text) => String(Object(globalThis).words?.of(text) ?? text); // words.js may be the missing script
  Object(globalThis).trouble = { stop };
  addEventListener('error', ({ target }) => {
    if (target instanceof HTMLScriptElement) missing(target.src);
  }, true); // an error event of an element does not bubble

  /** @param {string} script */
  async function missing(script) {
    console.error(`${script} could not be loaded`);
    const { dataset } = document.documentElement;
    if (dataset.scripts === 'missing') return; // already shown
    dataset.scripts = 'missing';
    if (document.readyState === 'loading') await new Promise((resolve) => document.addEventListener('DOMContentLoaded', resolve));
    await Object(globalThis).words?.ready;
    stop(say('Pushcall could not start.'), say('Please check your connection and reload the page.'), true);
  }

  /** @param {string} what @param {string} then @param {boolean} [reloads] that may help */
  function stop(what, then, reloads = false) {
    for (const button of document.querySelectorAll('button')) button.disabled = true;
    for (const dialog of document.querySelectorAll('dialog')) dialog.close();
    document.body.className = 'stopped';
    document.body.dataset.state = 'failed';
    const word = document.createElement('strong');
    const sentence = document.createElement('span');
    word.textContent = what;
    sentence.textContent = then;
    document.getElementById('status')?.replaceChildren(word, ' ', sentence);
    if (!reloads) return;
    const reload = document.createElement('button');
    reload.className = 'strong';
    reload.textContent = say('Reload');
    reload.addEventListener('click', () => location.reload());
    document.getElementById('why')?.after(reload);
  }
}
