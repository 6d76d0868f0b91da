/** What the model says, word by word, each tinted by how much the picture had to do with it. */

const SENTENCE_END = /[.!?…]["”’)]?$/;
const ANNOUNCE_AFTER_MS = 2_500;
/** Closer to the end than this counts as reading along, so new words scroll into view. */
const NEAR_END_PX = 60;

export class Transcript {
  #log;
  #scroller;
  #spoken;
  #part = null;
  #following = true;
  #seen = {};
  #paragraph = null;
  #unannounced = '';
  #timer = null;

  /** `log` shows the words; whole sentences go to `spoken`, a live region: single words would be a stutter. */
  constructor({ log, scroller, spoken }) {
    this.#log = log;
    this.#scroller = scroller;
    this.#spoken = spoken;
    scroller.addEventListener('scroll', () => this.#scrolled());
    const resizes = new ResizeObserver(() => this.#follow());
    [scroller, log].forEach((element) => resizes.observe(element));
  }

  /** Begins the part of a new talk below those before it. */
  begin() {
    const first = this.isEmpty;
    this.#part = document.createElement('section');
    this.#log.append(this.#part);
    this.#spoken.textContent = '';
    this.#paragraph = null;
    this.#unannounced = '';
    this.#following = true;
    clearTimeout(this.#timer);
    if (!first) {
      const divider = this.#append('p');
      divider.className = 'divider';
      divider.textContent = `Another talk, ${new Date().toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })}`;
    }
    this.#follow();
  }

  /** Takes back the part of a talk that never began. */
  discard() {
    this.#part.remove();
    this.#part = null;
  }

  get isEmpty() {
    return this.#log.childElementCount === 0;
  }

  /** The part of the latest talk. */
  get latest() {
    return this.#part;
  }

  /** All parts. */
  get all() {
    return this.#log;
  }

  /** Adds a piece of text with its level 0 (general knowledge) to 10 (the picture), or null for no color. */
  add(text, level) {
    this.#paragraph ??= this.#append('p');
    const piece = document.createElement('span');
    piece.textContent = text;
    if (level !== null) {
      piece.className = `gate gate-${level}`;
    }
    this.#paragraph.append(piece);
    this.#announceLater(text);
    this.#follow();
  }

  /** Marks a change of picture between the words. */
  addPicture({ url, description }) {
    const figure = this.#append('figure');
    const image = new Image();
    image.src = url;
    image.alt = '';
    const caption = document.createElement('figcaption');
    caption.textContent = description;
    figure.append(image, caption);
    this.#paragraph = null;
    this.#follow();
  }

  /** Adds a question that was asked with a button. */
  addQuestion(text) {
    const question = this.#append('p');
    question.className = 'question';
    question.textContent = text;
    this.#paragraph = null;
    this.#follow();
  }

  #append(name) {
    const element = document.createElement(name);
    this.#part.append(element);
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

  /** Who scrolls back is left there, and who returns to the end reads along again. A change of size is nobody's wish. */
  #scrolled() {
    const { scrollTop, clientHeight, clientWidth } = this.#scroller;
    const resized = clientHeight !== this.#seen.clientHeight || clientWidth !== this.#seen.clientWidth;
    if (this.#atEnd()) {
      this.#following = true;
    } else if (!resized && scrollTop < this.#seen.scrollTop) {
      this.#following = false;
    }
    this.#seen = { scrollTop, clientHeight, clientWidth };
  }

  #follow() {
    if (this.#following && !this.isEmpty) {
      this.#scroller.scrollTop = this.#scroller.scrollHeight;
      const { scrollTop, clientHeight, clientWidth } = this.#scroller;
      this.#seen = { scrollTop, clientHeight, clientWidth };
    }
  }
}
