import { Connection } from '../wire/connection.js';
import { equal, isTrue, test } from './check.js';

/** A connection on a socket and a clock that the test drives. */
function connected({ pings }) {
  const real = { WebSocket: window.WebSocket, setInterval: window.setInterval, now: performance.now };
  const heard = [];
  const line = { sent: [], time: 0 };
  window.WebSocket = class {
    static OPEN = 1;
    readyState = 1;
    send(bytes) { line.sent.push([...bytes]); }
    close() { line.closed = true; }
    constructor() { line.socket = this; }
  };
  window.setInterval = (tick) => { line.tick = tick; };
  performance.now = () => line.time;
  try {
    line.connection = new Connection('ws://nowhere/', { pings, listener: {
      onOpen: () => heard.push('open'),
      onMessage: ({ kind }) => heard.push(kind),
      onClosed: (reason) => heard.push(reason),
    } });
  } finally {
    Object.assign(window, { setInterval: real.setInterval });
  }
  line.restore = () => { window.WebSocket = real.WebSocket; performance.now = real.now; };
  line.receive = (...bytes) => line.socket.onmessage({ data: Uint8Array.from(bytes).buffer });
  return { line, heard };
}

function withConnection(options, body) {
  const { line, heard } = connected(options);
  try {
    body(line, heard);
  } finally {
    line.restore();
  }
}

const utf8 = (text) => [...new TextEncoder().encode(text)];

test('the error that came before the close is the reason', () => withConnection({ pings: true }, (line, heard) => {
  line.socket.onopen();
  line.receive(0x05, ...utf8('No slot'));
  line.socket.onclose({ code: 1013, reason: '' });
  equal(heard, ['open', 0x05, 'No slot']);
}));

test('an error that the talk outlived is not', () => withConnection({ pings: true }, (line, heard) => {
  line.socket.onopen();
  line.receive(0x05, ...utf8('That picture cannot be read'));
  line.receive(0x02, 0x61);
  line.socket.onclose({ code: 1006, reason: '' });
  isTrue(heard.at(-1).includes('lost'), heard.at(-1));
}));

test('a server that falls silent in a talk is given up after 10 seconds, in words', () =>
  withConnection({ pings: false }, (line, heard) => {
    line.socket.onopen();
    line.receive(0x00);
    line.time = 9_000;
    line.tick();
    equal(heard, ['open', 0x00]);
    line.time = 12_000;
    line.tick();
    equal(heard.at(-1), 'The server has not answered for 12 seconds.');
    isTrue(line.closed, 'the socket is closed');
    line.socket.onclose({ code: 1000, reason: '' });
    equal(heard.length, 3, 'things heard');
  }));

test('before the talk the timeout is longer', () => withConnection({ pings: false }, (line, heard) => {
  line.time = 50_000;
  line.tick();
  equal(heard, []);
  line.time = 61_000;
  line.tick();
  isTrue(heard.at(-1).includes('61 seconds'), heard.at(-1));
}));

test('only servers that answer pings are asked', () => {
  withConnection({ pings: true }, (line) => {
    line.tick();
    equal(line.sent, [[0x06]]);
  });
  withConnection({ pings: false }, (line) => {
    line.tick();
    equal(line.sent, []);
  });
});

test('a connection closed from this side says nothing more', () => withConnection({ pings: true }, (line, heard) => {
  line.socket.onopen();
  line.connection.close();
  line.receive(0x02, 0x61);
  line.socket.onclose({ code: 1006, reason: '' });
  equal(heard, ['open']);
}));
