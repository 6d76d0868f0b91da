/**
 * Keeps sound running: a call, an alarm or a locked phone interrupts it (`interrupted`, or `suspended` in older browsers), and no
 * browser resumes it by itself.
 */

/** What may be the moment at which a browser lets sound go on. */
const CHANCES = { document: ['visibilitychange'], window: ['focus', 'pointerdown', 'keydown'] };

/** Resumes `context` whenever it can be. `onChange(running)` hears of interruptions and their ends. Returns a function that stops that. */
export function keepRunning(context, onChange) {
  const watch = new AbortController();
  const resume = () => {
    if (context.state !== 'running' && context.state !== 'closed' && !document.hidden) {
      context.resume().catch(() => {}); // The next chance may be better.
    }
  };
  const changed = () => {
    if (context.state !== 'closed') {
      onChange(context.state === 'running');
      resume();
    }
  };
  context.addEventListener('statechange', changed, { signal: watch.signal });
  for (const [target, events] of Object.entries(CHANCES)) {
    events.forEach((event) => globalThis[target].addEventListener(event, resume, { signal: watch.signal }));
  }
  return () => watch.abort();
}
