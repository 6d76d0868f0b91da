/**
 * Evens out audio that arrives in bursts: waits a little before it plays, waits longer after each time it ran dry, and
 * drops the oldest audio when too much has piled up. Has no dependencies; the playback worklet drives it.
 */

const START_MS = 160; // two model frames
const WAIT_MS = 80; // one more, so that the first late frame is not heard
const SLACK_MS = 80; // beyond start and wait before anything is dropped
const STEP_MS = 40; // by which wait and slack grow after a mishap
const MOST_MS = 240; // to which they grow

export class JitterBuffer {
  /** Counts in samples: `played`; `missed`, silence that stood in for audio; `dropped`, audio that came too fast. */
  played = 0;
  missed = 0;
  dropped = 0;
  buffered = 0;

  #perMs;
  #wait;
  #slack;
  #chunks = [];
  #offset = 0; // into the first chunk
  #playing = false;
  #waited = 0;
  #gap = 0;

  constructor(sampleRate) {
    this.#perMs = sampleRate / 1000;
    this.#wait = WAIT_MS * this.#perMs;
    this.#slack = SLACK_MS * this.#perMs;
  }

  /** Adds audio, and drops the oldest when that is more than start, wait and slack together. */
  push(samples) {
    this.#chunks.push(samples);
    this.buffered += samples.length;
    const target = START_MS * this.#perMs + this.#wait;
    if (this.buffered > target + this.#slack) {
      this.#drop(this.buffered - target);
      this.#slack = this.#grown(this.#slack);
    }
  }

  /** Fills `out` with audio, or with silence while there is none. Steps from one to the other are faded. */
  pull(out) {
    out.fill(0);
    const resumes = !this.#playing;
    if (resumes && !this.#ready(out.length)) {
      this.#gap += this.played > 0 ? out.length : 0;
      return;
    }
    const length = Math.min(out.length, this.buffered);
    this.#take(out.subarray(0, length));
    this.played += length;
    if (resumes) {
      this.#resume(out);
    }
    if (length < out.length) {
      this.#runDry(out, length);
    }
  }

  #ready(length) {
    if (this.buffered < START_MS * this.#perMs) {
      return false;
    }
    this.#waited += length;
    return this.#waited > this.#wait;
  }

  /** Only now is it known that the silence stood in for audio, and was not the end of the talk. */
  #resume(out) {
    this.#playing = true;
    this.missed += this.#gap;
    for (let i = 0; i < out.length; i++) {
      out[i] *= i / out.length;
    }
  }

  #runDry(out, length) {
    for (let i = 0; i < length; i++) {
      out[i] *= 1 - i / length;
    }
    this.#playing = false;
    this.#waited = 0;
    this.#gap = out.length - length;
    this.#wait = this.#grown(this.#wait);
  }

  #grown(samples) {
    return Math.min(samples + STEP_MS * this.#perMs, MOST_MS * this.#perMs);
  }

  #drop(count) {
    this.#take(new Float32Array(count));
    this.dropped += count;
  }

  #take(out) {
    let filled = 0;
    while (filled < out.length) {
      const chunk = this.#chunks[0];
      const part = chunk.subarray(this.#offset, this.#offset + out.length - filled);
      out.set(part, filled);
      filled += part.length;
      this.#offset += part.length;
      if (this.#offset === chunk.length) {
        this.#chunks.shift();
        this.#offset = 0;
      }
    }
    this.buffered -= out.length;
  }
}
