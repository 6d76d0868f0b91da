/** The voice that the model speaks with and the role that it plays, for models that take them. */

const STORED = 'moshivis.prompts';

export class Prompts {
  #voice;
  #role;
  #offered;

  /** `prompts` as in the server's configuration: the `voices`, and the usual `voice` and `role`; null for other models. */
  constructor(section, prompts) {
    this.#voice = section.querySelector('select');
    this.#role = section.querySelector('textarea');
    this.#offered = prompts !== null;
    section.hidden = prompts === null;
    if (prompts !== null) {
      this.#offer(prompts);
      section.addEventListener('input', () => sessionStorage.setItem(STORED, JSON.stringify(this.toParameters())));
    }
  }

  /** The query parameters of a talk. */
  toParameters() {
    return this.#offered ? { voice_prompt: this.#voice.value, text_prompt: this.#role.value.trim() } : {};
  }

  #offer({ voices, voice, role }) {
    const any = voice === null ? [new Option('Any', '')] : [];
    this.#voice.append(...any, ...voices.map((name) => new Option(name, name)));
    const { voice_prompt: chosen, text_prompt: written } = JSON.parse(sessionStorage.getItem(STORED) ?? '{}');
    this.#voice.value = voices.includes(chosen) ? chosen : voice ?? '';
    this.#role.value = written ?? role ?? '';
  }
}
