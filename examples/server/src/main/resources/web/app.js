/** Puts the page together: what a person does becomes calls of a talk, what the talk does becomes visible. */

import { chatUrl, readConfiguration } from './configuration.js';
import { fetchSpeech } from './audio/recorded-speech.js';
import { Conversation } from './conversation.js';
import { PictureChooser } from './picture/chooser.js';
import { keepAwake } from './ui/awake.js';
import { Meter } from './ui/meter.js';
import { Questions } from './ui/questions.js';
import { Rating } from './ui/rating.js';
import { Settings } from './ui/settings.js';
import { SettingsPanel } from './ui/settings-panel.js';
import { Statistics } from './ui/statistics.js';
import { Transcript } from './ui/transcript.js';
import { View } from './ui/view.js';

const TOKEN = 'moshivis.token';
const element = (id) => document.getElementById(id);

class Page {
  #config;
  #view;
  #settings;
  #picture = null;
  #conversation = null;
  #baseName = 'moshivis';
  #questions = null;
  #transcript = new Transcript({ log: element('words'), scroller: element('transcript'), spoken: element('spoken') });
  #statistics = new Statistics(element('numbers'));
  #meters = { you: new Meter(element('meter-you')), model: new Meter(element('meter-model')) };
  #rating = new Rating(element('rating'), (stars) => this.#conversation.rate(stars));

  constructor(config) {
    this.#config = config;
    this.#view = new View(config);
    this.#settings = new Settings(config.settings);
    new SettingsPanel(this.#settings, element('settings'));
    this.#offerPictures();
    this.#offerQuestions();
    this.#bind('start', () => this.#start(this.#config.nano === null ? 'required' : 'optional'));
    this.#bind('end', () => this.#conversation.end());
    this.#bind('mute', (button) => this.#mute(button));
    this.#bind('record', () => this.#toggleRecording());
    this.#bind('dismiss', () => this.#view.hideNotice());
    this.#bindToken();
    this.#view.enter('ready', null);
    element('start').disabled = false;
  }

  #bind(id, action) {
    const button = element(id);
    button.addEventListener('click', () => action(button));
  }

  #bindToken() {
    element('token-entry').hidden = !this.#config.token;
    element('token').value = sessionStorage.getItem(TOKEN) ?? '';
    element('token-entry').addEventListener('submit', (event) => {
      event.preventDefault();
      element('start').click();
    });
    element('token').addEventListener('input', ({ target }) => sessionStorage.setItem(TOKEN, target.value.trim()));
  }

  #offerPictures() {
    if (this.#config.image === 'none') {
      element('stage').hidden = true;
      return;
    }
    const chooser = new PictureChooser(this.#config, {
      onPicture: (picture) => this.#showPicture(picture),
      onProblem: (text) => this.#view.notice(text),
    });
    chooser.chooseFirst();
  }

  #offerQuestions() {
    if (this.#config.nano === null) {
      return;
    }
    element('welcome').hidden = true;
    element('welcome-nano').hidden = false;
    this.#questions = new Questions(element('questions'), this.#config.nano.questions, (question) => this.#ask(question));
  }

  /** Says a recorded question, in the talk that goes on or in a new one without a microphone. */
  async #ask({ file, text }) {
    this.#questions.enabled = false;
    try {
      const samples = await fetchSpeech(`nano/${file}`);
      if (!this.#conversation?.isLive) {
        this.#start('off');
      }
      this.#conversation.ask(samples);
      this.#transcript.addQuestion(text);
    } catch (error) {
      this.#questions.enabled = true;
      this.#view.notice(error.message);
    }
  }

  async #mute(button) {
    const muted = await this.#conversation.mute(button.getAttribute('aria-pressed') !== 'true');
    button.setAttribute('aria-pressed', String(muted));
  }

  #showPicture(picture) {
    this.#picture = picture;
    this.#view.showPicture(picture);
    const live = this.#conversation?.isLive;
    if (live && picture !== null) {
      this.#conversation.changePicture(picture.blob);
      this.#transcript.addPicture(picture);
    } else if (live) {
      this.#view.notice('The model keeps the picture it has until this talk ends; the next one will be without.');
    }
  }

  #start(microphone) {
    this.#transcript.clear();
    this.#statistics.clear();
    this.#rating.clear();
    this.#view.offerRecording(null);
    if (this.#picture !== null) {
      this.#transcript.addPicture(this.#picture);
    }
    const options = {
      url: (format) => chatUrl(this.#parameters(format)),
      pings: this.#config.pings,
      picture: this.#picture?.blob ?? null,
      microphone,
      lossless: this.#config.nano !== null,
    };
    this.#conversation = new Conversation(options, {
      onState: (state, detail) => this.#enter(state, detail),
      onText: (text, level) => this.#transcript.add(text, level),
      onAsked: () => (this.#questions.enabled = true),
      onNotice: (text) => this.#view.notice(text),
      onMetadata: (metadata) => this.#describe(metadata),
      onHeard: (level) => this.#meters.you.show(level),
      onReport: (report) => {
        this.#meters.model.show(report.level);
        this.#statistics.show(report);
      },
    });
    this.#conversation.start();
  }

  #parameters(format) {
    const token = element('token').value.trim();
    const optional = this.#config.token && token !== '' ? { token } : {};
    return { ...this.#settings.toParameters(), audio_format: format, ...optional };
  }

  #enter(state, detail) {
    this.#view.enter(state, detail);
    keepAwake(state === 'talking');
    if (state === 'talking') {
      element('mute').setAttribute('aria-pressed', String(!this.#conversation.hasMicrophone));
    }
    if (state === 'ended') {
      this.#finishRecording();
      if (this.#questions !== null) {
        this.#questions.enabled = true;
      }
      Object.values(this.#meters).forEach((meter) => meter.clear());
    }
  }

  #describe(metadata) {
    this.#statistics.describeServer(metadata);
    this.#baseName = metadata.base_filename || this.#baseName;
    const clamped = Object.entries(metadata.clamped ?? {}).map(([name, { asked, used }]) =>
      `The server uses ${used} for ${name}: ${asked} is outside its range.`);
    if (clamped.length > 0) {
      this.#view.notice(clamped.join(' '));
    }
  }

  #toggleRecording() {
    if (toggle(element('record'))) {
      this.#view.offerRecording(null);
      this.#conversation.startRecording();
    } else {
      this.#finishRecording();
    }
  }

  #finishRecording() {
    const recorder = this.#conversation.stopRecording();
    this.#view.showRecording(false);
    if (recorder !== null) {
      this.#view.offerRecording({
        file: recorder.toWav(), name: `${this.#baseName}.wav`, seconds: recorder.seconds,
      });
    }
  }
}

/** Turns a toggle button over and returns whether it is on now. */
function toggle(button) {
  const on = button.getAttribute('aria-pressed') !== 'true';
  button.setAttribute('aria-pressed', String(on));
  return on;
}

new Page(await readConfiguration());
