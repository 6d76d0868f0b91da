/** The microphone as 20 ms blocks of 24 kHz mono, with the browser's echo cancellation. */

import { SAMPLE_RATE } from './format.js';
import { openDevice } from '../wire/reasons.js';

const WORKLET = new URL('capture-worklet.js', import.meta.url);

export class Microphone {
  #stream;
  #ownContext = null;

  /** Asks the person for the microphone; throws a Problem where it cannot be had. Follow with `start`. */
  static async open() {
    const stream = await openDevice({
      audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 },
    });
    return new Microphone(stream);
  }

  constructor(stream) {
    this.#stream = stream;
  }

  /** Delivers blocks (Float32Array, -1 to 1) until closed. `onLost` is called when the device goes away. */
  async start(context, onBlock, onLost) {
    this.#stream.getAudioTracks()[0].onended = onLost;
    const source = await this.#source(context);
    await source.context.audioWorklet.addModule(WORKLET);
    const capture = new AudioWorkletNode(source.context, 'capture', { numberOfOutputs: 0 });
    capture.port.onmessage = ({ data }) => onBlock(data);
    source.connect(capture);
  }

  /** A muted microphone delivers silence, so that the conversation goes on. */
  set muted(muted) {
    this.#stream.getAudioTracks().forEach((track) => (track.enabled = !muted));
  }

  /** Lets go of the device; the browser's sign that the page listens goes out. */
  close() {
    this.#stream.getTracks().forEach((track) => {
      track.onended = null;
      track.stop();
    });
    this.#ownContext?.close();
    this.#ownContext = null;
  }

  /** Some browsers do not resample a microphone into a context of another rate: it then gets its own context. */
  async #source(context) {
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
