/** A server that a test plays: takes the place of the page's WebSocket, and is put in before the page's own scripts run. */
(() => {
  const KEEP_ALIVE_MS = 1_000;
  const utf8 = (text) => new TextEncoder().encode(text);
  let socket = null;

  delete window.AudioEncoder; // plain samples, which a script can make
  window.WebSocket = class {
    static OPEN = 1;
    readyState = 0;
    bufferedAmount = 0;
    constructor(url) { socket = Object.assign(this, { url }); }
    send(message) { window.scripted.sent.push(message); }
    close() { this.readyState = 3; }
  };

  const receive = (kind, payload = []) => socket.onmessage({ data: Uint8Array.of(kind, ...payload).buffer });

  window.scripted = {
    /** What the page has sent in all its talks. */
    sent: [],
    /** Whether the page asks for a connection. */
    get isCalled() { return socket !== null && socket.readyState === 0; },
    /** The address the page asked for. */
    get url() { return new URL(socket.url); },
    open() { socket.readyState = 1; socket.onopen(); },
    metadata(object) { receive(0x04, utf8(JSON.stringify(object))); },
    handshake() { receive(0x00, new Uint8Array(8)); },
    /** Words, with their level 0 to 10. */
    say(level, text) { receive(0x07, [level, ...utf8(text)]); },
    /** A word of the user, with its start in seconds. */
    hear(number, isFinal, start, text) {
      const head = new DataView(new ArrayBuffer(9));
      head.setUint8(0, isFinal ? 1 : 0);
      head.setUint32(1, number, true);
      head.setFloat32(5, start, true);
      receive(0x0b, [...new Uint8Array(head.buffer), ...utf8(text)]);
    },
    userTurn() { receive(0x0c, [0, 0, 0, 0]); },
    /** As many seconds of a tone. */
    sound(seconds) {
      const samples = Int16Array.from({ length: 24_000 * seconds }, (_, i) => 9_000 * Math.sin(i / 12));
      receive(0x01, new Uint8Array(samples.buffer));
    },
    error(reason) { receive(0x05, utf8(reason)); },
    close(code, reason = '') { socket.readyState = 3; socket.onclose({ code, reason }); },
  };
  setInterval(() => socket?.readyState === 1 && receive(0x06), KEEP_ALIVE_MS);
})();
