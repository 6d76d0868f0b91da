import { Kind, decode, encode, encodeRating } from '../wire/protocol.js';
import { closeReason } from '../wire/reasons.js';
import { equal, isTrue, test, throws } from './check.js';

const message = (...bytes) => Uint8Array.from(bytes).buffer;
const utf8 = (text) => [...new TextEncoder().encode(text)];

test('a message is its kind byte and its payload', () => {
  equal(encode(Kind.AUDIO, Uint8Array.of(1, 2)), [0x01, 1, 2]);
  equal(encode(Kind.IMAGE, Uint8Array.of(0xff)), [0x08, 0xff]);
  equal(encode(Kind.PING), [0x06]);
});

test('a rating is one byte from 1 to 5', () => {
  equal(encodeRating(1), [0x0a, 1]);
  equal(encodeRating(5), [0x0a, 5]);
  throws(() => encodeRating(0), '1 to 5 stars');
  throws(() => encodeRating(2.5), '1 to 5 stars');
});

test('a handshake is read with and without its eight bytes', () => {
  equal(decode(message(0x00)).kind, Kind.HANDSHAKE);
  equal(decode(message(0x00, 0, 0, 0, 0, 0, 0, 0, 0)).kind, Kind.HANDSHAKE);
});

test('colored text has a level, plain text has none', () => {
  equal(decode(message(0x07, 10, ...utf8(' é'))), { kind: Kind.TEXT, text: ' é', level: 10 });
  equal(decode(message(0x02, ...utf8(' hi'))), { kind: Kind.TEXT, text: ' hi', level: null });
  equal(decode(message(0x07, 0)), { kind: Kind.TEXT, text: '', level: 0 });
});

test('a level above the palette is its last color', () => {
  equal(decode(message(0x07, 255, 0x61)).level, 10);
});

test('the user’s words have a number, a start and a text, and are final or not', () => {
  const bytes = [0x0b, 1, 2, 1, 0, 0, 0, 0, 0xc0, 0x3f, ...utf8('né.')];
  equal(decode(message(...bytes)),
    { kind: Kind.USER_WORD, word: { number: 258, isFinal: true, start: 1.5, text: 'né.' } });
  equal(decode(message(0x0b, 0, ...bytes.slice(2))).word.isFinal, false);
  equal(decode(message(0x0c, 0, 0, 0, 0)).kind, Kind.USER_TURN);
});

test('metadata and errors are read', () => {
  equal(decode(message(0x04, ...utf8('{"queue":{"position":2}}'))).metadata.queue.position, 2);
  equal(decode(message(0x05, ...utf8('no room'))).reason, 'no room');
});

test('what cannot be understood is passed over', () => {
  for (const unknown of [[], [0x7f, 1], [0x03, 0], [0x07], [0x0b, 1, 0, 0, 0, 0], [0x04, ...utf8('{"a')], [0x04, ...utf8('null')]]) {
    equal(decode(message(...unknown)).kind, null, `kind of [${unknown}]`);
  }
});

test('a close is explained by the server’s words, else by its code', () => {
  equal(closeReason({ code: 1008, reason: 'Too many conversations from here' }, true), 'Too many conversations from here');
  isTrue(closeReason({ code: 1013, reason: '' }, true).includes('full'), '1013 is told as full');
  isTrue(closeReason({ code: 1006, reason: '' }, true).includes('lost'), 'a vanished server is told as lost');
  isTrue(closeReason({ code: 1006, reason: '' }, false).includes('token'), 'a refused start mentions the token');
});
