/** Spoken questions as buttons, and what the nano model understands. */

export class Questions {
  #buttons = [];

  /** `questions` as in demo.json; `onAsk(question)` when one is pressed. */
  constructor(section, questions, onAsk) {
    for (const question of questions) {
      const button = document.createElement('button');
      button.type = 'button';
      button.className = 'quiet';
      button.textContent = question.text;
      button.addEventListener('click', () => onAsk(question));
      this.#buttons.push(button);
    }
    section.querySelector('.asks').append(...this.#buttons);
    section.hidden = false;
  }

  /** One question at a time: the buttons rest while one is spoken. */
  set enabled(enabled) {
    this.#buttons.forEach((button) => (button.disabled = !enabled));
  }
}
