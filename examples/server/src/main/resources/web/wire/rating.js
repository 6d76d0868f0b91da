/** The rating of a talk that is over. */

import { Problem, UNREACHABLE } from './reasons.js';

/** Sends 1 to 5 stars for the talk with that key; throws a Problem where the server does not take them. */
export async function sendRating(key, stars) {
  const answer = await fetch(`api/rating?${new URLSearchParams({ key, stars })}`, { method: 'POST' }).catch(() => null);
  if (!answer?.ok) {
    throw new Problem(answer === null ? UNREACHABLE : 'The server no longer accepts a rating of this conversation.');
  }
}
