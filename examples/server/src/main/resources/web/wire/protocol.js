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
});

/** The highest level of a coloured piece: all of it came from looking at the picture. */
export const MOST_PICTURE = 10;

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
    default:
      return { kind: null };
  }
}

/** Plain and coloured text are one kind to the page: the level is `null` where the server sent none. */
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
