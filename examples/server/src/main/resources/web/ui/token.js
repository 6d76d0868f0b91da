/** The access token, for servers that ask for one; it outlives a reload. */

const STORED = 'moshivis.token';

export class Token {
  #asked;
  #input;

  /** `asked` says whether the server wants one, `onEntered()` hears of Enter. */
  constructor(form, asked, onEntered) {
    this.#asked = asked;
    this.#input = form.querySelector('input');
    this.#input.value = sessionStorage.getItem(STORED) ?? '';
    this.#input.addEventListener('input', () => sessionStorage.setItem(STORED, this.#input.value.trim()));
    form.hidden = !asked;
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      onEntered();
    });
  }

  /** The query parameters of a talk. */
  toParameters() {
    const token = this.#input.value.trim();
    return this.#asked && token !== '' ? { token } : {};
  }
}
