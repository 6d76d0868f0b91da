/** Says text that comes in pieces to a screen reader: whole sentences, as single words would be a stutter. */

const ANNOUNCE_AFTER_MS = 2_500;
const KEPT = 5;
const SENTENCE_END = /[.!?…]["”’)]?$/;

/** Whether a text ends where a sentence does. */
export function endsSentence(text) {
  return SENTENCE_END.test(text.trimEnd());
}

export class Announcer {
  #region;
  #prefix;
  #waiting = '';
  #timer = null;

  /** Sentences go to `region`, a live region, each with a `prefix` that says whose it is. */
  constructor(region, prefix) {
    this.#region = region;
    this.#prefix = prefix;
  }

  add(text) {
    this.#waiting += text;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#announce(), endsSentence(this.#waiting) ? 0 : ANNOUNCE_AFTER_MS);
  }

  /** Forgets what has not been said. */
  clear() {
    this.#waiting = '';
    clearTimeout(this.#timer);
  }

  #announce() {
    const sentence = document.createElement('p');
    sentence.textContent = this.#prefix + this.#waiting;
    this.#region.append(sentence);
    while (this.#region.children.length > KEPT) {
      this.#region.firstChild.remove();
    }
    this.#waiting = '';
  }
}
