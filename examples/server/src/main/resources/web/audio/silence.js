/** A user who says nothing, for talks without a microphone: a talk is clocked by what is sent. */

import { capture } from './capture.js';

export class Silence {
  #stop = null;

  /** Delivers blocks of silence until closed. */
  async start(context, onBlock) {
    const source = new ConstantSourceNode(context, { offset: 0 });
    source.start();
    this.#stop = await capture(source, onBlock);
  }

  close() {
    this.#stop?.();
  }
}
