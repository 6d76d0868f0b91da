/**
 * What the model says, word by word, each tinted by how much the picture had to do with it; and what the user says, where the
 * server tells, on lines of its own.
 */

import { Announcer, endsSentence } from './announcer.js';
import { UserWords } from './user-words.js';

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
  #announcer;
  #user;
  /** For paragraphs of the model: the second of the user's sound at which they began. */
  #begun = new WeakMap();

  /** `log` shows the words; whole sentences go to `spoken`, a live region. */
  constructor({ log, scroller, spoken }) {
    this.#log = log;
    this.#scroller = scroller;
    this.#spoken = spoken;
    this.#announcer = new Announcer(spoken, '');
    this.#user = new UserWords((line, start) => this.#place(line, start), new Announcer(spoken, 'You: '));
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
    this.#announcer.clear();
    this.#user.clear();
    this.#following = true;
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

  /**
   * Adds a piece of text with its level 0 (general knowledge) to 10 (the picture), or null for no color, that came at a second of
   * the user's sound.
   */
  add(text, level, second) {
    if (this.#isAnswered()) {
      this.#paragraph = null;
    }
    if (this.#paragraph === null) {
      this.#paragraph = this.#append('p');
      this.#begun.set(this.#paragraph, second);
    }
    const piece = document.createElement('span');
    piece.textContent = text;
    if (level !== null) {
      piece.className = `gate gate-${level}`;
    }
    this.#paragraph.append(piece);
    this.#announcer.add(text);
    this.#follow();
  }

  /** Shows a word of the user: see `UserWords`. */
  addUserWord(word) {
    this.#user.show(word);
    this.#follow();
  }

  /** The user has finished, or the talk is over. */
  endUserTurn() {
    this.#user.endTurn();
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

  /** Puts a line of the user where it belongs: its words come later than what the model said meanwhile. */
  #place(line, start) {
    this.#part.append(line);
    while (this.#begun.get(line.previousElementSibling) > start) {
      line.previousElementSibling.before(line);
    }
  }

  /** Whether the model's next words belong below those of the user: at the end of the user's turn, or of the model's sentence. */
  #isAnswered() {
    const isAbove = this.#paragraph?.nextElementSibling?.matches('.user');
    return isAbove && (!this.#user.isSpeaking || endsSentence(this.#paragraph.textContent));
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
