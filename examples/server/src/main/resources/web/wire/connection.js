/** One WebSocket to the server, from opening to the reason why it closed. Never reused: a new talk gets a new one. */

import { Kind, decode, encode } from './protocol.js';
import { closeReason } from './reasons.js';

const PING_INTERVAL_MS = 3_000;
/** In a talk the server sends audio all the time; before it, it may be busy with somebody else's. */
const SILENCE_LIMIT_MS = { talking: 10_000, waiting: 60_000 };
const NORMAL_CLOSURE = 1000;

export class Connection {
  #socket;
  #listener;
  #opened = false;
  #talking = false;
  #closed = false;
  #lastError = null;
  #lastMessage = performance.now();
  #timer;

  /**
   * Connects at once. `pings` asks the server every few seconds whether it is still there; only servers that answer
   * pings may be asked, the older ones take them for garbage. The listener has `onOpen()`, `onMessage(message)` and
   * `onClosed(reason)`; the last is called exactly once unless this side closed first.
   */
  constructor(url, { pings, listener }) {
    this.#listener = listener;
    this.#socket = new WebSocket(url);
    this.#socket.binaryType = 'arraybuffer';
    this.#socket.onopen = () => {
      this.#opened = true;
      listener.onOpen();
    };
    this.#socket.onmessage = (event) => this.#receive(event.data);
    this.#socket.onclose = (event) => this.#finish(this.#lastError ?? closeReason(event, this.#opened));
    this.#timer = setInterval(() => this.#watch(pings), PING_INTERVAL_MS);
  }

  /** Sends a whole message; one that comes after the end is dropped, as the other side would do. */
  send(message) {
    if (this.#socket.readyState === WebSocket.OPEN) {
      this.#socket.send(message);
    }
  }

  /** Bytes the network has not taken yet: when they pile up, the way to the server is too slow for live audio. */
  get backlog() {
    return this.#socket.bufferedAmount;
  }

  /** Ends the connection from this side; the listener hears nothing more. */
  close() {
    this.#release();
    this.#socket.close(NORMAL_CLOSURE);
  }

  #receive(data) {
    if (this.#closed || typeof data === 'string') {
      return;
    }
    this.#lastMessage = performance.now();
    const message = decode(data);
    if (message.kind === Kind.HANDSHAKE) {
      this.#talking = true;
    } else if (message.kind === Kind.ERROR) {
      this.#lastError = message.reason;
    } else if (message.kind === Kind.TEXT || message.kind === Kind.AUDIO) {
      this.#lastError = null; // The talk went on: that error was not why it ends.
    }
    if (message.kind !== null) {
      this.#listener.onMessage(message);
    }
  }

  #watch(pings) {
    const silence = performance.now() - this.#lastMessage;
    const limit = this.#talking ? SILENCE_LIMIT_MS.talking : SILENCE_LIMIT_MS.waiting;
    if (silence > limit) {
      this.#socket.close(NORMAL_CLOSURE);
      this.#finish(`The server has not answered for ${Math.round(silence / 1000)} seconds.`);
    } else if (pings) {
      this.send(encode(Kind.PING));
    }
  }

  #finish(reason) {
    if (!this.#closed) {
      this.#release();
      this.#listener.onClosed(reason);
    }
  }

  #release() {
    this.#closed = true;
    clearInterval(this.#timer);
  }
}
