/** Ogg Opus by the browser's own codec (WebCodecs). */

import { SAMPLE_RATE } from './format.js';
import { OggReader, OggWriter } from './ogg.js';
import { Resampler } from './resampler.js';

const PACKET_SECONDS = 0.02;
const PACKETS_PER_PAGE = 2; // 40 ms, as the reference's page sends them
const PRE_SKIP = 312; // libopus' look-ahead at 48 kHz
const OPUS_RATE = 48_000;

const ENCODER = {
  codec: 'opus',
  sampleRate: SAMPLE_RATE,
  numberOfChannels: 1,
  bitrate: 32_000,
  opus: { frameDuration: PACKET_SECONDS * 1e6, application: 'audio', complexity: 5 },
};

export class OpusCodec {
  static format = 'opus';
  #listener;
  #encoder;
  #decoder = null;
  #writer = new OggWriter({ inputRate: SAMPLE_RATE, preSkip: PRE_SKIP });
  #reader = new OggReader((stream) => this.#begin(stream));
  #packets = [];
  #encodedBlocks = 0;
  #decodedPackets = 0;
  #resampler = null;
  #toSkip = 0;

  /** Whether this browser can do both directions. */
  static async isSupported() {
    if (typeof AudioEncoder === 'undefined' || typeof AudioDecoder === 'undefined') {
      return false;
    }
    const answers = await Promise.all([
      AudioEncoder.isConfigSupported(ENCODER),
      AudioDecoder.isConfigSupported(decoderConfig(1)),
    ]).catch(() => []);
    return answers.length === 2 && answers.every(({ supported }) => supported);
  }

  /** The listener has `onEncoded(bytes)`, `onDecoded(samples)` and `onFailed(error)`. */
  constructor(listener) {
    this.#listener = listener;
    this.#encoder = new AudioEncoder({ output: (chunk) => this.#encoded(chunk), error: listener.onFailed });
    this.#encoder.configure(ENCODER);
  }

  /** Takes a block of 20 ms. */
  encode(samples) {
    const data = new AudioData({
      format: 'f32-planar',
      sampleRate: SAMPLE_RATE,
      numberOfFrames: samples.length,
      numberOfChannels: 1,
      timestamp: this.#encodedBlocks++ * PACKET_SECONDS * 1e6,
      data: samples,
    });
    this.#encoder.encode(data);
    data.close();
  }

  /** Takes Ogg bytes, cut anywhere. */
  decode(bytes) {
    for (const packet of this.#reader.read(bytes)) {
      // Only the order of the time stamps matters: the length of a packet is in the packet.
      const timestamp = this.#decodedPackets++ * PACKET_SECONDS * 1e6;
      this.#decoder?.decode(new EncodedAudioChunk({ type: 'key', timestamp, data: packet }));
    }
  }

  close() {
    for (const codec of [this.#encoder, this.#decoder]) {
      if (codec !== null && codec.state !== 'closed') {
        codec.close();
      }
    }
  }

  #encoded(chunk) {
    const packet = new Uint8Array(chunk.byteLength);
    chunk.copyTo(packet);
    this.#packets.push(packet);
    if (this.#packets.length === PACKETS_PER_PAGE) {
      this.#listener.onEncoded(this.#writer.write(this.#packets, PACKETS_PER_PAGE * PACKET_SECONDS));
      this.#packets = [];
    }
  }

  #begin({ channels, preSkip }) {
    if (this.#decoder !== null && this.#decoder.state !== 'closed') {
      this.#decoder.close();
    }
    this.#toSkip = preSkip;
    this.#resampler = null;
    this.#decoder = new AudioDecoder({ output: (data) => this.#decoded(data), error: this.#listener.onFailed });
    this.#decoder.configure(decoderConfig(channels));
  }

  #decoded(data) {
    const samples = mono(data);
    this.#resampler ??= new Resampler(data.sampleRate, SAMPLE_RATE);
    const perSample = OPUS_RATE / data.sampleRate;
    const skipped = Math.min(samples.length, Math.floor(this.#toSkip / perSample));
    this.#toSkip -= skipped * perSample;
    data.close();
    const audio = this.#resampler.process(samples.subarray(skipped));
    if (audio.length > 0) {
      this.#listener.onDecoded(audio);
    }
  }
}

function decoderConfig(channels) {
  return { codec: 'opus', sampleRate: OPUS_RATE, numberOfChannels: channels };
}

/** The mean of the channels. */
function mono(data) {
  const sum = new Float32Array(data.numberOfFrames);
  const channel = new Float32Array(data.numberOfFrames);
  for (let planeIndex = 0; planeIndex < data.numberOfChannels; planeIndex++) {
    data.copyTo(channel, { planeIndex, format: 'f32-planar' });
    channel.forEach((sample, i) => (sum[i] += sample / data.numberOfChannels));
  }
  return sum;
}
