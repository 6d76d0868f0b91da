/** What the server hears: a microphone, or silence, and now and then a recorded question in its place. */

import { SAMPLE_RATE, loudness } from './format.js';
import { Microphone } from './microphone.js';
import { RecordedSpeech } from './recorded-speech.js';
import { Silence } from './silence.js';

/** Blocks of 20 ms that are shown as one level: ten levels a second are enough for the eye, and spare the battery. */
const LEVEL_BLOCKS = 5;

export class UserVoice {
  #context;
  #listener;
  #input = null;
  #speech = null;
  #speaks = false;
  #closed = false;
  #levels = [];

  /**
   * The listener has `onBlock(samples)` for every 20 ms, `onLevel(level)`, `onAsked()` when a question was said to its end,
   * `onNotice(text)`, and `onLost()` when the microphone has gone.
   */
  constructor(context, listener) {
    this.#context = context;
    this.#listener = listener;
  }

  /** Opens the microphone with that id (null for the system's choice); `need` is `required`, `optional` or `off`. */
  async open(need, microphone) {
    if (need === 'off') {
      this.#input = new Silence();
      return;
    }
    try {
      this.#input = await Microphone.open(microphone);
    } catch (problem) {
      if (need === 'required') {
        throw problem;
      }
      this.#listener.onNotice(`${problem.message} Or press one of the questions: they need no microphone.`);
      this.#input = new Silence();
    }
  }

  /** Delivers blocks from now on. */
  start() {
    return this.#input.start(this.#context, (block) => this.#heard(block), () => this.#listener.onLost());
  }

  /** Whether the user can speak: a talk may begin without a microphone. */
  get hasMicrophone() {
    return this.#input instanceof Microphone;
  }

  /** Mutes the microphone, or opens one where there was none. Returns whether it is muted now. */
  async mute(muted, microphone) {
    if (!muted && !this.hasMicrophone) {
      return !await this.use(microphone);
    }
    this.#input.muted = muted;
    return muted;
  }

  /** Goes on with another microphone. Returns whether that could be had. */
  async use(microphone) {
    try {
      const opened = await Microphone.open(microphone);
      if (this.#closed) {
        opened.close();
        return false;
      }
      opened.muted = this.hasMicrophone && this.#input.muted;
      this.#input.close();
      this.#input = opened;
      await this.start();
      return true;
    } catch (problem) {
      this.#listener.onNotice(problem.message);
      return false;
    }
  }

  /** Says a recording (24 kHz, mono) in place of the microphone, and plays it; before the talk begins, as its first words. */
  ask(samples) {
    this.#speech = new RecordedSpeech(samples);
    if (this.#speaks) {
      this.#play();
    }
  }

  /** The talk has begun: what is to be asked is asked. */
  begin() {
    this.#speaks = true;
    if (this.#speech !== null) {
      this.#play();
    }
  }

  close() {
    this.#closed = true;
    this.#input?.close();
  }

  #play() {
    const { samples } = this.#speech;
    const buffer = new AudioBuffer({ length: samples.length, sampleRate: SAMPLE_RATE });
    buffer.copyToChannel(samples, 0);
    const source = new AudioBufferSourceNode(this.#context, { buffer });
    source.connect(this.#context.destination);
    source.start();
  }

  #heard(block) {
    if (this.#speaks && this.#speech !== null && !this.#speech.read(block)) {
      this.#speech = null;
      this.#listener.onAsked();
    }
    this.#levels.push(loudness(block));
    if (this.#levels.length === LEVEL_BLOCKS) {
      this.#listener.onLevel(Math.max(...this.#levels));
      this.#levels = [];
    }
    this.#listener.onBlock(block);
  }
}
