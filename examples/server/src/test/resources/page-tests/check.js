/** The little that these tests need: named cases, and failures that say what was found and what was expected. */

const cases = [];

export function test(name, body) {
  cases.push({ name, body });
}

/** Runs what the imported files declared; the answer is a list of `{name, failure}` with `failure` null for success. */
export async function results() {
  const outcome = [];
  for (const { name, body } of cases) {
    try {
      await body();
      outcome.push({ name, failure: null });
    } catch (error) {
      outcome.push({ name, failure: error.stack ?? String(error) });
    }
  }
  return outcome;
}

function plain(value) {
  return ArrayBuffer.isView(value) ? Array.from(value) : value;
}

export function equal(found, expected, what = 'value') {
  const [is, should] = [JSON.stringify(plain(found)), JSON.stringify(plain(expected))];
  if (is !== should) {
    throw new Error(`${what}: found ${is}, expected ${should}`);
  }
}

export function near(found, expected, tolerance, what = 'value') {
  if (!(Math.abs(found - expected) <= tolerance)) {
    throw new Error(`${what}: found ${found}, expected ${expected} within ${tolerance}`);
  }
}

export function isTrue(condition, what) {
  if (!condition) {
    throw new Error(`not so: ${what}`);
  }
}

export function throws(body, words) {
  try {
    body();
  } catch (error) {
    isTrue(error.message.includes(words), `“${error.message}” contains “${words}”`);
    return;
  }
  throw new Error(`nothing was thrown, expected a message with “${words}”`);
}

/** `length` samples of a tone. */
export function tone(frequency, rate, length, amplitude = 0.5) {
  return Float32Array.from({ length }, (_, i) => amplitude * Math.sin((2 * Math.PI * frequency * i) / rate));
}

export function rms(samples) {
  return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
}

export function joined(parts) {
  return Float32Array.from(parts.flatMap((part) => Array.from(part)));
}
