/** The loudspeaker: takes 24 kHz audio as it arrives and plays it through the jitter buffer. */

import { addWorklet } from './worklets.js';

const WORKLET = new URL('playback-worklet.js', import.meta.url);

export class Playback {
  #node;

  /** `onReport` hears ten times a second what the worklet played (seconds, and `level` 0 to 1). */
  static async open(context, onReport) {
    await addWorklet(context, WORKLET);
    return new Playback(context, onReport);
  }

  constructor(context, onReport) {
    this.#node = new AudioWorkletNode(context, 'playback', { numberOfInputs: 0, outputChannelCount: [1] });
    this.onPlayed = () => {};
    this.#node.port.onmessage = ({ data }) => (data.samples ? this.onPlayed(data.samples) : onReport(data));
    this.#node.connect(context.destination);
  }

  /** Queues samples; they belong to the worklet afterwards. */
  play(samples) {
    this.#node.port.postMessage(samples, [samples.buffer]);
  }

  /** While tapped, `onPlayed(samples)` gets everything that goes to the loudspeaker, silence included. */
  set tapped(tapped) {
    this.#node.port.postMessage({ tapped });
  }
}
