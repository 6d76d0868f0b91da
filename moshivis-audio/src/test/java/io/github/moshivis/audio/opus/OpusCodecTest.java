package io.github.moshivis.audio.opus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.moshivis.MoshiVis;
import io.github.moshivis.errors.MediaException;
import io.github.moshivis.errors.NativeException;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OpusCodecTest {
    @AfterEach
    void chooseAgain() {
        System.clearProperty(OpusCodec.PROPERTY);
    }

    private static OpusCodec choose(String implementation) {
        System.setProperty(OpusCodec.PROPERTY, implementation);
        return OpusCodec.chosen();
    }

    @Test
    void libopusIsChosenWhereItLoadsAndTheDiagnosisSaysSo() {
        assertThat(OpusCodec.chosen().name()).startsWith("libopus 1.");
        assertThat(MoshiVis.diagnose()).containsPattern("opus: +libopus 1\\.");
    }

    @Test
    void thePropertyChoosesAndTheDiagnosisSaysSo() {
        assertThat(choose("java").name()).startsWith("Concentus");
        assertThat(MoshiVis.diagnose()).containsPattern("opus: +Concentus.*as -Dmoshivis.opus says");
        assertThat(choose("native").name()).startsWith("libopus");
    }

    @Test
    void anUnknownChoiceIsRefusedAndTheDiagnosisSaysSo() {
        assertThatIllegalStateException()
                .isThrownBy(() -> choose("fast"))
                .withMessageContainingAll("-Dmoshivis.opus=fast", "native, java, or nothing");
        assertThat(MoshiVis.diagnose()).containsPattern("opus: +none\\. .*-Dmoshivis.opus=fast");
    }

    @Test
    void aLibraryThatDoesNotLoadIsExplained() {
        assertThat(LibOpus.explain(new UnsatisfiedLinkError("no such file\nand more")))
                .contains("no such file", "opus-java", "-Dopus.lib=PATH", "-Dmoshivis.opus=java")
                .doesNotContain("and more");
    }

    @ParameterizedTest
    @ValueSource(strings = {"native", "java"})
    void useAfterCloseIsRefusedAndClosingTwiceIsNot(String implementation) {
        OpusCodec codec = choose(implementation);
        OpusCodec.Decoder decoder = codec.decoder(1);
        OpusCodec.Encoder encoder = codec.encoder(2048, OptionalInt.empty(), 5);
        float[] pcm = new float[OpusPacket.MAX_SAMPLES];
        byte[] packet = encoder.encode(new float[480]);
        for (int i = 0; i < 2; i++) {
            decoder.close();
            encoder.close();
        }

        assertThatIllegalStateException()
                .isThrownBy(() -> decoder.decode(packet, pcm))
                .withMessageContaining("Opus decoder is closed");
        assertThatIllegalStateException().isThrownBy(() -> decoder.conceal(480, pcm));
        assertThatIllegalStateException()
                .isThrownBy(() -> encoder.encode(new float[480]))
                .withMessageContaining("Opus encoder is closed");
        assertThatIllegalStateException().isThrownBy(encoder::lookahead);
    }

    @Test
    void nativeMemoryIsFreedOnce() {
        int before = NativeState.live();
        OpusCodec.Decoder decoder = choose("native").decoder(1);
        assertThat(NativeState.live()).isEqualTo(before + 1);
        decoder.close();
        decoder.close();
        assertThat(NativeState.live()).isEqualTo(before);
    }

    @Test
    void nativeMemoryThatNobodyClosesIsFreedWhenItIsUnreachable() throws InterruptedException {
        int before = NativeState.live();
        Thread forgetful = new Thread(
                () -> { // whose stack goes with it, and keeps none
                    for (int i = 0; i < 3; i++) {
                        choose("native").decoder(1);
                    }
                });
        forgetful.start();
        forgetful.join();
        for (int i = 0; i < 500 && NativeState.live() > before; i++) {
            System.gc();
            Thread.sleep(10);
        }
        assertThat(NativeState.live()).isEqualTo(before);
    }

    /** Frames an encoder does not refuse are the ones that a setting can name; the C library says what it dislikes. */
    @Test
    void anErrorOfLibopusIsExplained() {
        try (OpusCodec.Encoder encoder = choose("native").encoder(2049, OptionalInt.empty(), 5)) {
            assertThatExceptionOfType(NativeException.class)
                    .isThrownBy(() -> encoder.encode(new float[481]))
                    .withMessageContainingAll("encode 481 samples", "error -1", "-Dmoshivis.opus=java");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0, 480", "1, 0, 960", "2, 0, 1920", "3, 0, 2880", "11, 0, 2880", "12, 0, 480", "13, 0, 960", "15, 0, 960",
        "16, 0, 120", "17, 0, 240", "18, 0, 480", "19, 0, 960", "31, 0, 960", "31, 1, 1920", "31, 2, 1920", "3, 1, 5760"
    })
    void aPacketSaysHowLongItIs(int configuration, int code, int samples) {
        assertThat(OpusPacket.samples(new byte[] {(byte) (configuration << 3 | code), 0}))
                .isEqualTo(samples);
    }

    @Test
    void aPacketOfManyFramesHoldsUpTo120Milliseconds() {
        assertThat(OpusPacket.samples(new byte[] {(byte) (16 << 3 | 3), 48})).isEqualTo(5_760);
        assertThat(OpusPacket.samples(new byte[] {(byte) (16 << 3 | 3), 49})).isZero();
        assertThat(OpusPacket.samples(new byte[] {(byte) (19 << 3 | 3), 7})).isZero();
        assertThat(OpusPacket.samples(new byte[] {(byte) (19 << 3 | 3), 0})).isZero();
        assertThat(OpusPacket.samples(new byte[] {(byte) (19 << 3 | 3)})).isZero();
        assertThat(OpusPacket.samples(new byte[0])).isZero();
    }

    @Test
    void aHeadComesBackAsItWasWritten() {
        OpusHead head = new OpusHead(2, 65_535, 44_100, -256);
        assertThat(OpusHead.is(head.toBytes())).isTrue();
        assertThat(OpusHead.read("the test", head.toBytes())).isEqualTo(head);
        assertThat(OpusHead.isTags(OpusHead.tags("vendor", "TITLE=\u00e4"))).isTrue();
    }

    @Test
    void aHeadThatCannotBeFollowedIsRefused() {
        byte[] good = new OpusHead(1, 312, 24_000, 0).toBytes();
        assertBad(Arrays.copyOf(good, 18), "a header of 18 bytes");
        byte[] version = good.clone();
        version[8] = 16;
        assertBad(version, "version 16");
        byte[] channels = good.clone();
        channels[9] = 0;
        assertBad(channels, "0 channels");
        byte[] surround = Arrays.copyOf(good, 27);
        surround[9] = 6;
        surround[18] = 1;
        surround[19] = 4;
        assertBad(surround, "6 channels (mapping family 1)");
    }

    private static void assertBad(byte[] head, String found) {
        assertThatExceptionOfType(MediaException.class)
                .isThrownBy(() -> OpusHead.read("talk.opus", head))
                .withMessageContainingAll("talk.opus", found, "expected");
    }

    /** Whatever the bytes, a decoder gives a length or says that they are invalid, and can go on. */
    @ParameterizedTest
    @ValueSource(strings = {"native", "java"})
    void noBytesHarmADecoder(String implementation) {
        Random random = new Random(11);
        OpusCodec codec = choose(implementation);
        float[] pcm = new float[OpusPacket.MAX_SAMPLES];
        try (OpusCodec.Decoder decoder = codec.decoder(1);
                OpusCodec.Encoder encoder = codec.encoder(2049, OptionalInt.of(24_000), 0)) {
            for (int i = 0; i < 3_000; i++) {
                byte[] packet = new byte[1 + random.nextInt(i % 10 == 0 ? 3_000 : 80)];
                random.nextBytes(packet);
                int samples = OpusPacket.samples(packet);
                if (samples > 0) {
                    int count = decoder.decode(packet, pcm);
                    assertThat(count).isIn(-1, samples / (OpusHead.RATE / decoder.rate()));
                } else {
                    decoder.conceal(decoder.rate() / 50, pcm);
                }
            }
            byte[] packet = encoder.encode(new float[480]);
            assertThat(decoder.decode(packet, pcm)).isEqualTo(decoder.rate() / 50);
        }
    }
}
