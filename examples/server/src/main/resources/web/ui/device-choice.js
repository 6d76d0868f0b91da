/** The choice of microphone and speaker in the settings dialog. */

const STORED = 'moshivis.devices';
const KINDS = { microphone: 'audioinput', speaker: 'audiooutput' };
/** Names that browsers give to the system's choice, which has a line of its own here. */
const ALIASES = ['', 'default', 'communications'];

export class DeviceChoice {
  #form;
  #chosen;

  /** `onChange(kind, id)` hears of a new `microphone` or `speaker`; the id is null for the system's choice. */
  constructor(dialog, onChange) {
    this.#form = dialog.querySelector('form');
    this.#chosen = { microphone: null, speaker: null, ...JSON.parse(sessionStorage.getItem(STORED) ?? '{}') };
    dialog.querySelector('#speaker-choice').hidden = !('setSinkId' in AudioContext.prototype);
    for (const kind of Object.keys(KINDS)) {
      this.#form.elements[kind].addEventListener('change', ({ target }) => {
        this.#chosen[kind] = target.value || null;
        sessionStorage.setItem(STORED, JSON.stringify(this.#chosen));
        onChange(kind, this.#chosen[kind]);
      });
    }
    document.getElementById('open-settings').addEventListener('click', () => this.#list());
    navigator.mediaDevices?.addEventListener('devicechange', () => dialog.open && this.#list());
  }

  /** The ids of `microphone` and `speaker`. */
  get chosen() {
    return { ...this.#chosen };
  }

  async #list() {
    const devices = await navigator.mediaDevices?.enumerateDevices() ?? [];
    document.getElementById('unnamed-devices').hidden = devices.some(({ label }) => label !== '');
    for (const [kind, browserKind] of Object.entries(KINDS)) {
      const found = devices.filter((device) => device.kind === browserKind && !ALIASES.includes(device.deviceId));
      const options = found.map(({ deviceId, label }) => new Option(label, deviceId));
      const chosen = this.#chosen[kind];
      if (chosen !== null && !found.some(({ deviceId }) => deviceId === chosen)) {
        options.push(new Option('Not connected', chosen));
      }
      this.#form.elements[kind].replaceChildren(new Option('The system’s choice', ''), ...options);
      this.#form.elements[kind].value = chosen ?? '';
    }
  }
}
