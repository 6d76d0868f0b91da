package io.github.moshivis.audio;

import io.github.jaredmdobson.concentus.OpusApplication;
import io.github.jaredmdobson.concentus.OpusEncoder;
import io.github.jaredmdobson.concentus.OpusException;
import io.github.moshivis.audio.opus.OggPackets;
import io.github.moshivis.audio.opus.OggPage;
import io.github.moshivis.audio.opus.OggPageWriter;
import io.github.moshivis.audio.opus.OpusHead;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Streams as other programs write them, which our encoder does not make. */
final class OpusStreams {
    private OpusStreams() {}

    /** The packets of sound of a stream. */
    static List<byte[]> packets(byte[] stream) {
        OggPackets reader = new OggPackets("the test");
        List<byte[]> packets = new ArrayList<>();
        for (OggPage page : OpusSounds.pages(stream)) {
            packets.addAll(reader.add(page));
        }
        return packets.subList(2, packets.size());
    }

    /** A stream of these packets, so many in a page, with granules by a factor and an end of stream at a granule. */
    static byte[] stream(
            OpusHead head, List<byte[]> packets, int packetsPerPage, int samplesPerPacket, long lastGranule) {
        OggPageWriter writer = new OggPageWriter(99);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        writer.add(head.toBytes());
        bytes.writeBytes(writer.page(0, false));
        writer.add(OpusHead.tags("a test"));
        bytes.writeBytes(writer.page(0, false));
        for (int i = 0; i < packets.size(); i++) {
            writer.add(packets.get(i));
            boolean last = i == packets.size() - 1;
            if (last || (i + 1) % packetsPerPage == 0) {
                bytes.writeBytes(writer.page(last ? lastGranule : (i + 1L) * samplesPerPacket, last));
            }
        }
        return bytes.toByteArray();
    }

    /** One page a segment, of a stream with frames of 20 ms: every packet of more than 254 bytes goes on in the next page. */
    static byte[] segmentPerPage(byte[] stream) {
        List<OggPage> pages = new ArrayList<>();
        long granule = 0;
        for (OggPage page : OpusSounds.pages(stream)) {
            int offset = 0;
            boolean goesOn = false;
            for (int i = 0; i < page.lacing().length; i++) {
                int size = page.lacing()[i] & 0xff;
                boolean last = i == page.lacing().length - 1;
                int flags = page.flags() & (last ? ~0 : ~OggPage.LAST) | (goesOn ? OggPage.CONTINUED : 0);
                goesOn = size == 255;
                granule = last ? page.granule() : granule + (goesOn ? 0 : 960);
                pages.add(new OggPage(
                        flags,
                        goesOn ? OggPage.NO_GRANULE : granule,
                        page.serial(),
                        pages.size(),
                        new byte[] {page.lacing()[i]},
                        Arrays.copyOfRange(page.body(), offset, offset + size)));
                offset += size;
            }
        }
        return OpusSounds.bytes(pages);
    }

    /** Packets of one frame each, so many put into one packet of code 3 with frames of several sizes (RFC 6716, 3.2.5). */
    static List<byte[]> merged(List<byte[]> packets, int count) {
        List<byte[]> result = new ArrayList<>();
        for (int start = 0; start + count <= packets.size(); start += count) {
            ByteArrayOutputStream packet = new ByteArrayOutputStream();
            packet.write(packets.get(start)[0] | 3);
            packet.write(0x80 | count);
            for (byte[] each : packets.subList(start, start + count - 1)) {
                int length = each.length - 1;
                if (length >= 252) {
                    packet.write(252 + length % 4);
                    packet.write((length - 252 - length % 4) / 4);
                } else {
                    packet.write(length);
                }
            }
            for (byte[] each : packets.subList(start, start + count)) {
                packet.write(each, 1, each.length - 1);
            }
            result.add(packet.toByteArray());
        }
        return result;
    }

    /** A stereo stream of 48 kHz, by Concentus: two sounds of 24 kHz, each sample twice. */
    static byte[] stereo(float[] left, float[] right, int bitRate) throws OpusException {
        OpusEncoder encoder = new OpusEncoder(48_000, 2, OpusApplication.OPUS_APPLICATION_AUDIO);
        encoder.setBitrate(bitRate);
        int preSkip = encoder.getLookahead();
        List<byte[]> packets = new ArrayList<>();
        byte[] buffer = new byte[4_000];
        for (int start = 0; start < left.length + preSkip / 2; start += 480) {
            short[] samples = new short[2 * 960];
            for (int i = 0; i < 960 && start + i / 2 < left.length; i++) {
                samples[2 * i] = (short) (left[start + i / 2] * 32_767);
                samples[2 * i + 1] = (short) (right[start + i / 2] * 32_767);
            }
            packets.add(Arrays.copyOf(buffer, encoder.encode(samples, 0, 960, buffer, 0, buffer.length)));
        }
        return stream(new OpusHead(2, preSkip, 48_000, 0), packets, 10, 960, preSkip + 2L * left.length);
    }
}
