/** The microphone as 20 ms blocks of 24 kHz mono, with the browser's echo cancellation. */

import { openDevice } from '../wire/reasons.js';
import { capture } from './capture.js';
import { SAMPLE_RATE } from './format.js';

const PROCESSING = { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 };

export class Microphone {
  #stream;
  #ownContext = null;
  #stop = null;

  /** Asks the person for a microphone, `id` or the system's choice where it is null; throws a Problem where it cannot be had. */
  static async open(id) {
    return new Microphone(await openDevice({ audio: id === null ? PROCESSING : { ...PROCESSING, deviceId: { exact: id } } }));
  }

  constructor(stream) {
    this.#stream = stream;
  }

  /** Delivers blocks (Float32Array, -1 to 1) until closed. `onLost` is called when the device goes away. */
  async start(context, onBlock, onLost) {
    this.#stream.getAudioTracks()[0].onended = onLost;
    this.#stop = await capture(this.#source(context), onBlock);
  }

  /** A muted microphone delivers silence, so that the conversation goes on. */
  get muted() {
    return this.#stream.getAudioTracks().every((track) => !track.enabled);
  }

  set muted(muted) {
    this.#stream.getAudioTracks().forEach((track) => (track.enabled = !muted));
  }

  /** Lets go of the device; the browser's sign that the page listens goes out. */
  close() {
    this.#stop?.();
    this.#stream.getTracks().forEach((track) => {
      track.onended = null;
      track.stop();
    });
    this.#ownContext?.close();
    this.#ownContext = null;
  }

  /** Some browsers do not resample a microphone into a context of another rate: it then gets its own context. */
  #source(context) {
    try {
      return context.createMediaStreamSource(this.#stream);
    } catch (error) {
      if (context.sampleRate !== SAMPLE_RATE || error.name !== 'NotSupportedError') {
        throw error;
      }
      this.#ownContext = new AudioContext();
      return this.#ownContext.createMediaStreamSource(this.#stream);
    }
  }
}
