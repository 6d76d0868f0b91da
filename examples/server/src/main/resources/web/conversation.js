/**
 * One talk, from asking for the microphone to the last message. A new talk is a new object: nothing of the one before
 * (a picture that counts as sent, colours, a buffer) can leak into it.
 */

import { SAMPLE_RATE, loudness } from './audio/format.js';
import { chooseCodec } from './audio/codec.js';
import { Microphone } from './audio/microphone.js';
import { RecordedSpeech } from './audio/recorded-speech.js';
import { Silence } from './audio/silence.js';
import { Playback } from './audio/playback.js';
import { Recorder } from './audio/recorder.js';
import { Connection } from './wire/connection.js';
import { Kind, encode, encodeRating } from './wire/protocol.js';
import { Problem } from './wire/reasons.js';

/** Audio that the network has not taken after this many bytes is not sent: it would only arrive too late. */
const BACKLOG_LIMIT = 64 * 1024;
/** Blocks of 20 ms that are shown as one level. */
const LEVEL_BLOCKS = 5;
/** The weight of the past in the moving average of the latency. */
const SMOOTHING = 0.85;

export class Conversation {
  #listener;
  #options;
  #picture;
  #context;
  #microphone = null;
  #playback = null;
  #codec = null;
  #connection = null;
  #recorder = null;
  #speech = null;
  #state = 'new';
  #sentSeconds = 0;
  #unsentSeconds = 0;
  #latency = null;
  #levels = [];

  /**
   * `options`: `url(format)` gives the address for a sound format, `pings` says whether the server answers pings,
   * `picture` is a Blob or null, `microphone` is `required`, `optional` (where it cannot be had, the talk goes on
   * without) or `off`, `lossless` says whether every sample counts: the nano model mishears speech that the browser's Opus changed. The listener has `onState(state, detail)` with the states `connecting`, `waiting`
   * (detail: the place in the queue), `preparing`, `talking` and `ended` (detail: the reason, or null when it was asked
   * for), and `onText(text, level)`, `onAsked()`, `onNotice(text)`, `onMetadata(object)`, `onHeard(level)`, `onReport(statistics)`.
   */
  constructor(options, listener) {
    this.#options = options;
    this.#picture = options.picture;
    this.#listener = listener;
  }

  /** Call it from a click or a key: browsers start sound, and ask for microphones, only then. */
  async start() {
    this.#enter('connecting');
    this.#context = new AudioContext({ sampleRate: SAMPLE_RATE, latencyHint: 'interactive' });
    try {
      this.#microphone = await this.#openVoice();
      await this.#context.resume();
      this.#playback = await Playback.open(this.#context, (report) => this.#reported(report));
      const Codec = await chooseCodec(this.#options.lossless);
      this.#codec = new Codec({
        onEncoded: (bytes) => this.#send(encode(Kind.AUDIO, bytes)),
        onDecoded: (samples) => this.#playback.play(samples),
        onFailed: (error) => this.#finish(`The browser’s sound decoder failed: ${error.message}`),
      });
      await this.#startVoice();
      if (this.#state !== 'ended') {
        this.#connect(this.#options.url(Codec.format));
      }
    } catch (error) {
      this.#finish(error instanceof Problem ? error.message : `The talk could not start: ${error.message}`);
    }
    if (this.#state === 'ended') {
      this.#release(); // It was ended while something was being opened.
    }
  }

  /** Shows the model another picture, now or, before the connection is open, in place of the first one. */
  changePicture(picture) {
    this.#picture = picture;
    if (this.#state !== 'connecting') {
      this.#sendPicture();
    }
  }

  /** Whether a picture chosen now belongs to this talk. */
  get isLive() {
    return this.#state !== 'ended';
  }

  /** Whether the person can speak: a talk may begin without a microphone. */
  get hasMicrophone() {
    return this.#microphone instanceof Microphone;
  }

  /** Mutes the microphone, or opens it where the talk began without. Returns whether the microphone is muted now. */
  async mute(muted) {
    if (!muted && !this.hasMicrophone) {
      try {
        const microphone = await Microphone.open();
        this.#microphone.close();
        this.#microphone = microphone;
        await this.#startVoice();
      } catch (problem) {
        this.#listener.onNotice(problem.message);
        return true;
      }
    } else if (this.hasMicrophone) {
      this.#microphone.muted = muted;
    }
    return muted;
  }

  /** Says a recording (24 kHz, mono) in place of the microphone, and plays it; before the talk begins, as its first words. */
  ask(samples) {
    this.#speech = new RecordedSpeech(samples);
    if (this.#state === 'talking') {
      this.#playSpeech();
    }
  }

  /** Whether a recording is being said. */
  get isAsking() {
    return this.#speech !== null;
  }

  rate(stars) {
    this.#send(encodeRating(stars));
  }

  startRecording() {
    this.#recorder = new Recorder();
    this.#playback.onPlayed = (samples) => this.#recorder?.play(samples);
    this.#playback.tapped = true;
  }

  /** Returns what was recorded, or null where nothing was. */
  stopRecording() {
    const recorder = this.#recorder;
    this.#recorder = null;
    if (this.#playback !== null) {
      this.#playback.tapped = false;
    }
    return recorder;
  }

  end() {
    this.#finish(null);
  }

  async #openVoice() {
    if (this.#options.microphone === 'off') {
      return new Silence();
    }
    try {
      return await Microphone.open();
    } catch (problem) {
      if (this.#options.microphone === 'required') {
        throw problem;
      }
      this.#listener.onNotice(`${problem.message} Or press one of the questions: they need no microphone.`);
      return new Silence();
    }
  }

  #startVoice() {
    return this.#microphone.start(this.#context, (block) => this.#heard(block),
      () => this.#finish('The microphone was disconnected. Connect it and start again.'));
  }

  #playSpeech() {
    const { samples } = this.#speech;
    const buffer = new AudioBuffer({ length: samples.length, sampleRate: SAMPLE_RATE });
    buffer.copyToChannel(samples, 0);
    const source = new AudioBufferSourceNode(this.#context, { buffer });
    source.connect(this.#context.destination);
    source.start();
  }

  #connect(url) {
    this.#connection = new Connection(url, {
      pings: this.#options.pings,
      listener: {
        onOpen: () => {
          this.#enter('preparing');
          this.#sendPicture();
        },
        onMessage: (message) => this.#receive(message),
        onClosed: (reason) => this.#finish(reason),
      },
    });
  }

  #receive(message) {
    switch (message.kind) {
      case Kind.HANDSHAKE:
        this.#enter('talking');
        if (this.isAsking) {
          this.#playSpeech();
        }
        break;
      case Kind.AUDIO:
        this.#codec.decode(message.bytes);
        break;
      case Kind.TEXT:
        this.#listener.onText(message.text, message.level);
        break;
      case Kind.METADATA:
        this.#receiveMetadata(message.metadata);
        break;
      case Kind.ERROR:
        this.#listener.onNotice(message.reason);
        break;
      case Kind.PING: // the answer to ours; that it came is what counts
        break;
    }
  }

  #receiveMetadata(metadata) {
    if (metadata.queue === undefined) {
      this.#listener.onMetadata(metadata);
    } else if (this.#state !== 'talking') {
      this.#enter('waiting', metadata.queue.position);
    }
  }

  #heard(block) {
    const talking = this.#state === 'talking';
    if (talking && this.isAsking && !this.#speech.read(block)) {
      this.#speech = null;
      this.#listener.onAsked();
    }
    this.#showLevel(loudness(block));
    if (!talking) {
      return;
    }
    this.#recorder?.hear(block);
    if (this.#connection.backlog > BACKLOG_LIMIT) {
      this.#unsentSeconds += block.length / SAMPLE_RATE;
      return;
    }
    this.#sentSeconds += block.length / SAMPLE_RATE;
    this.#codec.encode(block);
  }

  /** Ten times a second is enough for the eye, and spares the battery. */
  #showLevel(level) {
    this.#levels.push(level);
    if (this.#levels.length === LEVEL_BLOCKS) {
      this.#listener.onHeard(Math.max(...this.#levels));
      this.#levels = [];
    }
  }

  #reported(report) {
    if (this.#state !== 'talking') {
      return;
    }
    // The server answers each second it hears with a second of its own: what is not played yet is the way there and back.
    const latency = Math.max(0, this.#sentSeconds - report.played - report.dropped);
    this.#latency = this.#latency === null ? latency : SMOOTHING * this.#latency + (1 - SMOOTHING) * latency;
    this.#listener.onReport({ ...report, latency: this.#latency, sent: this.#sentSeconds, unsent: this.#unsentSeconds });
  }

  #sendPicture() {
    if (this.#picture !== null) {
      this.#picture.arrayBuffer().then((bytes) => this.#send(encode(Kind.IMAGE, new Uint8Array(bytes))));
    }
  }

  #send(message) {
    this.#connection?.send(message);
  }

  #enter(state, detail = null) {
    this.#state = state;
    this.#listener.onState(state, detail);
  }

  #finish(reason) {
    if (this.#state !== 'ended') {
      this.#enter('ended', reason);
      this.#release();
    }
  }

  #release() {
    this.#connection?.close();
    this.#microphone?.close();
    this.#codec?.close();
    if (this.#context.state !== 'closed') {
      this.#context.close();
    }
  }
}
