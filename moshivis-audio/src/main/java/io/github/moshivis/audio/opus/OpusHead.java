package io.github.moshivis.audio.opus;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The first packet of a stream (RFC 7845, section 5.1).
 *
 * @param channels 1 or 2
 * @param preSkip samples of 48 kHz to drop at the beginning
 * @param inputRate sample rate before encoding in Hz, for information
 * @param gain to apply, in 1/256 dB
 */
public record OpusHead(int channels, int preSkip, int inputRate, int gain) {
    /** Rate of granules and pre-skip in Hz. */
    public static final int RATE = 48_000;

    private static final byte[] MAGIC = "OpusHead".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TAGS_MAGIC = "OpusTags".getBytes(StandardCharsets.US_ASCII);
    private static final int LENGTH = 19;
    private static final String CONVERT = "convert it to mono or stereo Opus, such as with opusenc";

    /**
     * Tells whether a packet is a head.
     *
     * @param packet the packet
     * @return true if it begins as one
     */
    public static boolean is(byte[] packet) {
        return startsWith(packet, MAGIC);
    }

    /**
     * Tells whether a packet holds the comments that follow the head.
     *
     * @param packet the packet
     * @return true if it begins so
     */
    public static boolean isTags(byte[] packet) {
        return startsWith(packet, TAGS_MAGIC);
    }

    private static boolean startsWith(byte[] packet, byte[] magic) {
        return packet.length >= magic.length && Arrays.equals(packet, 0, magic.length, magic, 0, magic.length);
    }

    /**
     * Reads a head.
     *
     * @param name what the stream is, for messages
     * @param packet one that {@linkplain #is is} a head
     * @return what it says
     * @throws io.github.moshivis.errors.MediaException if it is incomplete, of another version, or for several streams at once
     */
    public static OpusHead read(String name, byte[] packet) {
        ByteBuffer bytes = ByteBuffer.wrap(packet).order(ByteOrder.LITTLE_ENDIAN);
        if (packet.length < LENGTH) {
            throw OpusErrors.bad(
                    name, "a header of " + packet.length + " bytes", "at least " + LENGTH, "copy or record it again");
        }
        int version = bytes.get(8) & 0xff;
        if (version > 15) {
            throw OpusErrors.bad(name, "version " + version + " of its header", "0 to 15", CONVERT);
        }
        int channels = bytes.get(9) & 0xff;
        int family = bytes.get(18) & 0xff;
        boolean oneStream = family == 0 || packet.length > LENGTH && packet[LENGTH] == 1;
        if (channels < 1 || channels > 2 || !oneStream) {
            throw OpusErrors.bad(
                    name,
                    channels + " channels (mapping family " + family + ")",
                    "1 or 2, in one stream of packets",
                    CONVERT);
        }
        return new OpusHead(channels, bytes.getShort(10) & 0xffff, bytes.getInt(12), bytes.getShort(16));
    }

    /**
     * Writes the head.
     *
     * @return the packet, of mapping family 0
     */
    public byte[] toBytes() {
        ByteBuffer bytes = ByteBuffer.allocate(LENGTH).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(MAGIC).put((byte) 1).put((byte) channels).putShort((short) preSkip);
        bytes.putInt(inputRate).putShort((short) gain).put((byte) 0);
        return bytes.array();
    }

    /**
     * Writes comments.
     *
     * @param vendor names the encoder
     * @param comments each of the form {@code NAME=value}
     * @return the packet (RFC 7845, section 5.2)
     */
    public static byte[] tags(String vendor, String... comments) {
        byte[][] texts = new byte[comments.length + 1][];
        int length = TAGS_MAGIC.length + 8;
        for (int i = 0; i < texts.length; i++) {
            texts[i] = (i == 0 ? vendor : comments[i - 1]).getBytes(StandardCharsets.UTF_8);
            length += texts[i].length + (i == 0 ? 0 : 4);
        }
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(TAGS_MAGIC).putInt(texts[0].length).put(texts[0]).putInt(comments.length);
        for (int i = 1; i < texts.length; i++) {
            bytes.putInt(texts[i].length).put(texts[i]);
        }
        return bytes.array();
    }
}
