/** What the server allows and what its settings' ranges are; for a server that does not say, what the reference does. */

const range = (fallback, min, max, step) => ({ default: fallback, min, max, step });

/** The reference page's ranges. */
const SETTINGS = {
  text_temperature: range(0.45, 0.2, 1.2, 0.01),
  text_topk: range(25, 10, 500, 1),
  audio_temperature: range(0.7, 0.2, 1.2, 0.01),
  audio_topk: range(250, 10, 500, 1),
  pad_mult: range(0, -4, 4, 0.05),
  repetition_penalty_context: range(64, 0, 200, 1),
  repetition_penalty: range(1.15, 1, 2, 0.01),
  image_resolution: range(448, 160, 512, 16),
  xa_start: range(16, 0, 32, 1),
  text_temperature_gating_influence: range(0, 0, 0.99, 0.01),
};

const REFERENCE = {
  image: 'required',
  token: false,
  maxImageBytes: 4 * 1024 * 1024, // aiohttp's limit for a message, the smallest of the reference servers
  maxDurationSeconds: null,
  settings: SETTINGS,
  nano: null,
  prompts: null,
  pings: false,
  userWords: false,
};

/** Asks the server; the answer has all the fields of `REFERENCE`. */
export async function readConfiguration() {
  try {
    const answer = await fetch('api/config', { headers: { Accept: 'application/json' } });
    if (!answer.ok) {
      return REFERENCE;
    }
    const configuration = { ...REFERENCE, ...await answer.json(), pings: true, userWords: true };
    return { ...configuration, nano: configuration.nano ? await readNano() : null };
  } catch {
    return REFERENCE; // Starting a talk will say in words that nobody is there.
  }
}

/** What the nano model can be shown and asked: `pictures` and `questions`. */
async function readNano() {
  return (await fetch('nano/demo.json')).json();
}

/** The address of a talk with these parameters. */
export function chatUrl(parameters) {
  const url = new URL('api/chat', document.baseURI);
  url.protocol = url.protocol.replace('http', 'ws');
  url.search = new URLSearchParams(parameters);
  return url.href;
}
