/**
 * One talk, from asking for the microphone to the last message. A new talk is a new object: nothing of the one before
 * (a picture that counts as sent, colors, a buffer) can leak into it.
 */

import { chooseCodec } from './audio/codec.js';
import { SAMPLE_RATE } from './audio/format.js';
import { keepRunning } from './audio/keep-running.js';
import { Playback } from './audio/playback.js';
import { Recorder } from './audio/recorder.js';
import { UserVoice } from './audio/user-voice.js';
import { Connection } from './wire/connection.js';
import { Kind, encode, encodeRating } from './wire/protocol.js';
import { Problem } from './wire/reasons.js';

/** Audio that the network has not taken after this many bytes is not sent: it would only arrive too late. */
const BACKLOG_LIMIT = 64 * 1024;
/** The weight of the past in the moving average of the latency. */
const SMOOTHING = 0.85;

export class Conversation {
  #listener;
  #options;
  #picture;
  #context;
  #voice = null;
  #playback = null;
  #codec = null;
  #connection = null;
  #recorder = null;
  #letGo = () => {};
  #state = 'new';
  #sentSeconds = 0;
  #unsentSeconds = 0;
  #latency = null;

  /**
   * `options`: `url(format)` gives the address for a sound format, `pings` says whether the server answers pings,
   * `picture` is a Blob or null, `microphone` is `required`, `optional` (where it cannot be had, the talk goes on
   * without) or `off`, `devices` has the ids of the `microphone` and the `speaker`, null for the system's choice,
   * `lossless` says whether every sample counts: the nano model mishears speech that the browser's Opus changed.
   * The listener has `onState(state, detail)` with the states `connecting`, `waiting` (detail: the place in the queue),
   * `preparing` (detail: whether there is a picture), `talking` and `ended` (detail: the reason, or null when it was
   * asked for), and `onText(text, level, second)` (of the user's sound), `onUserWord(word)`, `onUserTurn()`, `onAsked()`, `onNotice(text)`, `onMetadata(object)`, `onStopping(seconds)`,
   * `onSound(running)`, `onHeard(level)`, `onReport(statistics)`.
   */
  constructor(options, listener) {
    this.#options = options;
    this.#picture = options.picture;
    this.#listener = listener;
  }

  /** Call it from a click or a key: browsers start sound, and ask for microphones, only then. */
  async start() {
    const { devices, microphone, lossless, url } = this.#options;
    this.#enter('connecting');
    this.#context = new AudioContext({ sampleRate: SAMPLE_RATE, latencyHint: 'interactive' });
    this.#voice = new UserVoice(this.#context, {
      onBlock: (block) => this.#heard(block),
      onLevel: (level) => this.#listener.onHeard(level),
      onAsked: () => this.#listener.onAsked(),
      onNotice: (text) => this.#listener.onNotice(text),
      onLost: () => this.#finish('The microphone was disconnected. Connect it and start again.'),
    });
    try {
      await this.#voice.open(microphone, devices.microphone);
      await this.#context.resume();
      await this.useSpeaker(devices.speaker);
      this.#playback = await Playback.open(this.#context, (report) => this.#reported(report));
      const Codec = await chooseCodec(lossless);
      this.#codec = new Codec({
        onEncoded: (bytes) => this.#send(encode(Kind.AUDIO, bytes)),
        onDecoded: (samples) => this.#playback.play(samples),
        onFailed: (error) => this.#finish(`The browser’s audio decoder failed: ${error.message}`),
      });
      await this.#voice.start();
      if (this.#state !== 'ended') {
        this.#connect(url(Codec.format));
      }
    } catch (error) {
      this.#finish(error instanceof Problem ? error.message : `The conversation could not start: ${error.message}`);
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

  /** What the server hears: see `UserVoice`. */
  get voice() {
    return this.#voice;
  }

  /** Plays through the speaker with that id, null for the system's choice. */
  async useSpeaker(id) {
    if (id !== null) {
      await this.#context.setSinkId(id).catch(() => this.#listener.onNotice(
        'The chosen speaker is not available: the default one is used. Choose another in the settings.'));
    } else if (this.#context.sinkId) {
      await this.#context.setSinkId('');
    }
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

  #connect(url) {
    this.#connection = new Connection(url, {
      pings: this.#options.pings,
      listener: {
        onOpen: () => {
          this.#enter('preparing', this.#picture !== null);
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
        this.#letGo = keepRunning(this.#context, (running) => this.#listener.onSound(running));
        this.#voice.begin();
        break;
      case Kind.AUDIO:
        this.#codec.decode(message.bytes);
        break;
      case Kind.TEXT:
        this.#listener.onText(message.text, message.level, this.#sentSeconds);
        break;
      case Kind.USER_WORD:
        this.#listener.onUserWord(message.word);
        break;
      case Kind.USER_TURN:
        this.#listener.onUserTurn();
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

  /** Says what the server said of itself, of the queue, or of its end. */
  #receiveMetadata(metadata) {
    if (metadata.queue !== undefined) {
      if (this.#state !== 'talking') {
        this.#enter('waiting', metadata.queue.position);
      }
    } else if (metadata.stopping !== undefined) {
      this.#listener.onStopping(metadata.stopping.seconds);
    } else {
      this.#listener.onMetadata(metadata);
    }
  }

  #heard(block) {
    if (this.#state !== 'talking') {
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
    this.#letGo();
    this.#connection?.close();
    this.#voice.close();
    this.#codec?.close();
    if (this.#context.state !== 'closed') {
      this.#context.close();
    }
  }
}
