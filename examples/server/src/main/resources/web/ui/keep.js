/** The buttons with which a conversation is kept: copied, saved as text, and with its sound once it was recorded. */

import { asPage, asText } from './keepsake.js';
import { clock } from './view.js';

const COPIED_MS = 2_000;
const element = (id) => document.getElementById(id);

export class Keep {
  #transcript;
  #recording = null;

  /** `name()` gives the files' name without its ending; `onProblem(text)` hears what failed. */
  constructor(transcript, name, onProblem) {
    this.#transcript = transcript;
    element('copy').addEventListener('click', ({ target }) => this.#copy(target).catch((error) =>
      onProblem(`The browser does not allow this page to copy: ${error.message}`)));
    element('save-text').addEventListener('click', () =>
      save(new Blob([asText(transcript.all)], { type: 'text/plain;charset=utf-8' }), `${name()}.txt`));
    element('save-recording').addEventListener('click', async () =>
      save(await asPage(this.#recording.words, this.#recording.sound), `${name()}.html`));
    element('recording-link').addEventListener('click', ({ target }) => (target.download = `${name()}.wav`));
  }

  /** Offers a recording (`sound`: a Blob, and its `seconds`) of the talk that goes on, or takes the one before back: null. */
  offerRecording(recording) {
    const link = element('recording-link');
    URL.revokeObjectURL(link.href);
    link.removeAttribute('href');
    this.#recording = recording === null ? null : { ...recording, words: this.#transcript.latest };
    [link, element('save-recording')].forEach((one) => (one.hidden = recording === null));
    if (recording !== null) {
      link.href = URL.createObjectURL(recording.sound);
      element('save-recording').textContent = `Save the recording (${clock(recording.seconds)})`;
    }
  }

  async #copy(button) {
    await navigator.clipboard.writeText(asText(this.#transcript.all));
    button.textContent = 'Copied';
    setTimeout(() => (button.textContent = 'Copy text'), COPIED_MS);
  }
}

function save(blob, name) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000); // some browsers begin to read it later
}
