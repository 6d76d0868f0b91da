/** One to five stars: radio buttons, so that keys and screen readers know what to do. */

const MOST = 5;
/** Arrow keys pass the stars between: the one at which a user stays is meant. */
const SETTLED_MS = 1_200;

export class Rating {
  #form;
  #stars;
  #thanks;
  #onRated;
  #chosen = null;
  #timer = null;

  /** `onRated(stars)` says (perhaps later) whether the server took them. */
  constructor(form, onRated) {
    this.#form = form;
    this.#onRated = onRated;
    this.#thanks = form.querySelector('output');
    this.#stars = form.querySelector('fieldset');
    this.#stars.append(...Array.from({ length: MOST }, (_, i) => star(i + 1)));
    form.addEventListener('change', ({ target }) => {
      this.#chosen = Number(target.value);
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#send(), SETTLED_MS);
    });
  }

  /** Asks for stars, or not: a talk is rated when it is over, if the server then still takes that. */
  set asked(asked) {
    this.#form.hidden = !asked;
  }

  /** Makes room for the rating of another talk; one that was just chosen is sent before. */
  clear() {
    if (this.#chosen !== null) {
      this.#send();
    }
    this.#form.reset();
    this.#stars.disabled = false;
    this.#thanks.textContent = '';
  }

  /** A talk is rated once. Where the server did not take it, the user may try again. */
  async #send() {
    const stars = this.#chosen;
    this.#chosen = null;
    clearTimeout(this.#timer);
    this.#stars.disabled = true;
    this.#thanks.textContent = 'Thank you.';
    if (!await this.#onRated(stars)) {
      this.clear();
    }
  }
}

function star(number) {
  const label = document.createElement('label');
  const input = document.createElement('input');
  input.type = 'radio';
  input.name = 'stars';
  input.value = number;
  const text = document.createElement('span');
  text.className = 'visually-hidden';
  text.textContent = number === 1 ? '1 star' : `${number} stars`;
  const shape = document.createElement('span');
  shape.className = 'star';
  shape.setAttribute('aria-hidden', 'true');
  shape.textContent = '★';
  label.append(input, text, shape);
  return label;
}
