import { SAMPLE_RATE, loudness } from '../audio/format.js';
import { OpusCodec } from '../audio/opus-codec.js';
import { fromPcm, toPcm } from '../audio/pcm-codec.js';
import { Recorder } from '../audio/recorder.js';
import { Resampler } from '../audio/resampler.js';
import { equal, isTrue, joined, near, rms, test, tone } from './check.js';

test('PCM keeps both ends of the range and clips what is beyond', () => {
  equal(toPcm(Float32Array.of(0, 1, -1, 2, -2)), [0, 0, 0xff, 0x7f, 0x01, 0x80, 0xff, 0x7f, 0x01, 0x80]);
  equal(fromPcm(Uint8Array.of(0, 0, 0xff, 0x7f, 0x01, 0x80)), [0, 1, -1]);
});

test('loudness goes from silence to full scale in decibels', () => {
  equal(loudness(new Float32Array(480)), 0);
  near(loudness(new Float32Array(480).fill(1)), 1, 1e-6);
  near(loudness(new Float32Array(480).fill(0.0316)), 0.5, 0.01);
});

for (const rate of [16_000, 44_100, 48_000]) {
  test(`a stream at ${rate} Hz cut anywhere is the whole stream`, () => {
    const input = tone(440, rate, rate);
    const whole = new Resampler(rate, SAMPLE_RATE).process(input);
    const resampler = new Resampler(rate, SAMPLE_RATE);
    const parts = [];
    for (let at = 0, size = 1; at < input.length; at += size, size = (size * 13) % 997) {
      parts.push(resampler.process(input.subarray(at, at + size)));
    }
    equal(joined(parts), whole);
    near(whole.length, SAMPLE_RATE, 40, 'samples');
  });

  test(`a tone at ${rate} Hz stays where it is and as loud as it was`, () => {
    const output = new Resampler(rate, SAMPLE_RATE).process(tone(1000, rate, rate));
    const expected = tone(1000, SAMPLE_RATE, output.length);
    const middle = [...output.keys()].slice(200, -200);
    const error = Math.max(...middle.map((i) => Math.abs(output[i] - expected[i])));
    near(error, 0, 2e-3, 'greatest difference from the same tone at 24 kHz');
  });
}

test('what cannot be heard at 24 kHz does not fold back', () => {
  const output = new Resampler(48_000, SAMPLE_RATE).process(tone(15_000, 48_000, 48_000));
  isTrue(rms(output.subarray(200)) < 1e-3, 'a tone of 15 kHz is gone');
});

test('Opus carries a tone there and back, in pages of 40 ms', async () => {
  isTrue(await OpusCodec.isSupported(), 'this browser has Opus');
  const pages = [];
  const heard = [];
  const failures = [];
  const codec = new OpusCodec({
    onEncoded: (bytes) => pages.push(bytes),
    onDecoded: (samples) => heard.push(samples),
    onFailed: (error) => failures.push(error.message),
  });
  const input = tone(440, SAMPLE_RATE, SAMPLE_RATE);
  for (let at = 0; at < input.length; at += 480) {
    codec.encode(input.slice(at, at + 480));
  }
  await until(() => pages.length >= 24);
  pages.forEach((page) => codec.decode(page));
  await until(() => heard.reduce((sum, part) => sum + part.length, 0) > 0.9 * SAMPLE_RATE);
  codec.close();
  equal(failures, []);
  near(rms(joined(heard).subarray(4_800, 19_200)), rms(input), 0.05, 'loudness');
});

test('a recording is a WAV file with both sides added up', async () => {
  const recorder = new Recorder();
  recorder.hear(new Float32Array(480).fill(0.25));
  recorder.play(new Float32Array(128).fill(0.5));
  equal(recorder.seconds, 0.02);
  const file = new DataView(await recorder.toWav().arrayBuffer());
  equal(file.byteLength, 44 + 2 * 480);
  equal([file.getUint16(22, true), file.getUint32(24, true), file.getUint16(34, true)], [1, 24_000, 16]);
  equal([file.getUint32(4, true), file.getUint32(40, true)], [36 + 960, 960], 'lengths');
  equal([file.getInt16(44, true), file.getInt16(44 + 2 * 300, true)], [24_575, 8_192], 'samples');
});

async function until(condition) {
  for (let i = 0; i < 500 && !condition(); i++) {
    await new Promise((done) => setTimeout(done, 10));
  }
  isTrue(condition(), `${condition} within 5 seconds`);
}
