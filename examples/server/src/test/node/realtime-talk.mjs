// Holds a talk about a picture with the official client, unmodified: the Realtime socket of the npm package "openai".
// Arguments: base URL, picture, raw 16-bit samples of 24 kHz, session as JSON, "ga" or "beta". Prints one JSON object.
import { readFileSync } from 'node:fs';
import OpenAI from 'openai';

const [baseURL, picture, sound, session, spelling] = process.argv.slice(2);
const { OpenAIRealtimeWS } = await import(spelling === 'beta' ? 'openai/beta/realtime/ws' : 'openai/realtime/ws');
const client = new OpenAI({ apiKey: 'secret', baseURL });
const talk = new OpenAIRealtimeWS(
  { model: 'moshivis', options: { ca: process.env.CA ? readFileSync(process.env.CA) : undefined } }, client);

const FRAME = 2 * 1920;
const samples = readFileSync(sound);
const frames = Math.floor(samples.length / FRAME);
const prefix = spelling === 'beta' ? 'response.audio' : 'response.output_audio';
const seen = {};
let transcript = '';
let heard = 0;
let sent = 0;
let done = null;

const append = frame => talk.send({ type: 'input_audio_buffer.append', audio: frame.toString('base64') });

function next() {
  if (sent < frames) {
    append(samples.subarray(sent * FRAME, ++sent * FRAME));
  } else if (sent++ === frames) {
    append(Buffer.alloc(FRAME)); // the words of the last frame come on another thread than its sound
  } else {
    talk.send({ type: 'response.cancel' });
  }
}

talk.on('event', event => { seen[event.type] = (seen[event.type] ?? 0) + 1; });
talk.on('error', error => { console.error(error); process.exit(1); });
talk.once('session.created', () => talk.send({ type: 'session.update', session: JSON.parse(session) }));
talk.once('session.updated', () => talk.send({
  type: 'conversation.item.create',
  item: {
    type: 'message', role: 'user', content: [{
      type: 'input_image', image_url: `data:image/png;base64,${readFileSync(picture).toString('base64')}`,
    }],
  },
}));
talk.once(spelling === 'beta' ? 'conversation.item.created' : 'conversation.item.done',
  () => talk.send({ type: 'response.create' }));
talk.once('response.created', () => { next(); next(); });
talk.on(`${prefix}.delta`, event => { heard += Buffer.from(event.delta, 'base64').length; next(); });
talk.on(`${prefix}_transcript.delta`, event => { transcript += event.delta; });
talk.on('response.done', event => {
  done = event.response;
  console.log(JSON.stringify({ transcript, heard, seen, done }));
  talk.close();
});
