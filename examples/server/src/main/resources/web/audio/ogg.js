/** Ogg pages with Opus packets, both ways (RFC 3533 and RFC 7845). Plain bytes in, plain bytes out. */

const PAGE_HEADER = 27;
const CAPTURE = [0x4f, 0x67, 0x67, 0x53]; // "OggS"
const CONTINUED = 0x01;
const FIRST = 0x02;
const GRANULE_RATE = 48_000; // RFC 7845: granule positions count at 48 kHz, whatever the input rate was.
const LACING = 255;

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte << 24;
  for (let bit = 0; bit < 8; bit++) {
    value = value & 0x80000000 ? (value << 1) ^ 0x04c11db7 : value << 1;
  }
  return value >>> 0;
});

/** The checksum of a page, reading its own checksum field (bytes 22 to 25) as zero. */
function checksum(page) {
  let crc = 0;
  for (let i = 0; i < page.length; i++) {
    const byte = i >= 22 && i < 26 ? 0 : page[i];
    crc = ((crc << 8) ^ CRC_TABLE[(crc >>> 24) ^ byte]) >>> 0;
  }
  return crc;
}

function ascii(text) {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

function concat(parts) {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Writes one mono stream. The header pages come out in front of the first audio page. */
export class OggWriter {
  #serial;
  #sequence = 0;
  #preSkip;
  #granule;
  #inputRate;

  /** `preSkip` is the encoder's delay in samples at 48 kHz. */
  constructor({ inputRate, preSkip, serial = Math.floor(Math.random() * 2 ** 32) }) {
    this.#inputRate = inputRate;
    this.#preSkip = preSkip;
    this.#granule = 0;
    this.#serial = serial;
  }

  /** One page of whole packets that together last `seconds`. */
  write(packets, seconds) {
    this.#granule += Math.round(seconds * GRANULE_RATE);
    if (this.#sequence > 0) {
      return this.#page(packets, 0, this.#granule);
    }
    const headers = [this.#page([this.#head()], FIRST, 0), this.#page([this.#tags()], 0, 0)];
    return concat([...headers, this.#page(packets, 0, this.#granule)]);
  }

  #head() {
    const head = new Uint8Array(19); // RFC 7845, 5.1
    head.set(ascii('OpusHead'));
    const view = new DataView(head.buffer);
    view.setUint8(8, 1); // version
    view.setUint8(9, 1); // channels
    view.setUint16(10, this.#preSkip, true);
    view.setUint32(12, this.#inputRate, true);
    return head; // gain 0, mapping family 0
  }

  #tags() {
    const vendor = ascii('moshivis page');
    const tags = new Uint8Array(8 + 4 + vendor.length + 4); // RFC 7845, 5.2: no comments
    tags.set(ascii('OpusTags'));
    new DataView(tags.buffer).setUint32(8, vendor.length, true);
    tags.set(vendor, 12);
    return tags;
  }

  #page(packets, flags, granule) {
    const lacing = packets.flatMap(({ length }) =>
      [...Array(Math.floor(length / LACING)).fill(LACING), length % LACING]);
    if (lacing.length > LACING) {
      throw new RangeError(`A page holds ${LACING} segments, not ${lacing.length}: write fewer packets at a time`);
    }
    const header = new Uint8Array(PAGE_HEADER);
    header.set(CAPTURE);
    const view = new DataView(header.buffer);
    view.setUint8(5, flags);
    view.setBigUint64(6, BigInt(granule), true);
    view.setUint32(14, this.#serial, true);
    view.setUint32(18, this.#sequence++, true);
    view.setUint8(26, lacing.length);
    const page = concat([header, Uint8Array.from(lacing), ...packets]);
    new DataView(page.buffer).setUint32(22, checksum(page), true);
    return page;
  }
}

/**
 * Finds the packets in a run of bytes, cut anywhere. A damaged page is skipped and counted, and reading goes on at the
 * next one. A packet of headers is not audio and does not come out; `onStream` is told of each stream that begins.
 */
export class OggReader {
  damagedPages = 0;
  #rest = new Uint8Array(0);
  #partial = null;
  #onStream;

  /** `onStream({channels, preSkip})` is called when a stream begins, before its first packet comes out. */
  constructor(onStream) {
    this.#onStream = onStream;
  }

  /** Takes more bytes and returns the packets that became complete. */
  read(bytes) {
    let data = concat([this.#rest, bytes]);
    const packets = [];
    for (;;) {
      data = data.subarray(nextCapture(data));
      const length = pageLength(data);
      if (length === null) {
        break;
      }
      const page = data.subarray(0, length);
      if (new DataView(page.buffer, page.byteOffset).getUint32(22, true) !== checksum(page)) {
        this.damagedPages++;
        this.#partial = null;
        data = data.subarray(1);
        continue;
      }
      this.#unpack(page, packets);
      data = data.subarray(length);
    }
    this.#rest = data.slice();
    return packets;
  }

  #unpack(page, packets) {
    if (!(page[5] & CONTINUED)) {
      this.#partial = null;
    }
    const segments = page[26];
    let at = PAGE_HEADER + segments;
    let pieces = this.#partial ?? (page[5] & CONTINUED ? null : []);
    for (let i = 0; i < segments; i++) {
      const size = page[PAGE_HEADER + i];
      pieces?.push(page.slice(at, at + size));
      at += size;
      if (size < LACING) {
        if (pieces !== null) {
          this.#deliver(concat(pieces), packets);
        }
        pieces = [];
      }
    }
    this.#partial = pieces?.length > 0 ? pieces : null;
  }

  #deliver(packet, packets) {
    if (startsWith(packet, 'OpusHead') && packet.length >= 19) {
      this.#onStream({ channels: packet[9], preSkip: packet[10] | (packet[11] << 8) });
    } else if (packet.length > 0 && !startsWith(packet, 'OpusTags')) {
      packets.push(packet);
    }
  }
}

function startsWith(packet, text) {
  return ascii(text).every((byte, i) => packet[i] === byte);
}

/** The offset of the next capture pattern, or of the bytes at the end that may be the start of one. */
function nextCapture(data) {
  for (let at = 0; at < data.length; at++) {
    if (CAPTURE.every((byte, i) => at + i >= data.length || data[at + i] === byte)) {
      return at;
    }
  }
  return data.length;
}

/** The length of the page at the front, or null while it is not complete. */
function pageLength(data) {
  if (data.length < PAGE_HEADER || data.length < PAGE_HEADER + data[26]) {
    return null;
  }
  const length = data.subarray(PAGE_HEADER, PAGE_HEADER + data[26])
    .reduce((total, size) => total + size, PAGE_HEADER + data[26]);
  return data.length < length ? null : length;
}
