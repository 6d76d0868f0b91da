/** Sound as 16-bit samples, little endian: for browsers without an Opus encoder. Four times the bytes, no loss. */

const FULL_SCALE = 32_767;

export class PcmCodec {
  static format = 'pcm';
  #listener;

  /** The listener has `onEncoded(bytes)` and `onDecoded(samples)`. */
  constructor(listener) {
    this.#listener = listener;
  }

  encode(samples) {
    this.#listener.onEncoded(toPcm(samples));
  }

  decode(bytes) {
    this.#listener.onDecoded(fromPcm(bytes));
  }

  close() {}
}

/** Samples of -1 to 1 as s16le; louder ones are clipped. */
export function toPcm(samples) {
  const bytes = new Uint8Array(2 * samples.length);
  const view = new DataView(bytes.buffer);
  samples.forEach((sample, i) => {
    view.setInt16(2 * i, Math.round(Math.min(1, Math.max(-1, sample)) * FULL_SCALE), true);
  });
  return bytes;
}

/** s16le as samples of -1 to 1. */
export function fromPcm(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Float32Array.from({ length: bytes.byteLength >> 1 }, (_, i) => view.getInt16(2 * i, true) / FULL_SCALE);
}
