import { OggReader, OggWriter } from '../audio/ogg.js';
import { equal, isTrue, test, throws } from './check.js';

const packet = (length, seed) => Uint8Array.from({ length }, (_, i) => (i * 7 + seed) & 0xff);

function stream() {
  const writer = new OggWriter({ inputRate: 24_000, preSkip: 312, serial: 7 });
  const packets = [packet(40, 1), packet(61, 2), packet(255, 3), packet(0x1fe, 4), packet(700, 5), packet(3, 6)];
  const pages = [0, 2, 4].map((at) => writer.write(packets.slice(at, at + 2), 0.04));
  return { packets, pages, bytes: Uint8Array.from(pages.flatMap((page) => [...page])) };
}

function read(reader, bytes, size) {
  const packets = [];
  for (let at = 0; at < bytes.length; at += size) {
    packets.push(...reader.read(bytes.subarray(at, at + size)));
  }
  return packets;
}

test('the first page is the head, with the checksum other programs compute', () => {
  const head = stream().bytes.subarray(0, 47);
  equal(String.fromCharCode(...head.subarray(0, 4)), 'OggS');
  equal(head[5], 0x02, 'flags of the first page');
  equal(String.fromCharCode(...head.subarray(28, 36)), 'OpusHead');
  // Computed elsewhere for exactly this page.
  equal(new DataView(head.buffer, head.byteOffset).getUint32(22, true).toString(16), CRC_OF_HEAD);
});

test('granules count at 48 kHz to the end of each page', () => {
  const { pages } = stream();
  const granule = (page) => Number(new DataView(page.buffer).getBigUint64(6, true));
  equal(granule(pages[1]), 2 * 0.04 * 48_000);
  equal(granule(pages[2]), 3 * 0.04 * 48_000);
});

test('what was written is read, however the bytes are cut', () => {
  const { packets, bytes } = stream();
  for (const size of [1, 2, 3, 26, 27, 28, 100, 511, bytes.length]) {
    const reader = new OggReader(() => {});
    equal(read(reader, bytes, size).map((found) => [...found]), packets.map((p) => [...p]), `cuts of ${size}`);
    equal(reader.damagedPages, 0);
  }
});

test('the head is told before the first packet', () => {
  const streams = [];
  new OggReader((found) => streams.push(found)).read(stream().bytes);
  equal(streams, [{ channels: 1, preSkip: 312 }]);
});

test('a damaged page is skipped and counted, the next one is read', () => {
  const { packets, pages } = stream();
  pages[1][40] ^= 0x01;
  const reader = new OggReader(() => {});
  const found = pages.flatMap((page) => reader.read(page));
  equal(found.map((p) => p.length), [packets[0], packets[1], packets[4], packets[5]].map((p) => p.length));
  equal(reader.damagedPages, 1);
});

test('garbage between pages is passed over', () => {
  const { packets, pages } = stream();
  const reader = new OggReader(() => {});
  const found = pages.flatMap((page) => [...reader.read(packet(90, 9)), ...reader.read(page)]);
  equal(found.length, packets.length);
});

test('a packet that goes on in the next page is put together', () => {
  const { bytes } = stream();
  const long = packet(600, 8);
  const first = page(3, 0, [255, 255], long.subarray(0, 510));
  const second = page(4, 0x01, [90], long.subarray(510));
  const reader = new OggReader(() => {});
  reader.read(bytes);
  equal([...reader.read(first)].length, 0);
  equal(reader.read(second).map((p) => [...p]), [[...long]]);
});

test('the rest of a packet whose start was lost does not come out', () => {
  const reader = new OggReader(() => {});
  equal(reader.read(page(4, 0x01, [90, 3], packet(93, 1))).map((p) => p.length), [3]);
});

test('a second stream begins with its own head', () => {
  const streams = [];
  const reader = new OggReader((found) => streams.push(found));
  const found = [...reader.read(stream().bytes), ...reader.read(stream().bytes)];
  equal([streams.length, found.length], [2, 12]);
});

test('a page that would not hold its packets is refused', () => {
  const writer = new OggWriter({ inputRate: 24_000, preSkip: 312 });
  throws(() => writer.write([packet(70_000, 1)], 0.02), '255 segments');
});

test('the header pages come once', () => {
  const { pages } = stream();
  isTrue(String.fromCharCode(...pages[0]).includes('OpusTags'), 'tags in the first message');
  isTrue(!String.fromCharCode(...pages[1]).includes('OpusHead'), 'no head in the second');
});

const CRC_OF_HEAD = 'fc417dc0';

/** A page by hand; the checksum is computed bit by bit, as RFC 3533 words it. */
function page(sequence, flags, lacing, body) {
  const bytes = Uint8Array.from([...'OggS'].map((c) => c.charCodeAt(0))
    .concat([0, flags], Array(8).fill(0), [7, 0, 0, 0], [sequence, 0, 0, 0], [0, 0, 0, 0], [lacing.length], lacing, [...body]));
  let crc = 0;
  for (const byte of bytes) {
    for (let bit = 7; bit >= 0; bit--) {
      const carry = ((crc >>> 31) ^ (byte >> bit)) & 1;
      crc = ((crc << 1) ^ (carry ? 0x04c11db7 : 0)) >>> 0;
    }
  }
  new DataView(bytes.buffer).setUint32(22, crc, true);
  return bytes;
}
