/** Loading of the scripts for the audio thread, which the browser fetches from the server when a talk starts. */

import { Problem, UNREACHABLE } from '../wire/reasons.js';

/** Adds a script to a context; throws a Problem where the server does not answer. */
export async function addWorklet(context, url) {
  try {
    await context.audioWorklet.addModule(url);
  } catch (error) {
    throw error.name === 'AbortError' ? new Problem(UNREACHABLE) : error;
  }
}
