/** A user who says nothing, for talks without a microphone: a talk is clocked by what is sent. */

const WORKLET = new URL('capture-worklet.js', import.meta.url);

export class Silence {
  #source = null;

  /** Delivers blocks of silence until closed. */
  async start(context, onBlock) {
    await context.audioWorklet.addModule(WORKLET);
    const capture = new AudioWorkletNode(context, 'capture', { numberOfOutputs: 0 });
    capture.port.onmessage = ({ data }) => onBlock(data);
    this.#source = new ConstantSourceNode(context, { offset: 0 });
    this.#source.connect(capture);
    this.#source.start();
  }

  close() {
    this.#source?.disconnect();
    this.#source = null;
  }
}
