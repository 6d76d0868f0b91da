/** Failures in words: what a person can do about a closed socket, a missing microphone, an old browser. */

const CLOSE_CODES = {
  1000: 'The server ended the conversation.',
  1001: 'The server is shutting down. Try again in a moment.',
  1002: 'The server did not understand this page. Reload it to get the newest one.',
  1003: 'The server did not accept what this page sent. Reload the page to get the newest one.',
  1007: 'The server did not accept what this page sent. Reload the page to get the newest one.',
  1008: 'The server refused the conversation.',
  1009: 'The picture is too large for this server. Choose a smaller one.',
  1011: 'The server ended the conversation because of an internal error. Try again.',
  1012: 'The server is restarting. Try again in a moment.',
  1013: 'The server is full. Try again in a few minutes.',
};

export const UNREACHABLE = 'The server cannot be reached: it has stopped, or the network is down. Try again in a moment.';

/** Why a socket closed. The server's own words win; a socket that never opened carries none. */
export function closeReason({ code, reason }, opened) {
  if (reason) {
    return reason;
  }
  if (!opened) {
    return 'The server could not be reached, or it refused the connection. '
      + 'Check the network and, if the server asks for one, the access token.';
  }
  return CLOSE_CODES[code] ?? 'The connection to the server was lost. Check the network and connect again.';
}

/** A failure that a person can act on; its message is shown as it is. */
export class Problem extends Error {}

const MICROPHONE_ERRORS = {
  NotAllowedError: 'The microphone is blocked. Allow it in the browser’s address bar, then start again.',
  NotFoundError: 'No microphone was found. Connect one, then start again.',
  NotReadableError: 'The microphone is in use by another program. Close that program, then start again.',
  OverconstrainedError: 'The chosen microphone is not available. Connect it, or choose another one in the settings.',
};

const CAMERA_ERRORS = {
  NotAllowedError: 'The camera is blocked. Allow it in the browser’s address bar, then try again.',
  NotFoundError: 'No camera was found. Connect one, or upload a picture.',
  NotReadableError: 'The camera is in use by another program. Close that program, then try again.',
};

/** Opens a microphone or a camera, or throws a Problem that says why not. */
export async function openDevice(constraints) {
  const words = constraints.video ? CAMERA_ERRORS : MICROPHONE_ERRORS;
  const device = constraints.video ? 'camera' : 'microphone';
  if (!window.isSecureContext || !navigator.mediaDevices) {
    throw new Problem(`Browsers allow the ${device} only on https or localhost. This page came over plain `
      + 'http from another machine: open it with https.');
  }
  try {
    return await navigator.mediaDevices.getUserMedia(constraints);
  } catch (error) {
    throw new Problem(words[error.name] ?? `The ${device} could not be opened: ${error.message || error.name}.`);
  }
}
