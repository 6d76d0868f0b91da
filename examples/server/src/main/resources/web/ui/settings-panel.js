/** The settings dialog: a slider with its value for each number, and a way back to the defaults. */

const WORDS = {
  text_temperature: ['Text temperature', 'Higher is more surprising, lower more predictable.'],
  text_topk: ['Text choices', 'How many of the likeliest words may be chosen from (top-k).'],
  text_topp: ['Text share', 'How much probability the words to choose from have together (top-p).'],
  audio_temperature: ['Voice temperature', 'Higher is livelier, lower steadier.'],
  audio_topk: ['Voice choices', 'How many of the likeliest sounds may be chosen from (top-k).'],
  audio_topp: ['Voice share', 'How much probability the sounds to choose from have together (top-p).'],
  pad_mult: ['Talkativeness', 'Below zero talks more, above zero leaves longer pauses.'],
  repetition_penalty: ['Repetition penalty', 'Above 1 avoids words that were just said.'],
  repetition_penalty_context: ['Repetition memory', 'How many text steps back that looks.'],
  image_resolution: ['Picture resolution', 'The picture is resized to a square of that many pixels a side.'],
  xa_start: ['Look from step', 'After how many steps of 80 ms the model begins to look at the picture.'],
  text_temperature_gating_influence: ['Picture steadies text', 'How much looking at the picture lowers the temperature.'],
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
