/** A recording that goes into the talk as if the user had spoken it. */

import { Problem, UNREACHABLE } from '../wire/reasons.js';
import { SAMPLE_RATE } from './format.js';

/** Before the first word: the model hears how silence sounds. */
const LEAD_SECONDS = 0.5;

/** Fetches and decodes a recording: 24 kHz, mono. */
export async function fetchSpeech(url) {
  const answer = await fetch(url).catch(() => {
    throw new Problem(UNREACHABLE);
  });
  if (!answer.ok) {
    throw new Problem(`The server has no ${url} (HTTP ${answer.status})`);
  }
  const decoder = new OfflineAudioContext(1, 1, SAMPLE_RATE);
  const sound = await decoder.decodeAudioData(await answer.arrayBuffer());
  return sound.getChannelData(0);
}

export class RecordedSpeech {
  #samples;
  #position = 0;

  constructor(samples) {
    const lead = LEAD_SECONDS * SAMPLE_RATE;
    this.#samples = new Float32Array(lead + samples.length);
    this.#samples.set(samples, lead);
  }

  /** All of it, to be played. */
  get samples() {
    return this.#samples;
  }

  /** Fills a block with what comes next, silence after the end; returns whether anything is left. */
  read(block) {
    const part = this.#samples.subarray(this.#position, this.#position + block.length);
    block.fill(0);
    block.set(part);
    this.#position += block.length;
    return this.#position < this.#samples.length;
  }
}
