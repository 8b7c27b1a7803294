// Chooses the page's language and translates the document before it is shown.
//
// The texts of the document and the program are English. Every other language has a
// catalogue, to which index.html links: a JSON object with the translation of each
// English text, or, for a text with a number {n}, one translation for each plural
// category (UTS #35, Part 3, Section 5). A text that a catalogue lacks stays English.
// This script is not a module, so that it runs before English text is shown.

{
  const CHOICE = 'pushcall language'; // in localStorage, which can be read synchronously; absent: the browser's language
  const ATTRIBUTES = ['aria-label', 'placeholder', 'title', 'alt'];
  const RIGHT_TO_LEFT = ['ar', 'fa', 'he', 'ur'];

  /** @type {Record<string, string | Record<string, string>>} */
  let catalogue = {};
  const { documentElement: root } = document;
  const files = new Map([...document.querySelectorAll('link[rel=words]')].map((link) =>
    [/** @type {HTMLLinkElement} */ (link).hreflang, /** @type {HTMLLinkElement} */ (link).href]));
  const language = [choice(), ...navigator.languages].map(primary).find((tag) => tag === 'en' || files.has(tag)) ?? 'en';
  const tag = [...navigator.languages].find((tag) => primary(tag) === language) ?? language;
  const plurals = new Intl.PluralRules(language);

  Object(globalThis).words = {
    language,
    /** for dates and numbers: the language with the person's region */
    tag,
    choice,
    choose,
    /** Returns a text in the person's language; with a number n, in its plural form. @param {string} text @param {number} [n] */
    of: (text, n) => Object.hasOwn(catalogue, text) ? form(catalogue[text], n) : text,
    /** Returns the indexes of the texts that contain another, sorted in the language's order, with "Friend 11" before "Friend 100".
     * @param {string[]} texts @param {string} search */
    order: (texts, search) => {
      const { compare } = new Intl.Collator(tag, { numeric: true });
      const wanted = plain(search.trim());
      return [...texts.keys()].filter((index) => plain(texts[index]).includes(wanted)).sort((a, b) => compare(texts[a], texts[b])).join(' ');
    },
    ready: language === 'en' ? Promise.resolve() : translate(files.get(language) ?? ''),
  };

  /** @param {string | Record<string, string>} text @param {number} [n] */
  function form(text, n = 0) {
    return typeof text === 'string' ? text : text[plurals.select(n)] ?? text.other;
  }

  /** Returns a text without case and accents. @param {string} text */
  function plain(text) {
    return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  }

  /** @param {string} tag of a language (BCP 47) */
  function primary(tag) {
    return tag.toLowerCase().split('-')[0];
  }

  function choice() {
    try {
      return localStorage.getItem(CHOICE) ?? '';
    } catch {
      return ''; // storage is forbidden here
    }
  }

  /** @param {string} language or '' for the browser's */
  function choose(language) {
    if (language) localStorage.setItem(CHOICE, language);
    else localStorage.removeItem(CHOICE);
  }

  /** @param {string} file */
  async function translate(file) {
    root.classList.add('wording'); // hides the document for at most 1.5 s
    root.lang = language;
    root.dir = RIGHT_TO_LEFT.includes(language) ? 'rtl' : 'ltr';
    try {
      const response = await fetch(file, { credentials: 'same-origin' });
      if (!response.ok) throw new Error(`${file}: status ${response.status}`);
      catalogue = await response.json();
      if (document.readyState === 'loading') await new Promise((resolve) => document.addEventListener('DOMContentLoaded', resolve));
      walk(document.body);
    } catch (error) {
      console.error(error);
      root.lang = 'en';
      root.dir = 'ltr';
    }
    root.classList.remove('wording');
  }

  /** Translates all texts in a part of the document. @param {ParentNode} part */
  function walk(part) {
    for (const node of part.childNodes) {
      const text = node.nodeType === Node.TEXT_NODE ? node.nodeValue ?? '' : '';
      if (text.trim()) node.nodeValue = /^\s*/.exec(text)?.[0] + known(text) + /\s*$/.exec(text)?.[0];
      if (!(node instanceof Element) || node.getAttribute('translate') === 'no' || node.localName === 'noscript') continue;
      for (const name of ATTRIBUTES) {
        const value = node.getAttribute(name);
        if (value) node.setAttribute(name, known(value));
      }
      walk(node instanceof HTMLTemplateElement ? node.content : node);
    }
  }

  /** @param {string} text as in the markup, with its white space */
  function known(text) {
    const key = text.replace(/\s+/g, ' ').trim();
    return Object.hasOwn(catalogue, key) ? form(catalogue[key]) : key;
  }
}
