/** The one sample rate of the model, and how long its frames are. Everything on the wire is 24 kHz mono. */

export const SAMPLE_RATE = 24_000;

/** What the microphone delivers at a time: 20 ms, one Opus packet. */
export const BLOCK = 480;

/** How loud a block is, 0 (below -60 dB) to 1 (full scale), even steps in decibels as ears hear them. */
export function loudness(samples) {
  let energy = 0;
  for (const sample of samples) {
    energy += sample * sample;
  }
  const decibels = 10 * Math.log10(energy / samples.length + 1e-12);
  return Math.min(1, Math.max(0, (decibels + 60) / 60));
}
