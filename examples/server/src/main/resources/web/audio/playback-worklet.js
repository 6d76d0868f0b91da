/** Audio thread: plays from the jitter buffer, and tells the page how it goes and, when asked, what was played. */

import { loudness } from './format.js';
import { JitterBuffer } from './jitter-buffer.js';

const REPORT_SECONDS = 0.1;

class Playback extends AudioWorkletProcessor {
  #buffer = new JitterBuffer(sampleRate);
  #tapped = false;
  #level = 0;
  #nextReport = 0;

  constructor() {
    super();
    this.port.onmessage = ({ data }) => {
      if (data instanceof Float32Array) {
        this.#buffer.push(data);
      } else {
        this.#tapped = data.tapped;
      }
    };
  }

  process(_inputs, [[out]]) {
    this.#buffer.pull(out);
    this.#level = Math.max(this.#level, loudness(out));
    if (this.#tapped) {
      this.port.postMessage({ samples: out.slice() });
    }
    if (currentTime >= this.#nextReport) {
      this.#report();
    }
    return true;
  }

  #report() {
    const { played, missed, dropped, buffered } = this.#buffer;
    const seconds = (samples) => samples / sampleRate;
    this.port.postMessage({
      level: this.#level,
      played: seconds(played),
      missed: seconds(missed),
      dropped: seconds(dropped),
      buffered: seconds(buffered),
    });
    this.#level = 0;
    this.#nextReport = currentTime + REPORT_SECONDS;
  }
}

registerProcessor('playback', Playback);
