/** One to five stars: radio buttons, so that keys and screen readers know what to do. */

const MOST = 5;

export class Rating {
  #form;
  #thanks;

  /** `onRated(stars)` says (perhaps later) whether the server took them. */
  constructor(form, onRated) {
    this.#form = form;
    this.#thanks = form.querySelector('output');
    form.querySelector('fieldset').append(...Array.from({ length: MOST }, (_, i) => star(i + 1)));
    form.addEventListener('change', async ({ target }) => {
      this.#thanks.textContent = await onRated(Number(target.value)) ? 'Thank you.' : '';
    });
  }

  /** Asks for stars, or not: a talk is rated when it is over, if the server then still takes that. */
  set asked(asked) {
    this.#form.hidden = !asked;
  }

  clear() {
    this.#form.reset();
    this.#thanks.textContent = '';
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
