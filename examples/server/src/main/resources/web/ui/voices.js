/** Shows who speaks: a level for each side, and a center that lives with both voices. */

import { Meter } from './meter.js';

/** Quieter than this, on the scale of the levels, is breath and noise. */
const SPEECH = 0.35;
/** A pause between two words is no silence. */
const PAUSE_MS = 700;

const SIDES = {
  you: { name: 'You', speaking: 'You speak' },
  model: { name: 'MoshiVis', speaking: 'MoshiVis speaks' },
};

export class Voices {
  #section;
  #frame;
  #sides;
  #silent = null;

  /** `section` holds a label and a meter for each side; the edge of `frame` shows the model's level. */
  constructor(section, frame) {
    this.#section = section;
    this.#frame = frame;
    this.#sides = Object.entries(SIDES).map(([id, words]) => ({ // the user first
      id,
      words,
      label: section.querySelector(`#label-${id}`),
      meter: new Meter(section.querySelector(`#meter-${id}`)),
      heard: -Infinity,
    }));
  }

  /** Shows a level of 0 to 1 of `you` or of the `model`. */
  show(id, level, now = performance.now()) {
    const side = this.#sides.find((one) => one.id === id);
    side.meter.show(level);
    if (level >= SPEECH) {
      side.heard = now;
    }
    this.#section.style.setProperty(`--${id}`, side.meter.level.toFixed(3));
    if (id === 'model') {
      this.#frame.style.setProperty('--level', side.meter.level.toFixed(3));
    }
    this.#name(now);
  }

  /** Says why nobody hears the user, such as `muted`; null when somebody does. */
  set silent(reason) {
    this.#silent = reason;
    if (reason !== null) {
      this.#sides[0].heard = -Infinity;
    }
    this.#section.classList.toggle('muted', reason !== null);
    this.#name(performance.now());
  }

  clear() {
    this.#sides.forEach((side) => {
      side.meter.clear();
      side.heard = -Infinity;
      this.#section.style.setProperty(`--${side.id}`, '0');
    });
    this.#frame.style.setProperty('--level', '0');
    this.silent = null;
  }

  #name(now) {
    const speaking = this.#sides.filter(({ heard }) => now - heard < PAUSE_MS);
    this.#section.dataset.speaker = speaking.length === 2 ? 'both' : speaking[0]?.id ?? 'nobody';
    for (const { id, words, label } of this.#sides) {
      const text = speaking.some((side) => side.id === id) ? words.speaking : words.name;
      write(label, id === 'you' && this.#silent !== null && text === words.name ? `You: ${this.#silent}` : text);
    }
  }
}

function write(label, text) {
  if (label.textContent !== text) {
    label.textContent = text;
  }
}
