/** What the user says, as the server's speech-to-text model writes it down: a line for each turn, word by word. */

/** Models that tell no ends of turns: after so long a gap, a word begins a line of its own. */
const LONGEST_GAP_SECONDS = 3;

export class UserWords {
  #place;
  #announcer;
  #words = new Map();
  #line = null;
  #lastStart = 0;

  /** `place(line, start)` puts a new line, which begins at that second of the user's sound, into the conversation. */
  constructor(place, announcer) {
    this.#place = place;
    this.#announcer = announcer;
  }

  /** Forgets the talk before. */
  clear() {
    this.#words.clear();
    this.#line = null;
    this.#announcer.clear();
  }

  /** Whether the turn of the last word goes on, as far as is known. */
  get isSpeaking() {
    return this.#line !== null;
  }

  /** Shows a word, in place of the version that was known of it. */
  show({ number, isFinal, start, text }) {
    const word = this.#words.get(number) ?? this.#begin(number, start);
    word.textContent = text;
    if (isFinal && word.matches('.open')) {
      word.classList.remove('open');
      this.#announcer.add(`${text} `);
    }
  }

  /** The user has finished: words that follow are on a line of their own, and those so far change no more. */
  endTurn() {
    this.#line?.querySelectorAll('.open').forEach((word) => word.classList.remove('open'));
    this.#line = null;
  }

  #begin(number, start) {
    if (this.#line === null || start - this.#lastStart > LONGEST_GAP_SECONDS) {
      this.endTurn();
      this.#line = document.createElement('p');
      this.#line.className = 'user';
      this.#line.append(span('who', 'You:'));
      this.#place(this.#line, start);
    }
    this.#lastStart = start;
    const word = span('word open', '');
    this.#line.append(' ', word);
    this.#words.set(number, word);
    return word;
  }
}

function span(className, text) {
  return Object.assign(document.createElement('span'), { className, textContent: text });
}
