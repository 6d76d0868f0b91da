/** Entry point of the page: connects the user's actions to a conversation, and its events to the view. */

import { chatUrl, readConfiguration } from './configuration.js';
import { fetchSpeech } from './audio/recorded-speech.js';
import { Conversation } from './conversation.js';
import { PictureChooser } from './picture/chooser.js';
import { keepAwake } from './ui/awake.js';
import { bindColors } from './ui/colors.js';
import { DeviceChoice } from './ui/device-choice.js';
import { Keep } from './ui/keep.js';
import { Prompts } from './ui/prompts.js';
import { Questions } from './ui/questions.js';
import { Rating } from './ui/rating.js';
import { Settings } from './ui/settings.js';
import { SettingsPanel } from './ui/settings-panel.js';
import { Statistics } from './ui/statistics.js';
import { Token } from './ui/token.js';
import { Transcript } from './ui/transcript.js';
import { View } from './ui/view.js';
import { Voices } from './ui/voices.js';
import { sendRating } from './wire/rating.js';

const element = (id) => document.getElementById(id);

class Page {
  #config;
  #view;
  #settings;
  #picture = null;
  #conversation = null;
  #baseName = 'moshivis';
  #ratingKey = null;
  #talked = false;
  #questions = null;
  #prompts;
  #token;
  #transcript = new Transcript({ log: element('words'), scroller: element('transcript'), spoken: element('spoken') });
  #statistics = new Statistics(element('numbers'));
  #voices = new Voices(element('voices'), document.querySelector('.frame'));
  #keep = new Keep(this.#transcript, () => this.#baseName, (text) => this.#view.notice(text));
  #rating = new Rating(element('rating'), (stars) => this.#rate(stars));
  #devices = new DeviceChoice(element('settings'), (kind, id) => this.#useDevice(kind, id));

  constructor(config) {
    this.#config = config;
    this.#view = new View(config);
    this.#settings = new Settings(config.settings);
    new SettingsPanel(this.#settings, element('settings'));
    this.#token = new Token(element('token-entry'), config.token, () => element('start').click());
    this.#prompts = new Prompts(element('prompts'), config.prompts);
    this.#offerPictures();
    this.#offerQuestions();
    this.#bind('start', () => this.#start(this.#config.nano === null ? 'required' : 'optional'));
    this.#bind('end', () => this.#conversation.end());
    this.#bind('cancel', () => this.#conversation.end());
    this.#bind('mute', (button) => this.#mute(button));
    this.#bind('record', () => this.#toggleRecording());
    this.#bind('dismiss', () => this.#view.hideNotice());
    bindColors(element('colors'));
    this.#view.enter('ready', null);
    element('start').disabled = false;
  }

  #bind(id, action) {
    const button = element(id);
    button.addEventListener('click', () => action(button));
  }

  #offerPictures() {
    if (this.#config.image === 'none') {
      document.body.classList.add('sightless');
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

  /** Asks a recorded question, in the running conversation or in a new one without a microphone. */
  async #ask({ file, text }) {
    this.#questions.enabled = false;
    try {
      const samples = await fetchSpeech(`nano/${file}`);
      if (!this.#conversation?.isLive) {
        this.#start('off');
      }
      this.#conversation.voice.ask(samples);
      this.#transcript.addQuestion(text);
    } catch (error) {
      this.#questions.enabled = true;
      this.#view.notice(error.message);
    }
  }

  async #mute(button) {
    const { voice } = this.#conversation;
    const muted = await voice.mute(button.getAttribute('aria-pressed') !== 'true', this.#devices.chosen.microphone);
    this.#showMuted(muted);
  }

  #showMuted(muted) {
    element('mute').setAttribute('aria-pressed', String(muted));
    const silent = this.#conversation.voice.hasMicrophone ? 'muted' : 'mic off';
    this.#voices.silent = muted ? silent : null;
    this.#view.showSilent(muted ? silent : null);
  }

  /** Changes a device of the running conversation. */
  #useDevice(kind, id) {
    if (!this.#talked || !this.#conversation.isLive) {
      return;
    }
    if (kind === 'speaker') {
      this.#conversation.useSpeaker(id);
    } else if (this.#conversation.voice.hasMicrophone) {
      this.#conversation.voice.use(id);
    }
  }

  async #rate(stars) {
    if (this.#conversation.isLive) {
      this.#conversation.rate(stars);
      return true;
    }
    try {
      await sendRating(this.#ratingKey, stars);
      return true;
    } catch (problem) {
      this.#view.notice(problem.message);
      return false;
    }
  }

  #showPicture(picture) {
    this.#picture = picture;
    this.#view.showPicture(picture);
    const live = this.#conversation?.isLive;
    if (live && picture !== null) {
      this.#conversation.changePicture(picture.blob);
      this.#transcript.addPicture(picture);
    } else if (live) {
      this.#view.notice('The model keeps its picture until this conversation ends; the next one starts without a picture.');
    }
  }

  #start(microphone) {
    this.#transcript.begin();
    this.#statistics.clear();
    this.#rating.clear();
    this.#rating.asked = false;
    this.#ratingKey = null;
    this.#talked = false;
    this.#keep.offerRecording(null);
    if (this.#picture !== null) {
      this.#transcript.addPicture(this.#picture);
    }
    const options = {
      url: (format) => chatUrl(this.#parameters(format)),
      pings: this.#config.pings,
      picture: this.#picture?.blob ?? null,
      microphone,
      devices: this.#devices.chosen,
      lossless: this.#config.nano !== null,
    };
    this.#conversation = new Conversation(options, {
      onState: (state, detail) => this.#enter(state, detail),
      onText: (text, level, second) => this.#transcript.add(text, level, second),
      onUserWord: (word) => this.#transcript.addUserWord(word),
      onUserTurn: () => this.#transcript.endUserTurn(),
      onAsked: () => (this.#questions.enabled = true),
      onNotice: (text) => this.#view.notice(text),
      onMetadata: (metadata) => this.#describe(metadata),
      onStopping: (seconds) => this.#view.notice(`The server stops in ${seconds} seconds, which ends the conversation.`),
      onSound: (running) => this.#view.showSound(running),
      onHeard: (level) => this.#voices.show('you', level),
      onReport: (report) => {
        this.#voices.show('model', report.level);
        this.#statistics.show(report);
      },
    });
    this.#conversation.start();
  }

  #parameters(format) {
    const all = [this.#settings, this.#prompts, this.#token].map((part) => part.toParameters());
    return Object.assign({ audio_format: format }, this.#config.userWords ? { user_text: 1 } : {}, ...all);
  }

  #enter(state, detail) {
    keepAwake(state === 'talking');
    if (state === 'ended') {
      this.#finish(detail);
      return;
    }
    this.#view.enter(state, detail);
    if (state === 'talking') {
      this.#talked = true;
      this.#showMuted(!this.#conversation.voice.hasMicrophone);
      this.#rating.asked = this.#ratingKey === null; // For servers that accept ratings only during the conversation.
    }
  }

  /** The conversation has ended or could not start: the page returns to its initial state. */
  #finish(reason) {
    if (!this.#talked) {
      this.#transcript.discard();
    }
    this.#transcript.endUserTurn();
    this.#view.enter(this.#transcript.isEmpty ? 'ready' : 'ended', reason);
    this.#finishRecording();
    this.#rating.asked = this.#talked && this.#ratingKey !== null;
    this.#voices.clear();
    if (this.#questions !== null) {
      this.#questions.enabled = true;
    }
  }

  #describe(metadata) {
    this.#statistics.describeServer(metadata);
    this.#baseName = metadata.base_filename || this.#baseName;
    this.#ratingKey = metadata.rating_key ?? this.#ratingKey;
    const clamped = Object.entries(metadata.clamped ?? {}).map(([name, { asked, used }]) =>
      `The server uses ${used} for ${name}: ${asked} is outside its range.`);
    if (clamped.length > 0) {
      this.#view.notice(clamped.join(' '));
    }
  }

  #toggleRecording() {
    if (toggle(element('record'))) {
      this.#keep.offerRecording(null);
      this.#conversation.startRecording();
    } else {
      this.#finishRecording();
    }
  }

  #finishRecording() {
    const recorder = this.#conversation.stopRecording();
    element('record').setAttribute('aria-pressed', 'false');
    if (recorder !== null) {
      this.#keep.offerRecording({ sound: recorder.toWav(), seconds: recorder.seconds });
    }
  }
}

/** Toggles a button and returns whether it is on now. */
function toggle(button) {
  const on = button.getAttribute('aria-pressed') !== 'true';
  button.setAttribute('aria-pressed', String(on));
  return on;
}

new Page(await readConfiguration());
