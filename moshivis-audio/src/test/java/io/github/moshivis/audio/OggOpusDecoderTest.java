package io.github.moshivis.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import io.github.jaredmdobson.concentus.OpusException;
import io.github.moshivis.audio.OpusSettings.Application;
import io.github.moshivis.audio.opus.OggPage;
import io.github.moshivis.audio.opus.OggPageWriter;
import io.github.moshivis.audio.opus.OpusHead;
import io.github.moshivis.errors.MediaException;
import io.github.moshivis.io.AudioSource;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OggOpusDecoderTest {
    private static final OpusSettings SETTINGS =
            OpusSettings.live().application(Application.LOW_DELAY).bitRate(64_000);

    /** By the encoder's settings: the delay of {@link Application#LOW_DELAY} in samples of 48 kHz. */
    private static final int PRE_SKIP = 120;

    private final float[] sound = OpusSounds.voice(0.5);

    @AfterEach
    void chooseAgain() {
        System.clearProperty("moshivis.opus");
    }

    private static void choose(String implementation) {
        System.setProperty("moshivis.opus", implementation);
    }

    private static OpusHead head(int preSkip, int gain) {
        return new OpusHead(1, preSkip, 24_000, gain);
    }

    @ParameterizedTest
    @ValueSource(strings = {"native", "java"})
    void howTheBytesAreCutChangesNoSample(String implementation) {
        choose(implementation);
        byte[] stream = OpusSounds.encode(SETTINGS.bitRate(24_000), OpusSounds.voice(0.05));
        float[] whole = OpusSounds.decode(stream, stream.length);
        assertThat(whole).hasSizeGreaterThanOrEqualTo(1_200);
        for (int piece = 1; piece < 50; piece++) {
            assertThat(OpusSounds.decode(stream, piece))
                    .as("pieces of %s", piece)
                    .isEqualTo(whole);
        }
        for (int first = 0; first < stream.length; first++) {
            try (OggOpusDecoder decoder = new OggOpusDecoder()) {
                Samples heard = new Samples();
                float[] part = decoder.decode(stream, 0, first);
                heard.add(part, 0, part.length);
                float[] rest =
                        OpusSounds.decode(decoder, Arrays.copyOfRange(stream, first, stream.length), stream.length);
                heard.add(rest, 0, rest.length);
                assertThat(heard.toArray()).as("cut at %s", first).isEqualTo(whole);
            }
        }
    }

    @Test
    void soundComesWithTheByteThatCompletesItsPage() {
        try (OggOpusEncoder encoder = new OggOpusEncoder(SETTINGS);
                OggOpusDecoder decoder = new OggOpusDecoder()) {
            decoder.decode(encoder.encode(new float[480]));
            byte[] page = encoder.encode(new float[480]);
            assertThat(decoder.decode(page, 0, page.length - 1)).isEmpty();
            assertThat(decoder.decode(page, page.length - 1, 1)).hasSize(480);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 25})
    void howPacketsArePutIntoPagesChangesNoSample(int packetsPerPage) {
        byte[] stream = OpusSounds.encode(SETTINGS, sound);
        byte[] other = OpusSounds.encode(SETTINGS.framesPerPage(packetsPerPage), sound);

        assertThat(OpusSounds.decodeFile(other)).isEqualTo(OpusSounds.decodeFile(stream));
        assertThat(OpusSounds.decodeFile(OpusStreams.segmentPerPage(
                        OpusSounds.encode(SETTINGS.bitRate(300_000).framesPerPage(packetsPerPage), sound))))
                .isEqualTo(OpusSounds.decodeFile(OpusSounds.encode(SETTINGS.bitRate(300_000), sound)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"native", "java"})
    void packetsOfSeveralFramesUpTo120MillisecondsAreRead(String implementation) {
        choose(implementation);
        for (double[] frame : new double[][] {{2.5, 48}, {20, 2}, {20, 6}, {10, 12}}) {
            byte[] plain = OpusSounds.encode(SETTINGS.frame(Duration.ofNanos((long) (frame[0] * 1e6))), sound);
            int count = (int) frame[1];
            List<byte[]> packets = OpusStreams.packets(plain);
            List<byte[]> merged = OpusStreams.merged(packets, count);
            int samples = (int) (frame[0] * count * 48);
            byte[] stream = OpusStreams.stream(head(PRE_SKIP, 0), merged, 1, samples, (long) merged.size() * samples);

            float[] heard = OpusSounds.decodeFile(stream);
            assertThat(heard).hasSize(merged.size() * samples / 2 - PRE_SKIP / 2);
            assertThat(OpusSounds.likeness(sound, heard)).isGreaterThan(0.98);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"native", "java"})
    void stereoBecomesMonoByItsMean(String implementation) throws OpusException {
        choose(implementation);
        float[] silence = new float[sound.length];
        for (int bitRate : new int[] {24_000, 48_000, 128_000}) {
            float[] both = OpusSounds.decodeFile(OpusStreams.stereo(sound, sound, bitRate));
            assertThat(both).hasSameSizeAs(sound);
            assertThat(OpusSounds.likeness(sound, both)).as("%s bit/s", bitRate).isGreaterThan(0.95);
            assertThat(OpusSounds.rms(both, 0, both.length))
                    .isCloseTo(OpusSounds.rms(sound, 0, sound.length), within(0.03));
        }
        float[] half = OpusSounds.decodeFile(OpusStreams.stereo(sound, silence, 128_000));
        assertThat(OpusSounds.rms(half, 0, half.length))
                .isCloseTo(OpusSounds.rms(sound, 0, sound.length) / 2, within(0.02));
    }

    @ParameterizedTest
    @ValueSource(strings = {"native", "java"})
    void channelsOfAFileAreReadSeparately(String implementation, @TempDir Path directory) throws Exception {
        choose(implementation);
        float[] silence = new float[sound.length];
        Path stereo = Files.write(directory.resolve("stereo.opus"), OpusStreams.stereo(silence, sound, 128_000));
        Path mono = Files.write(directory.resolve("mono.opus"), OpusSounds.encode(SETTINGS, sound));

        List<AudioSource> channels = OggOpus.channels(stereo);

        assertThat(channels).hasSize(2);
        float[] left = Chunks.readAll(channels.get(0));
        float[] right = Chunks.readAll(channels.get(1));
        assertThat(OpusSounds.rms(left, 0, left.length)).isLessThan(0.01);
        assertThat(OpusSounds.likeness(sound, right)).isGreaterThan(0.95);
        assertThat(left).hasSameSizeAs(right);
        assertThat(OggOpus.channels(mono)).singleElement().satisfies(only -> assertThat(Chunks.readAll(only))
                .hasSameSizeAs(sound));
    }

    @ParameterizedTest
    @ValueSource(strings = {"native", "java"})
    void aFileBeginsBehindThePreSkipAndEndsAtTheLastGranule(String implementation) {
        choose(implementation);
        List<byte[]> packets = OpusStreams.packets(OpusSounds.encode(SETTINGS, sound));
        int all = packets.size() * 960;
        for (int preSkip : new int[] {0, 1, 313, 3_840, 60_000}) {
            for (int cut : new int[] {0, 1, 959, 5_000}) {
                byte[] stream = OpusStreams.stream(head(preSkip, 0), packets, 10, 960, all - cut);
                int left = Math.max(0, all - preSkip - Math.min(cut, packets.size() % 10 * 960));
                assertThat(OpusSounds.decodeFile(stream))
                        .as("pre-skip %s, cut %s", preSkip, cut)
                        .hasSize((left + 1) / 2);
                assertThat(OpusSounds.decode(stream, 100)).as("live").hasSize((Math.max(0, all - preSkip) + 1) / 2);
            }
        }
    }

    /** As the reference's Rust server writes them: in samples of 24 kHz, ahead of the packets, and never an end. */
    @Test
    void wrongGranulesDoNotMatterInALiveStream() {
        List<byte[]> packets = OpusStreams.packets(OpusSounds.encode(SETTINGS, sound));
        float[] right = OpusSounds.decode(OpusStreams.stream(head(PRE_SKIP, 0), packets, 1, 960, 1), 100);

        assertThat(right).hasSize(packets.size() * 480 - PRE_SKIP / 2);
        for (int samples : new int[] {480, 0, -7, Integer.MAX_VALUE}) {
            assertThat(OpusSounds.decode(OpusStreams.stream(head(PRE_SKIP, 0), packets, 1, samples, samples), 100))
                    .isEqualTo(right);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-2_560, 0, 1_536, 32_767})
    void theGainIsApplied(int gain) {
        List<byte[]> packets = OpusStreams.packets(OpusSounds.encode(SETTINGS, sound));
        float[] plain = OpusSounds.decode(OpusStreams.stream(head(0, 0), packets, 1, 960, 0), 1_000);
        float[] heard = OpusSounds.decode(OpusStreams.stream(head(0, gain), packets, 1, 960, 0), 1_000);

        double factor = Math.pow(10, gain / 256.0 / 20);
        for (int i = 0; i < plain.length; i++) {
            assertThat(heard[i]).isCloseTo((float) Math.max(-1, Math.min(1, plain[i] * factor)), within(1e-4f));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"native", "java"})
    void streamsMayFollowOneAnother(String implementation) throws OpusException {
        choose(implementation);
        byte[] first = OpusSounds.encode(SETTINGS, sound);
        byte[] second = OpusStreams.stereo(sound, sound, 64_000);
        ByteArrayOutputStream chain = new ByteArrayOutputStream();
        chain.writeBytes(first);
        chain.writeBytes(second);
        chain.writeBytes(first);
        Samples expected = new Samples();
        for (byte[] each : List.of(first, second, first)) {
            float[] part = OpusSounds.decodeFile(each);
            expected.add(part, 0, part.length);
        }

        assertThat(OpusSounds.decodeFile(chain.toByteArray())).isEqualTo(expected.toArray());
    }

    /** A caller that begins anew in the same connection, without an end: as a new talk. */
    @Test
    void aNewHeaderBeginsANewStreamAlsoWithoutAnEnd() {
        List<OggPage> pages = OpusSounds.pages(OpusSounds.encode(SETTINGS, sound));
        List<OggPage> twice = new ArrayList<>(pages.subList(0, 10));
        twice.addAll(pages);

        assertThat(OpusSounds.decodeFile(OpusSounds.bytes(twice))).hasSize(8 * 480 - PRE_SKIP / 2 + sound.length);
    }

    @Test
    void aStreamOfAnotherKindBesideItIsIgnored() {
        List<OggPage> pages = new ArrayList<>(OpusSounds.pages(OpusSounds.encode(SETTINGS, sound)));
        byte[] theora = "\u0080theora and so on".getBytes(StandardCharsets.ISO_8859_1);
        OggPageWriter other = new OggPageWriter(5);
        other.add(theora);
        List<OggPage> mixed = new ArrayList<>(OpusSounds.pages(other.page(0, false)));
        mixed.add(pages.get(0));
        for (OggPage page : pages.subList(1, pages.size())) {
            other.add(theora);
            mixed.addAll(OpusSounds.pages(other.page(7, false)));
            mixed.add(page);
        }

        assertThat(OpusSounds.decodeFile(OpusSounds.bytes(mixed)))
                .isEqualTo(OpusSounds.decodeFile(OpusSounds.bytes(pages)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"native", "java"})
    void timeGoesOnWherePagesAreMissingOrDamaged(String implementation) {
        choose(implementation);
        List<OggPage> pages = OpusSounds.pages(OpusSounds.encode(SETTINGS, sound));
        float[] whole = OpusSounds.decodeFile(OpusSounds.bytes(pages));
        List<OggPage> fewer = new ArrayList<>(pages);
        fewer.subList(10, 13).clear();
        float[] heard = OpusSounds.decodeFile(OpusSounds.bytes(fewer));
        assertThat(heard).hasSameSizeAs(whole);
        assertThat(OpusSounds.likeness(whole, 9_000, heard, 9_000, 3_000)).isGreaterThan(0.99);

        byte[] bytes = OpusSounds.bytes(pages);
        int inPage12 = OpusSounds.bytes(pages.subList(0, 12)).length + 35;
        bytes[inPage12]++;
        try (OggOpusDecoder decoder = new OggOpusDecoder("the file", OpusLink.MIX, true)) {
            assertThat(OpusSounds.decode(decoder, bytes, 100)).hasSameSizeAs(whole);
            assertThat(decoder.damagedPages()).isEqualTo(1);
            assertThat(decoder.damagedPackets()).isZero();
        }
    }

    @Test
    void aGapIsFilledForASecondAtMost() {
        List<OggPage> pages = OpusSounds.pages(OpusSounds.encode(SETTINGS, sound));
        OggPage late = pages.get(10);
        pages.set(10, new OggPage(0, late.granule(), 42, Integer.MAX_VALUE, late.lacing(), late.body()));

        float[] heard = OpusSounds.decode(OpusSounds.bytes(pages.subList(0, 11)), 1_000);
        assertThat(heard).hasSize(9 * 480 - PRE_SKIP / 2 + 24_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"native", "java"})
    void packetsThatAreNoOpusAreCountedAndFilledIn(String implementation) {
        choose(implementation);
        List<byte[]> packets = new ArrayList<>(OpusStreams.packets(OpusSounds.encode(SETTINGS, sound)));
        packets.set(5, new byte[0]);
        packets.set(7, new byte[] {(byte) (31 << 3 | 3), 63});
        packets.set(9, new byte[] {(byte) (31 << 3 | 2), (byte) 250, 1});
        byte[] stream = OpusStreams.stream(head(PRE_SKIP, 0), packets, 1, 960, packets.size() * 960L);
        try (OggOpusDecoder decoder = new OggOpusDecoder()) {
            assertThat(OpusSounds.decode(decoder, stream, 50)).hasSize(packets.size() * 480 - PRE_SKIP / 2);
            assertThat(decoder.damagedPackets()).isEqualTo(3);
            assertThat(decoder.damagedPages()).isZero();
        }
    }

    @Test
    void nothingButInvalidPacketsIsRefused() {
        List<byte[]> packets = Collections.nCopies(100, new byte[] {(byte) (31 << 3 | 3), 63});
        assertRefused(
                OpusStreams.stream(head(0, 0), packets, 1, 960, 0), "51 invalid packets in a row", "packets of Opus");
    }

    private static void assertRefused(byte[] stream, String... words) {
        assertThatExceptionOfType(MediaException.class)
                .isThrownBy(() -> OpusSounds.decode(stream, 1_000))
                .withMessageContainingAll("Cannot read the Opus sound of the stream", "expected")
                .withMessageContainingAll(words);
    }

    @Test
    void whatIsNotOggIsRefused() {
        assertRefused("<html>".getBytes(StandardCharsets.US_ASCII), "a web page", "\"OggS\"", "Download the sound");
        assertRefused("fLaC".getBytes(StandardCharsets.US_ASCII), "a FLAC file", "convert it as Opus");
        assertRefused("<htm".getBytes(StandardCharsets.US_ASCII), "0x3c68746d (\"<htm\")", "\"OggS\"");
        assertRefused(new byte[1], "0x00 (\"?\")");
    }

    @Test
    void oggWithSomethingElseIsRefused() {
        OggPageWriter vorbis = new OggPageWriter(5);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < 3; i++) {
            vorbis.add("\u0001vorbis".getBytes(StandardCharsets.ISO_8859_1));
            bytes.writeBytes(vorbis.page(0, false));
        }
        assertRefused(bytes.toByteArray(), "something else", "vorbis", "convert it to Opus");
    }

    @Test
    void aStreamWithoutItsHeaderIsRefused() {
        List<OggPage> pages = OpusSounds.pages(OpusSounds.encode(SETTINGS, sound));
        assertRefused(OpusSounds.bytes(pages.subList(2, 5)), "sound before its header", "from its beginning");
    }

    @Test
    void aPacketBeyondTheFormatsBoundsIsRefusedButCommentsMayBeLong() {
        byte[] pictures = Arrays.copyOf(OpusHead.tags("a test"), 200_000);
        List<OggPage> pages = new ArrayList<>();
        pages.add(OpusSounds.pages(OpusSounds.encode(SETTINGS, sound)).get(0));
        byte[] full = new byte[255];
        Arrays.fill(full, (byte) 255);
        for (int start = 0; start < pictures.length; start += 255 * 255) {
            byte[] body = Arrays.copyOfRange(pictures, start, start + 255 * 255);
            pages.add(new OggPage(start == 0 ? 0 : OggPage.CONTINUED, -1, 42, pages.size(), full, body));
        }
        pages.add(new OggPage(OggPage.CONTINUED, 0, 42, pages.size(), new byte[] {0}, new byte[0]));
        List<byte[]> packets = OpusStreams.packets(OpusSounds.encode(SETTINGS, sound));
        for (byte[] packet : packets) {
            pages.add(new OggPage(0, 0, 42, pages.size(), new byte[] {(byte) packet.length}, packet));
        }
        assertThat(OpusSounds.decode(OpusSounds.bytes(pages), 5_000)).hasSize(packets.size() * 480 - PRE_SKIP / 2);

        pages.get(1).body()[0] = 'x';
        assertRefused(OpusSounds.bytes(pages), "a packet of more than 61440 bytes", "120 ms");
    }

    @Test
    void aBombOfSilenceIsRefused() {
        List<byte[]> packets = Collections.nCopies(2_000, new byte[] {(byte) (19 << 3 | 3), 6});
        byte[] stream = OpusStreams.stream(head(0, 0), packets, 255 / 2, 5_760, 0);
        assertThatExceptionOfType(MediaException.class)
                .isThrownBy(() -> OpusSounds.decode(stream, stream.length))
                .withMessageContainingAll("more than 120 seconds", "in smaller pieces");
        assertThat(OpusSounds.decode(stream, 1_000)).hasSize(2_000 * 2_880);
    }

    @Test
    void useAfterTheEndIsRefused() {
        OggOpusDecoder decoder = new OggOpusDecoder();
        assertThat(decoder.end()).isEmpty();
        assertThat(decoder.end()).isEmpty();
        assertThatIllegalStateException()
                .isThrownBy(() -> decoder.decode(new byte[1]))
                .withMessageContainingAll("has ended", "new decoder");
        decoder.close();
        decoder.close();

        OggOpusDecoder closed = new OggOpusDecoder();
        closed.decode(OpusSounds.encode(SETTINGS, sound));
        closed.close();
        assertThatIllegalStateException()
                .isThrownBy(() -> closed.decode(new byte[1]))
                .withMessageContainingAll("is closed", "new decoder");
        assertThatIllegalStateException().isThrownBy(closed::end);
    }
}
