/** Band-limited change of sample rate for a stream cut anywhere. Has no dependencies, so worklets can use it too. */

/** Zero crossings of the sinc on each side. 16 keep what would fold back below -60 dB at under 1 ms of delay. */
const CROSSINGS = 16;
/** Where the pass band ends, as a part of the lower of the two Nyquist frequencies. */
const PASS_BAND = 0.92;

export class Resampler {
  #up;
  #down;
  #half;
  #filters;
  #tail;
  #position = 0; // of the next output sample, in units of 1 / up input samples, from the start of the tail

  constructor(fromRate, toRate) {
    const divisor = gcd(fromRate, toRate);
    this.#up = toRate / divisor;
    this.#down = fromRate / divisor;
    const cutoff = Math.min(1, toRate / fromRate) * PASS_BAND;
    this.#half = Math.ceil(CROSSINGS / cutoff);
    this.#filters = Array.from({ length: this.#up }, (_, phase) => filter(phase / this.#up, this.#half, cutoff));
    this.#tail = new Float32Array(this.#half - 1); // silence before the start, so that output is aligned with input
  }

  /** The output that became complete with this input; input of the same stream follows in the next call. */
  process(input) {
    if (this.#up === this.#down) {
      return input;
    }
    const data = new Float32Array(this.#tail.length + input.length);
    data.set(this.#tail);
    data.set(input, this.#tail.length);
    const taps = 2 * this.#half;
    const output = [];
    let start = Math.floor(this.#position / this.#up);
    while (start + taps <= data.length) {
      const weights = this.#filters[this.#position % this.#up];
      let sum = 0;
      for (let i = 0; i < taps; i++) {
        sum += weights[i] * data[start + i];
      }
      output.push(sum);
      this.#position += this.#down;
      start = Math.floor(this.#position / this.#up);
    }
    const used = Math.min(start, data.length);
    this.#tail = data.slice(used);
    this.#position -= used * this.#up;
    return Float32Array.from(output);
  }
}

/** Windowed sinc for a sample `offset` (0 to 1) after input sample `half - 1`, with a gain of one at 0 Hz. */
function filter(offset, half, cutoff) {
  const weights = Float64Array.from({ length: 2 * half }, (_, i) => {
    const distance = i - (half - 1) - offset;
    const window = Math.cos((Math.PI / 2) * Math.min(1, Math.abs(distance) / half)) ** 2;
    const angle = Math.PI * cutoff * distance;
    return window * (angle === 0 ? 1 : Math.sin(angle) / angle);
  });
  const gain = weights.reduce((sum, weight) => sum + weight, 0);
  return Float32Array.from(weights, (weight) => weight / gain);
}

function gcd(a, b) {
  return b === 0 ? a : gcd(b, a % b);
}
