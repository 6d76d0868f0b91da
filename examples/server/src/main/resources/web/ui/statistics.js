/** How the talk is going, in numbers that a person can read. */

const seconds = (value) => `${value.toFixed(2)} s`;
const milliseconds = (value) => `${Math.round(1000 * value)} ms`;

/** How far back the range of the buffer looks: thirty reports are three seconds. */
const REMEMBERED = 30;

export class Statistics {
  #list;
  #buffered = [];

  /** `list` is a `dl`; each number goes to the element whose `data-value` has its name. */
  constructor(list) {
    this.#list = list;
  }

  clear() {
    this.#buffered = [];
    this.#list.querySelectorAll('[data-value]').forEach((value) => (value.textContent = '–'));
  }

  show({ latency, played, missed, dropped, unsent, buffered }) {
    this.#buffered = [...this.#buffered, buffered].slice(-REMEMBERED);
    this.#write({
      latency: milliseconds(latency),
      played: seconds(played),
      missed: seconds(missed),
      dropped: seconds(dropped + unsent),
      buffer: `${milliseconds(Math.min(...this.#buffered))} to ${milliseconds(Math.max(...this.#buffered))}`,
    });
  }

  /** What the server said of itself. */
  describeServer({ instance_name: instance, lm_model_file: model }) {
    this.#write({ ...(instance && { server: instance }), ...(model && { model }) });
  }

  #write(values) {
    for (const [name, text] of Object.entries(values)) {
      this.#list.querySelector(`[data-value=${name}]`).textContent = text;
    }
  }
}
