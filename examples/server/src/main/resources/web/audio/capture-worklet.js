/** Audio thread: cuts what the microphone hears into 20 ms blocks at 24 kHz and posts them to the page. */

import { BLOCK, SAMPLE_RATE } from './format.js';
import { Resampler } from './resampler.js';

class Capture extends AudioWorkletProcessor {
  #resampler = new Resampler(sampleRate, SAMPLE_RATE);
  #block = new Float32Array(BLOCK);
  #filled = 0;
  #running = true;

  constructor() {
    super();
    this.port.onmessage = () => (this.#running = false);
  }

  process([input]) {
    // A microphone that is not connected yet, or no longer, is silence: the talk is clocked by what is sent.
    const samples = this.#resampler.process(input[0] ?? new Float32Array(128));
    for (const sample of samples) {
      this.#block[this.#filled++] = sample;
      if (this.#filled === BLOCK) {
        this.port.postMessage(this.#block, [this.#block.buffer]);
        this.#block = new Float32Array(BLOCK);
        this.#filled = 0;
      }
    }
    return this.#running;
  }
}

registerProcessor('capture', Capture);
