/** Both sides of the talk as one WAV file: 24 kHz, mono, 16 bits. */

import { SAMPLE_RATE } from './format.js';
import { toPcm } from './pcm-codec.js';

const HEADER = 44;

export class Recorder {
  #you = [];
  #model = [];

  /** Adds what the microphone heard. */
  hear(samples) {
    this.#you.push(samples);
  }

  /** Adds what the loudspeaker played. Both sides run on a clock from the same moment on. */
  play(samples) {
    this.#model.push(samples);
  }

  /** The seconds recorded so far. */
  get seconds() {
    return count(this.#you) / SAMPLE_RATE;
  }

  /** The file, with the two sides added up. */
  toWav() {
    const you = joined(this.#you);
    const model = joined(this.#model);
    const mixed = Float32Array.from({ length: Math.max(you.length, model.length) },
      (_, i) => (you[i] ?? 0) + (model[i] ?? 0));
    return new Blob([header(2 * mixed.length), toPcm(mixed)], { type: 'audio/wav' });
  }
}

function count(blocks) {
  return blocks.reduce((sum, { length }) => sum + length, 0);
}

function joined(blocks) {
  const whole = new Float32Array(count(blocks));
  let at = 0;
  for (const block of blocks) {
    whole.set(block, at);
    at += block.length;
  }
  return whole;
}

/** RIFF header of a mono file of 16 bits with that many bytes of samples. */
function header(bytes) {
  const view = new DataView(new ArrayBuffer(HEADER));
  const text = (at, letters) => [...letters].forEach((letter, i) => view.setUint8(at + i, letter.charCodeAt(0)));
  text(0, 'RIFF');
  view.setUint32(4, HEADER - 8 + bytes, true);
  text(8, 'WAVEfmt ');
  view.setUint32(16, 16, true); // length of the format
  view.setUint16(20, 1, true); // PCM
  view.setUint16(22, 1, true); // channels
  view.setUint32(24, SAMPLE_RATE, true);
  view.setUint32(28, 2 * SAMPLE_RATE, true); // bytes a second
  view.setUint16(32, 2, true); // bytes a frame
  view.setUint16(34, 16, true); // bits a sample
  text(36, 'data');
  view.setUint32(40, bytes, true);
  return view;
}
