/** The messages of /api/chat: one kind byte, then the payload. Nothing here knows of sockets. */

export const Kind = Object.freeze({
  HANDSHAKE: 0x00,
  AUDIO: 0x01,
  TEXT: 0x02,
  METADATA: 0x04,
  ERROR: 0x05,
  PING: 0x06,
  COLOURED_TEXT: 0x07,
  IMAGE: 0x08,
  RATING: 0x0a,
  /** What the user says, and that the user has finished: of this project's server, which is asked by `user_text=1`. */
  USER_WORD: 0x0b,
  USER_TURN: 0x0c,
});

/** The highest level of a colored piece: all of it came from looking at the picture. */
export const MOST_PICTURE = 10;

/** Whether it is final (a byte), its number (32 bits) and its start in seconds (a float); the text follows. */
const USER_WORD_HEAD = 9;

const NOTHING = new Uint8Array(0);
const utf8 = new TextDecoder();

/** One message as bytes. */
export function encode(kind, payload = NOTHING) {
  const message = new Uint8Array(1 + payload.length);
  message[0] = kind;
  message.set(payload, 1);
  return message;
}

/** A rating of 1 to 5 stars. */
export function encodeRating(stars) {
  if (!Number.isInteger(stars) || stars < 1 || stars > 5) {
    throw new RangeError(`A rating has 1 to 5 stars, not ${stars}`);
  }
  return encode(Kind.RATING, Uint8Array.of(stars));
}

/**
 * Reads one message from an ArrayBuffer. Kinds this page has no use for, and messages it cannot read, come back
 * with kind `null`, so that a newer server is no reason to fail.
 */
export function decode(buffer) {
  const bytes = new Uint8Array(buffer);
  if (bytes.length === 0) {
    return { kind: null };
  }
  const payload = bytes.subarray(1);
  switch (bytes[0]) {
    case Kind.HANDSHAKE:
    case Kind.PING:
      return { kind: bytes[0] };
    case Kind.AUDIO:
      return { kind: Kind.AUDIO, bytes: payload };
    case Kind.TEXT:
      return { kind: Kind.TEXT, text: utf8.decode(payload), level: null };
    case Kind.COLOURED_TEXT:
      return decodeColoured(payload);
    case Kind.METADATA:
      return decodeMetadata(payload);
    case Kind.ERROR:
      return { kind: Kind.ERROR, reason: utf8.decode(payload) };
    case Kind.USER_WORD:
      return decodeUserWord(payload);
    case Kind.USER_TURN:
      return { kind: Kind.USER_TURN };
    default:
      return { kind: null };
  }
}

/** A later word with the same number takes the place of the one before. */
function decodeUserWord(payload) {
  if (payload.length < USER_WORD_HEAD) {
    return { kind: null };
  }
  const head = new DataView(payload.buffer, payload.byteOffset, USER_WORD_HEAD);
  const text = utf8.decode(payload.subarray(USER_WORD_HEAD));
  const word = { number: head.getUint32(1, true), isFinal: payload[0] !== 0, start: head.getFloat32(5, true), text };
  return { kind: Kind.USER_WORD, word };
}

/** Plain and colored text are one kind to the page: the level is `null` where the server sent none. */
function decodeColoured(payload) {
  if (payload.length === 0) {
    return { kind: null };
  }
  return { kind: Kind.TEXT, text: utf8.decode(payload.subarray(1)), level: Math.min(payload[0], MOST_PICTURE) };
}

function decodeMetadata(payload) {
  try {
    const metadata = JSON.parse(utf8.decode(payload));
    return metadata !== null && typeof metadata === 'object' ? { kind: Kind.METADATA, metadata } : { kind: null };
  } catch {
    return { kind: null };
  }
}
