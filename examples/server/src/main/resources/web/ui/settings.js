/** The settings of the next talk: values that outlive a reload of the page, within the server's ranges. */

const STORED = 'moshivis.settings';
const SEEDS = 1_000_001;

export class Settings {
  #ranges;
  #changed;
  #store;

  /** `ranges` maps names to `{default, min, max, step}`; `store` has the methods of sessionStorage. */
  constructor(ranges, store = sessionStorage) {
    this.#ranges = ranges;
    this.#store = store;
    this.#changed = readObject(store);
  }

  get names() {
    return Object.keys(this.#ranges);
  }

  range(name) {
    return this.#ranges[name];
  }

  /** The value to use: the chosen one, brought into the range where that has moved since, or the default. */
  value(name) {
    const { default: fallback, min, max } = this.#ranges[name];
    const chosen = this.#changed[name];
    return typeof chosen === 'number' ? Math.min(max, Math.max(min, chosen)) : fallback;
  }

  isChanged(name) {
    return this.value(name) !== this.#ranges[name].default;
  }

  /** The names of all that differs from the defaults. */
  get changed() {
    return [
      ...this.names.filter((name) => this.isChanged(name)),
      ...(this.centerCrop ? ['center_crop'] : []),
      ...(this.seed === null ? [] : ['seed']),
    ];
  }

  set(name, value) {
    this.#changed[name] = value;
    this.#save();
  }

  get centerCrop() {
    return this.#changed.center_crop === true;
  }

  set centerCrop(crop) {
    this.#changed.center_crop = crop;
    this.#save();
  }

  /** The seed that makes a talk repeatable, or null for another one each time. */
  get seed() {
    return Number.isInteger(this.#changed.seed) ? this.#changed.seed : null;
  }

  set seed(seed) {
    this.#changed.seed = seed;
    this.#save();
  }

  reset() {
    this.#changed = {};
    this.#save();
  }

  /** The query parameters of a talk. */
  toParameters() {
    const chosen = Object.fromEntries(this.names.map((name) => [name, String(this.value(name))]));
    const seed = () => String(this.seed ?? Math.floor(Math.random() * SEEDS));
    return { ...chosen, center_crop: String(this.centerCrop), text_seed: seed(), audio_seed: seed() };
  }

  #save() {
    this.#store.setItem(STORED, JSON.stringify(this.#changed));
  }
}

/** What was stored, or nothing where somebody else wrote something there. */
function readObject(store) {
  try {
    const stored = JSON.parse(store.getItem(STORED) ?? '{}');
    return stored !== null && typeof stored === 'object' ? stored : {};
  } catch {
    return {};
  }
}
