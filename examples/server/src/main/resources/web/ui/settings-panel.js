/** The settings dialog: a slider with its value for each number, and a way back to the defaults. */

const WORDS = {
  text_temperature: ['Text temperature', 'Higher is more surprising, lower more predictable.'],
  text_topk: ['Text choices', 'Number of most likely words to choose from (top-k).'],
  text_topp: ['Text share', 'Total probability of the words to choose from (top-p).'],
  audio_temperature: ['Voice temperature', 'Higher is livelier, lower steadier.'],
  audio_topk: ['Voice choices', 'Number of most likely sounds to choose from (top-k).'],
  audio_topp: ['Voice share', 'Total probability of the sounds to choose from (top-p).'],
  pad_mult: ['Talkativeness', 'Below zero: more talking; above zero: longer pauses.'],
  repetition_penalty: ['Repetition penalty', 'Above 1: avoids repeating recent words.'],
  repetition_penalty_context: ['Repetition memory', 'Number of recent text tokens that the penalty applies to.'],
  image_resolution: ['Picture resolution', 'The picture is resized to a square of that many pixels a side.'],
  xa_start: ['Look from step', 'Number of steps of 80 ms before the model sees the picture.'],
  text_temperature_gating_influence: ['Picture steadies text', 'Higher: looking at the picture lowers the temperature more.'],
};

export class SettingsPanel {
  #settings;
  #form;
  #template;

  constructor(settings, dialog) {
    this.#settings = settings;
    this.#form = dialog.querySelector('form');
    this.#template = dialog.querySelector('template');
    const sliders = dialog.querySelector('#sliders');
    settings.names.forEach((name) => sliders.append(this.#slider(name)));
    this.#bindExtras();
    dialog.querySelector('#reset-settings').addEventListener('click', () => {
      settings.reset();
      this.#showAll();
    });
    this.#showAll();
    document.getElementById('open-settings').addEventListener('click', () => {
      this.#showAll();
      dialog.showModal();
    });
  }

  #slider(name) {
    const row = this.#template.content.cloneNode(true).firstElementChild;
    const [title, hint] = WORDS[name] ?? [name, ''];
    const input = row.querySelector('input');
    const { min, max, step } = this.#settings.range(name);
    Object.assign(input, { id: `setting-${name}`, name, min, max, step });
    input.setAttribute('aria-describedby', `hint-${name}`);
    row.querySelector('label').textContent = title;
    row.querySelector('label').htmlFor = input.id;
    row.querySelector('output').htmlFor = input.id;
    row.querySelector('.hint').textContent = hint;
    row.querySelector('.hint').id = `hint-${name}`;
    input.addEventListener('input', () => {
      this.#settings.set(name, Number(input.value));
      this.#showOne(input);
    });
    return row;
  }

  #bindExtras() {
    const { center_crop: crop, seed } = this.#form.elements;
    crop.addEventListener('change', () => {
      this.#settings.centerCrop = crop.checked;
      this.#mark();
    });
    seed.addEventListener('change', () => {
      this.#settings.seed = seed.value === '' || !seed.validity.valid ? null : Number(seed.value);
      seed.value = this.#settings.seed ?? '';
      this.#mark();
    });
  }

  #showAll() {
    for (const name of this.#settings.names) {
      const input = this.#form.elements[name];
      input.value = this.#settings.value(name);
      this.#showOne(input);
    }
    this.#form.elements.center_crop.checked = this.#settings.centerCrop;
    this.#form.elements.seed.value = this.#settings.seed ?? '';
    this.#mark();
  }

  #showOne(input) {
    input.closest('.setting').querySelector('output').textContent = input.value;
    this.#mark();
  }

  /** Marks what differs from the defaults, and counts it on the button that opens the dialog. */
  #mark() {
    const { changed } = this.#settings;
    for (const input of this.#form.querySelectorAll('.setting input, .setting-extra input')) {
      input.closest('.setting, .setting-extra').classList.toggle('changed', changed.includes(input.name));
    }
    const count = document.getElementById('changed-count');
    count.hidden = changed.length === 0;
    count.textContent = changed.length;
    count.setAttribute('aria-label', `${changed.length} changed`);
  }
}
