/** Keeps a phone's screen on while somebody talks: with the screen, browsers switch off the microphone. */

let lock = null;

/** Asks for that, or lets go. Browsers may refuse, say when the battery is low; then nothing happens. */
export function keepAwake(awake) {
  if (awake) {
    lock = navigator.wakeLock?.request('screen').catch(() => null) ?? null;
  } else {
    lock?.then((held) => held?.release());
    lock = null;
  }
}
