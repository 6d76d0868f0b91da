/** What the model says, word by word, each tinted by how much the picture had to do with it. */

const SENTENCE_END = /[.!?…]["”’)]?$/;
const ANNOUNCE_AFTER_MS = 2_500;
/** Closer to the end than this counts as reading along, so new words scroll into view. */
const NEAR_END_PX = 60;

export class Transcript {
  #log;
  #scroller;
  #spoken;
  #paragraph = null;
  #unannounced = '';
  #timer = null;

  /** `log` shows the words; whole sentences go to `spoken`, a live region: single words would be a stutter. */
  constructor({ log, scroller, spoken }) {
    this.#log = log;
    this.#scroller = scroller;
    this.#spoken = spoken;
  }

  clear() {
    this.#log.replaceChildren();
    this.#spoken.textContent = '';
    this.#paragraph = null;
    this.#unannounced = '';
    clearTimeout(this.#timer);
  }

  /** Adds a piece of text with its level 0 (general knowledge) to 10 (the picture), or null for no colour. */
  add(text, level) {
    const follows = this.#atEnd();
    this.#paragraph ??= this.#append('p');
    const piece = document.createElement('span');
    piece.textContent = text;
    if (level !== null) {
      piece.className = `gate gate-${level}`;
    }
    this.#paragraph.append(piece);
    this.#announceLater(text);
    this.#follow(follows);
  }

  /** Marks a change of picture between the words. */
  addPicture({ url, description }) {
    const follows = this.#atEnd();
    const figure = this.#append('figure');
    const image = new Image();
    image.src = url;
    image.alt = '';
    const caption = document.createElement('figcaption');
    caption.textContent = description;
    figure.append(image, caption);
    this.#paragraph = null;
    this.#follow(follows);
  }

  /** Adds a question that was asked with a button. */
  addQuestion(text) {
    const follows = this.#atEnd();
    const question = this.#append('p');
    question.className = 'question';
    question.textContent = text;
    this.#paragraph = null;
    this.#follow(follows);
  }

  #append(name) {
    const element = document.createElement(name);
    this.#log.append(element);
    return element;
  }

  #announceLater(text) {
    this.#unannounced += text;
    clearTimeout(this.#timer);
    const done = SENTENCE_END.test(this.#unannounced.trimEnd());
    this.#timer = setTimeout(() => this.#announce(), done ? 0 : ANNOUNCE_AFTER_MS);
  }

  #announce() {
    const sentence = document.createElement('p');
    sentence.textContent = this.#unannounced;
    this.#spoken.append(sentence);
    while (this.#spoken.children.length > 5) {
      this.#spoken.firstChild.remove();
    }
    this.#unannounced = '';
  }

  #atEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroller;
    return scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
  }

  #follow(follows) {
    if (follows) {
      this.#scroller.scrollTop = this.#scroller.scrollHeight;
    }
  }
}
