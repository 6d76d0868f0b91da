/** What the page shows in each state of a talk: the words, the buttons, and where the focus goes. */

const STATES = {
  ready: () => 'Ready',
  connecting: () => 'Connecting…',
  waiting: (place) => (place === 1 ? 'Waiting: you are next' : `Waiting: number ${place}`),
  preparing: () => 'Getting ready…',
  talking: () => 'Talking',
  ended: () => 'Ended',
};

/** What the panel says before there are words: a title, and what it is good for. */
const PROGRESS = {
  connecting: () => ['Connecting…', 'If the browser asks whether this page may use the microphone, allow it.'],
  waiting: (place) => [place === 1 ? 'You are next' : `Number ${place} in the queue`,
    'Others are talking with the model. Your conversation starts automatically when a place is free.'],
  preparing: (pictured) => ['The model is getting ready…',
    pictured ? 'It looks at the picture first.' : 'This takes a moment.'],
};

const INTERRUPTED = 'Something interrupted the audio. It continues when you touch the page.';

const element = (id) => document.getElementById(id);

export class View {
  #maxSeconds;
  #began = null;
  #clock = null;

  constructor({ maxDurationSeconds }) {
    this.#maxSeconds = maxDurationSeconds;
  }

  /** `detail` is the place in the queue, or the reason of an end, or of a start that failed, that nobody asked for. */
  enter(state, detail) {
    const focused = document.activeElement;
    document.body.dataset.state = state;
    element('status').textContent = STATES[state](detail);
    element('start').textContent = state === 'ended' ? 'Talk again' : 'Start talking';
    if (state === 'connecting') {
      this.hideNotice();
      element('mute').setAttribute('aria-pressed', 'false');
    }
    if (state in PROGRESS) {
      const [title, text] = PROGRESS[state](detail);
      element('progress-title').textContent = title;
      element('progress-text').textContent = text;
    } else if (detail !== null) {
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

  /** Says in the head of the page why nobody hears the user, such as `muted`; null when somebody does. */
  showSilent(reason) {
    element('status').textContent = reason === null ? STATES.talking() : reason[0].toUpperCase() + reason.slice(1);
  }

  /** Says that something interrupted the sound of the talk, until it goes on. */
  showSound(running) {
    if (!running) {
      this.notice(INTERRUPTED);
    } else if (element('notice-text').textContent === INTERRUPTED) {
      this.hideNotice();
    }
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
    element('elapsed').textContent = elapsed;
    element('limit').textContent = this.#maxSeconds === null ? '' : ` / ${clock(this.#maxSeconds)}`;
  }

  /** A button that a state hides must not take the focus with it. */
  #moveFocus(focused) {
    const hidden = focused !== document.body && !focused?.checkVisibility();
    if (hidden) {
      [element('start'), element('cancel'), element('end')].find((button) => button.checkVisibility())?.focus();
    }
  }
}

/** Seconds as minutes and seconds. */
export function clock(seconds) {
  return `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;
}
