/** What the page shows in each state of a talk: the words, the buttons, and where the focus goes. */

const STATES = {
  ready: () => 'Ready',
  connecting: () => 'Connecting…',
  waiting: (place) => (place === 1 ? 'Waiting: you are next' : `Waiting: number ${place} in the queue`),
  preparing: () => 'The model is getting ready…',
  talking: () => 'Talking',
  ended: () => 'Ended',
};

const element = (id) => document.getElementById(id);

export class View {
  #maxSeconds;
  #began = null;
  #clock = null;

  constructor({ maxDurationSeconds }) {
    this.#maxSeconds = maxDurationSeconds;
  }

  /** `detail` is the place in the queue, or the reason of an end that nobody asked for. */
  enter(state, detail) {
    const focused = document.activeElement;
    document.body.dataset.state = state;
    element('status').textContent = STATES[state](detail);
    element('start').textContent = state === 'ended' ? 'Talk again' : 'Start talking';
    if (state === 'connecting') {
      this.hideNotice();
      element('mute').setAttribute('aria-pressed', 'false');
    }
    if (state === 'ended' && detail !== null) {
      this.notice(detail);
    }
    this.#keepTime(state === 'talking');
    this.#moveFocus(focused);
  }

  /** A message that a screen reader reads at once. */
  notice(text) {
    element('notice-text').textContent = text;
    element('notice').hidden = false;
  }

  hideNotice() {
    element('notice').hidden = true;
    element('notice-text').textContent = '';
  }

  showPicture(picture) {
    for (const image of [element('picture'), element('picture-ground')]) {
      image.hidden = picture === null;
      if (picture !== null) {
        image.src = picture.url;
      }
    }
    element('picture').alt = picture?.description ?? '';
    element('picture-none').hidden = picture !== null;
    element('caption').textContent = picture?.description ?? 'No picture: just talk';
  }

  /** Offers a file that is ready, or takes the offer of the talk before back. */
  offerRecording(recording) {
    const link = element('recording-link');
    URL.revokeObjectURL(link.href);
    link.hidden = recording === null;
    link.removeAttribute('href');
    if (recording !== null) {
      link.href = URL.createObjectURL(recording.file);
      link.download = recording.name;
      link.textContent = `Save the recording (${clock(recording.seconds)})`;
    }
  }

  showRecording(recording) {
    element('record').setAttribute('aria-pressed', String(recording));
  }

  #keepTime(talking) {
    clearInterval(this.#clock);
    element('clock').hidden = !talking;
    if (talking) {
      this.#began = performance.now();
      this.#tick();
      this.#clock = setInterval(() => this.#tick(), 1000);
    }
  }

  #tick() {
    const elapsed = clock((performance.now() - this.#began) / 1000);
    element('clock').textContent = this.#maxSeconds === null ? elapsed : `${elapsed} / ${clock(this.#maxSeconds)}`;
  }

  /** A button that a state hides must not take the focus with it. */
  #moveFocus(focused) {
    const hidden = focused !== document.body && !focused?.checkVisibility();
    if (hidden) {
      [element('start'), element('end')].find((button) => button.checkVisibility())?.focus();
    }
  }
}

function clock(seconds) {
  return `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;
}
