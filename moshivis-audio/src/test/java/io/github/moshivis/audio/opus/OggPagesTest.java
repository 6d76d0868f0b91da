package io.github.moshivis.audio.opus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.moshivis.errors.MediaException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OggPagesTest {
    private static byte[] random(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    /** A stream of five pages with one packet each, of these lengths. */
    private static List<byte[]> stream(int... lengths) {
        OggPageWriter writer = new OggPageWriter(7);
        List<byte[]> pages = new ArrayList<>();
        for (int length : lengths) {
            writer.add(random(length, length));
            pages.add(writer.page(960L * pages.size(), pages.size() == lengths.length - 1));
        }
        return pages;
    }

    private static byte[] concatenated(List<byte[]> parts) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        parts.forEach(bytes::writeBytes);
        return bytes.toByteArray();
    }

    private static List<byte[]> read(OggPageReader reader, byte[] bytes, int piece) {
        List<byte[]> pages = new ArrayList<>();
        for (int start = 0; start < bytes.length; start += piece) {
            reader.add(bytes, start, Math.min(piece, bytes.length - start));
            for (OggPage page = reader.next(); page != null; page = reader.next()) {
                pages.add(page.toBytes());
            }
        }
        return pages;
    }

    @Test
    void aPageIsItsHeaderItsLacingAndItsBody() {
        OggPageWriter writer = new OggPageWriter(0x01020304);
        writer.add("ab".getBytes(StandardCharsets.US_ASCII));
        writer.add(new byte[0]);
        byte[] page = writer.page(0x1122334455667788L, true);

        // "OggS", version, first and last, granule, serial, sequence; checksum; segments, lacing, body.
        assertThat(HexFormat.of().formatHex(page, 0, 22))
                .isEqualTo("4f676753" + "00" + "06" + "8877665544332211" + "04030201" + "00000000");
        assertThat(HexFormat.of().formatHex(page, 26, page.length)).isEqualTo("02" + "0200" + "6162");
    }

    /** The checksum by its definition in RFC 3533: a division of polynomials, bit by bit, with a register of zeros to begin with. */
    @Test
    void theChecksumIsTheRemainderOfAPolynomialDivision() {
        byte[] page = stream(300).get(0);
        byte[] zeroed = page.clone();
        Arrays.fill(zeroed, 22, 26, (byte) 0);
        long register = 0;
        for (byte each : zeroed) {
            for (int bit = 7; bit >= 0; bit--) {
                boolean out = (register >>> 31 ^ each >>> bit) % 2 != 0;
                register = (register << 1 ^ (out ? 0x04c11db7L : 0)) & 0xffffffffL;
            }
        }
        assertThat(HexFormat.of().formatHex(page, 22, 26))
                .isEqualTo(HexFormat.of().toHexDigits(Integer.reverseBytes((int) register)));
    }

    @Test
    void packetsOfEveryLengthAreLacedAndComeBack() {
        for (int length : new int[] {0, 1, 254, 255, 256, 509, 510, 511, 61_440}) {
            OggPageReader reader = new OggPageReader("the test");
            byte[] page = stream(length).get(0);
            reader.add(page, 0, page.length);

            assertThat(new OggPackets("the test").add(reader.next()))
                    .as("%s bytes", length)
                    .containsExactly(random(length, length));
        }
    }

    @Test
    void aPageTakes255SegmentsAndNoMore() {
        OggPageWriter writer = new OggPageWriter(7);
        byte[] packet = random(255 * 254, 1);
        assertThat(writer.fits(packet)).isTrue();
        writer.add(packet);

        assertThat(writer.fits(new byte[0])).isFalse();
        assertThatIllegalStateException()
                .isThrownBy(() -> writer.add(new byte[0]))
                .withMessageContainingAll("255 segments", "take the page first");
    }

    @Test
    void pagesAreFoundHoweverTheBytesAreCut() {
        List<byte[]> pages = stream(0, 300, 5, 70, 1_000);
        byte[] bytes = concatenated(pages);
        for (int piece = 1; piece <= bytes.length; piece++) {
            OggPageReader reader = new OggPageReader("the test");
            assertThat(read(reader, bytes, piece)).as("pieces of %s", piece).containsExactlyElementsOf(pages);
            assertThat(reader.damaged()).isZero();
        }
    }

    /** Also where the damage makes the page seem longer than it is: the next ones are not held back by that. */
    @Test
    void aDamagedPageIsSkippedAndCountedAndTheNextOnesAreFoundAtOnce() {
        List<byte[]> pages = stream(20, 20, 20, 20);
        byte[] bytes = concatenated(pages);
        int length = pages.get(0).length;
        for (int at = length; at < 2 * length; at++) {
            for (int bit = 0; bit < 8; bit++) {
                byte[] damaged = bytes.clone();
                damaged[at] ^= (byte) (1 << bit);
                OggPageReader reader = new OggPageReader("the test");
                assertThat(read(reader, damaged, 13))
                        .as("bit %s of byte %s", bit, at)
                        .containsExactly(pages.get(0), pages.get(2), pages.get(3));
                assertThat(reader.damaged()).isEqualTo(1);
            }
        }
    }

    @Test
    void bytesBetweenPagesAreSkippedAndBytesThatAreMissingToo() {
        List<byte[]> pages = stream(20, 20, 20, 20);
        byte[] between = "OggOggSS, and an OggS that is none".getBytes(StandardCharsets.US_ASCII);
        byte[] half = Arrays.copyOf(pages.get(2), 30);
        OggPageReader reader = new OggPageReader("the test");

        assertThat(read(reader, concatenated(List.of(pages.get(0), between, pages.get(1), half, pages.get(3))), 9))
                .containsExactly(pages.get(0), pages.get(1), pages.get(3));
        assertThat(reader.damaged()).isEqualTo(2);
    }

    @Test
    void whatDoesNotBeginAsOggIsRefusedAtTheFirstByteThatSaysSo() {
        OggPageReader reader = new OggPageReader("talk.wav");
        reader.add("RIFFxxxxWAVE".getBytes(StandardCharsets.US_ASCII), 0, 1);

        assertThatExceptionOfType(MediaException.class)
                .isThrownBy(reader::next)
                .withMessageContainingAll(
                        "talk.wav", "begin with 0x52 (\"R\")", "\"OggS\"", "send or convert it as Opus");
    }

    @Test
    void bytesWithoutAPageForTooLongAreRefused() {
        OggPageReader reader = new OggPageReader("the stream");
        read(reader, stream(20).get(0), 100);

        assertThatExceptionOfType(MediaException.class)
                .isThrownBy(() -> read(reader, random(200_000, 3), 1_000))
                .withMessageContainingAll("the stream", "no valid page in 13", "one in every 65307");
    }

    @Test
    void packetsGoOnFromPageToPageAndThoseThatLostAPieceAreDropped() {
        byte[] packet = random(600, 1);
        OggPage first = new OggPage(0, -1, 7, 0, new byte[] {(byte) 255}, Arrays.copyOf(packet, 255));
        OggPage second =
                new OggPage(OggPage.CONTINUED, -1, 7, 1, new byte[] {(byte) 255}, Arrays.copyOfRange(packet, 255, 510));
        OggPage third = new OggPage(
                OggPage.CONTINUED,
                0,
                7,
                2,
                new byte[] {90, 3},
                Arrays.copyOfRange(Arrays.copyOf(packet, 603), 510, 603));
        byte[] short3 = new byte[3];

        OggPackets whole = new OggPackets("the test");
        assertThat(whole.add(first)).isEmpty();
        assertThat(whole.add(second)).isEmpty();
        assertThat(whole.add(third)).containsExactly(packet, short3);

        OggPackets beheaded = new OggPackets("the test");
        assertThat(beheaded.add(second)).isEmpty();
        assertThat(beheaded.add(third)).containsExactly(short3);

        OggPackets cut = new OggPackets("the test");
        assertThat(cut.add(first)).isEmpty();
        assertThat(cut.add(new OggPage(0, 0, 7, 1, new byte[] {1}, new byte[] {5})))
                .containsExactly(new byte[] {5});
    }

    @Test
    void aPacketThatNeverEndsIsRefused() {
        OggPackets packets = new OggPackets("the stream");
        byte[] full = new byte[255];
        Arrays.fill(full, (byte) 255);
        OggPage page = new OggPage(OggPage.CONTINUED, -1, 7, 1, full, new byte[255 * 255]);
        packets.add(new OggPage(0, -1, 7, 0, full, new byte[255 * 255]));

        assertThatExceptionOfType(MediaException.class)
                .isThrownBy(() -> {
                    for (int i = 0; i < 1_000; i++) {
                        packets.add(page);
                    }
                })
                .withMessageContainingAll("the stream", "16777216 bytes", "comments");
    }
}
