import { JitterBuffer } from '../audio/jitter-buffer.js';
import { equal, isTrue, joined, near, test } from './check.js';

const RATE = 24_000;
const MS = RATE / 1000;
const FRAME = 80 * MS; // what the model says at a time
const ones = (length) => new Float32Array(length).fill(1);

/** Plays for so many milliseconds, 10 at a time. */
function play(buffer, milliseconds) {
  const parts = [];
  for (let t = 0; t < milliseconds; t += 10) {
    const part = new Float32Array(10 * MS);
    buffer.pull(part);
    parts.push(part);
  }
  return joined(parts);
}

const firstSound = (samples) => samples.findIndex((sample) => sample !== 0) / MS;

test('plays after two frames and a wait of a third', () => {
  const buffer = new JitterBuffer(RATE);
  buffer.push(ones(FRAME));
  isTrue(play(buffer, 200).every((sample) => sample === 0), 'silent with one frame');
  buffer.push(ones(FRAME));
  near(firstSound(play(buffer, 120)), 80, 1, 'milliseconds to the first sound');
});

test('fades in, and then plays what came, sample by sample', () => {
  const buffer = new JitterBuffer(RATE);
  buffer.push(ones(2 * FRAME));
  const heard = play(buffer, 120).subarray(80 * MS);
  equal(heard[0], 0);
  isTrue(heard[5] > 0 && heard[5] < heard[100] && heard[100] < 1, 'a rise');
  equal(heard[15 * MS], 1);
});

test('keeps a steady stream without gaps', () => {
  const buffer = new JitterBuffer(RATE);
  buffer.push(ones(2 * FRAME));
  play(buffer, 90);
  for (let i = 0; i < 50; i++) {
    buffer.push(ones(FRAME));
    isTrue(play(buffer, 80).subarray(10 * MS).every((sample) => sample > 0.9), `sound in frame ${i}`);
  }
  equal([buffer.missed, buffer.dropped], [0, 0], 'missed and dropped');
});

test('runs dry with a fade, and counts the gap once sound returns', () => {
  const buffer = new JitterBuffer(RATE);
  buffer.push(ones(2 * FRAME));
  const heard = play(buffer, 300);
  equal(heard.at(-1), 0);
  equal(buffer.missed, 0, 'missed before anything more arrived: it may have been the end');
  buffer.push(ones(3 * FRAME));
  play(buffer, 200);
  isTrue(buffer.missed > 0, 'the gap is missed audio');
});

test('waits longer after it ran dry, but not for ever', () => {
  const buffer = new JitterBuffer(RATE);
  const waits = Array.from({ length: 6 }, () => {
    buffer.push(ones(2 * FRAME));
    return firstSound(play(buffer, 600));
  });
  near(waits[0], 80, 1);
  near(waits[1], 120, 1);
  near(waits[2], 160, 1);
  near(waits[4], 240, 1);
  near(waits[5], 240, 1);
});

test('drops the oldest when too much piles up, and then allows more', () => {
  const buffer = new JitterBuffer(RATE);
  const numbered = Float32Array.from({ length: 5 * FRAME }, (_, i) => i + 1);
  buffer.push(numbered); // 400 ms against 160 + 80 + 80
  equal(buffer.buffered, 240 * MS);
  equal(buffer.dropped, 160 * MS);
  const heard = play(buffer, 100);
  near(heard.at(-1), 160 * MS + 20 * MS, 1, 'the newest is what is left');
  buffer.push(ones(340 * MS - buffer.buffered));
  equal(buffer.buffered, 340 * MS, 'more slack than before');
});

test('every sample is played, dropped or still there', () => {
  const buffer = new JitterBuffer(RATE);
  let pushed = 0;
  for (let i = 0; i < 400; i++) {
    const length = ((i * 7919) % 5) * 37 * MS;
    buffer.push(ones(length));
    pushed += length;
    play(buffer, ((i * 104729) % 7) * 20);
  }
  equal(buffer.played + buffer.dropped + buffer.buffered, pushed);
});
