/** A level meter that rises at once and falls slowly, as the eye likes it. */

const FALL = 0.8;

export class Meter {
  #element;
  #level = 0;

  constructor(element) {
    this.#element = element;
  }

  /** Shows a level of 0 to 1. */
  show(level) {
    this.#level = Math.max(level, this.#level * FALL);
    this.#element.style.setProperty('--level', this.#level.toFixed(3));
    this.#element.setAttribute('aria-valuenow', String(Math.round(100 * this.#level)));
  }

  /** The level that is shown: the last one, or the loudest before it on its way down. */
  get level() {
    return this.#level;
  }

  clear() {
    this.#level = 0;
    this.show(0);
  }
}
