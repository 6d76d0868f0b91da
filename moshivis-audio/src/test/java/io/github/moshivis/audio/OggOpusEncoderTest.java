package io.github.moshivis.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.moshivis.audio.opus.OggPage;
import io.github.moshivis.audio.opus.OpusPacket;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is in the pages, to the bit; opusinfo finds nothing to object to either. */
class OggOpusEncoderTest {
    private static final int PRE_SKIP = 312;

    @Test
    void theFirstPageHoldsTheHeadAndTheSecondTheTags() {
        List<OggPage> pages = OpusSounds.pages(OpusSounds.encode(OpusSettings.live(), new float[480]));

        OggPage head = pages.get(0);
        assertThat(head.flags()).isEqualTo(OggPage.FIRST);
        assertThat(head.granule()).isZero();
        // "OpusHead", version, channels, pre-skip, 24,000 Hz, gain, mapping family.
        assertThat(HexFormat.of().formatHex(head.body()))
                .isEqualTo("4f70757348656164" + "01" + "01" + "3801" + "c05d0000" + "0000" + "00");
        OggPage tags = pages.get(1);
        assertThat(tags.flags()).isZero();
        assertThat(tags.granule()).isZero();
        assertThat(new String(tags.body(), StandardCharsets.ISO_8859_1))
                .startsWith("OpusTags")
                .contains("libopus 1.", "ENCODER=moshivis");
    }

    @ParameterizedTest
    @CsvSource({
        "2.5, 1, 0",
        "5, 3, 1000",
        "10, 50, 24000",
        "20, 1, 479",
        "20, 1, 480",
        "20, 1, 481",
        "20, 4, 24000",
        "20, 50, 100000",
        "40, 1, 1920",
        "60, 7, 30001"
    })
    void granulesCountWhatAPageCompletesAndTheLastPageSaysTheLength(double millis, int framesPerPage, int samples) {
        Duration frame = Duration.ofNanos((long) (millis * 1e6));
        List<OggPage> pages = OpusSounds.pages(
                OpusSounds.encode(OpusSettings.live().frame(frame).framesPerPage(framesPerPage), new float[samples]));

        int packetSamples = (int) (millis * 48);
        long granule = 0;
        for (int i = 2; i < pages.size(); i++) {
            OggPage page = pages.get(i);
            boolean last = i == pages.size() - 1;
            assertThat(page.flags()).isEqualTo(last ? OggPage.LAST : 0);
            int packets = page.lacing().length; // all are shorter than 255 bytes
            assertThat(packets).isBetween(1, framesPerPage);
            granule += (long) packets * packetSamples;
            if (!last) {
                assertThat(packets).isEqualTo(framesPerPage);
                assertThat(page.granule()).isEqualTo(granule);
            }
        }
        assertThat(pages.get(pages.size() - 1).granule())
                .isEqualTo(PRE_SKIP + 2L * samples)
                .isLessThanOrEqualTo(granule)
                .isGreaterThan(granule - packetSamples);
        for (int i = 0; i < pages.size(); i++) {
            assertThat(pages.get(i).sequence()).isEqualTo(i);
            assertThat(pages.get(i).serial()).isEqualTo(42);
        }
    }

    @Test
    void aLivePageLeavesWithTheSampleThatCompletesItsFrame() {
        try (OggOpusEncoder encoder = new OggOpusEncoder(OpusSettings.live())) {
            assertThat(OpusSounds.pages(encoder.encode(new float[0])))
                    .as("header pages")
                    .hasSize(2);
            assertThat(encoder.encode(new float[479])).isEmpty();
            List<OggPage> pages = OpusSounds.pages(encoder.encode(new float[1]));
            assertThat(pages).hasSize(1);
            assertThat(OpusPacket.samples(pages.get(0).body())).isEqualTo(960);
            assertThat(OpusSounds.pages(encoder.encode(new float[1920]))).hasSize(4);
        }
    }

    @Test
    void howTheSoundIsCutChangesNoBit() {
        float[] sound = OpusSounds.voice(0.5);
        OpusSettings settings = OpusSettings.live().framesPerPage(3);
        byte[] whole = OpusSounds.encode(settings, sound);
        Random random = new Random(3);
        for (int largest : new int[] {1, 100, 2_000}) {
            try (OggOpusEncoder encoder = new OggOpusEncoder(settings, 42)) {
                ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                int length;
                for (int start = 0; start < sound.length; start += length) {
                    length = Math.min(random.nextInt(largest + 1), sound.length - start);
                    bytes.writeBytes(encoder.encode(sound, start, length));
                }
                bytes.writeBytes(encoder.end());
                assertThat(bytes.toByteArray()).isEqualTo(whole);
            }
        }
    }

    @Test
    void largePacketsFillPagesBeforeTheirNumberDoes() {
        OpusSettings settings = OpusSettings.file().frame(Duration.ofMillis(60)).bitRate(510_000);
        Random random = new Random(1);
        float[] noise = new float[24_000 * 3];
        for (int i = 0; i < noise.length; i++) {
            noise[i] = random.nextFloat() * 2 - 1;
        }
        byte[] stream = OpusSounds.encode(settings, noise);

        assertThat(OpusSounds.pages(stream).get(2).lacing().length).isBetween(230, 255);
        assertThat(OpusSounds.decodeFile(stream)).hasSize(noise.length);
    }

    @Test
    void theBitRateIsMinded() {
        float[] sound = OpusSounds.voice(4);
        for (int bits : new int[] {12_000, 32_000, 96_000}) {
            int bytes = 0;
            for (OggPage page :
                    OpusSounds.pages(OpusSounds.encode(OpusSettings.live().bitRate(bits), sound))) {
                bytes += page.body().length;
            }
            assertThat(bytes * 8 / 4).isBetween(bits * 6 / 10, bits * 14 / 10);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"native", "java"})
    void whatIsBeyondFullScaleIsClippedAndNoNumberIsSilence(String implementation) {
        System.setProperty("moshivis.opus", implementation);
        try {
            float[] sound = new float[9_600];
            Arrays.fill(sound, Float.NaN);
            for (float sample : OpusSounds.decodeFile(OpusSounds.encode(OpusSettings.live(), sound))) {
                assertThat(Math.abs(sample)).isLessThan(1e-3f);
            }
            for (int i = 0; i < sound.length; i++) {
                sound[i] = i / 100 % 2 == 0 ? Float.POSITIVE_INFINITY : -1e30f;
            }
            for (float sample : OpusSounds.decodeFile(OpusSounds.encode(OpusSettings.live(), sound))) {
                assertThat(Math.abs(sample)).isLessThan(1.2f);
            }
        } finally {
            System.clearProperty("moshivis.opus");
        }
    }

    @Test
    void useAfterTheEndIsRefused() {
        OggOpusEncoder encoder = new OggOpusEncoder(OpusSettings.live());
        assertThat(OpusSounds.pages(encoder.end())).hasSize(3);
        assertThat(encoder.end()).isEmpty();
        assertThatIllegalStateException()
                .isThrownBy(() -> encoder.encode(new float[1]))
                .withMessageContainingAll("has ended", "new encoder");
        encoder.close();
        encoder.close();

        OggOpusEncoder closed = new OggOpusEncoder(OpusSettings.live());
        closed.close();
        assertThatIllegalStateException()
                .isThrownBy(() -> closed.encode(new float[1]))
                .withMessageContainingAll("is closed", "new encoder");
        assertThatIllegalStateException().isThrownBy(closed::end);
    }

    @Test
    void settingsOutsideTheirLimitsAreRefused() {
        OpusSettings settings = OpusSettings.live();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings.frame(Duration.ofMillis(30)))
                .withMessageContainingAll("PT0.03S", "2.5, 5, 10, 20, 40 or 60 ms");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings.complexity(11))
                .withMessageContainingAll("11 of complexity", "0 to 10");
        assertThatIllegalArgumentException().isThrownBy(() -> settings.complexity(-1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings.framesPerPage(0))
                .withMessageContainingAll("0 frames per page", "1 to 50");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings.bitRate(5_999))
                .withMessageContainingAll("5999 bits a second", "6000 to 510000");
        assertThatIllegalArgumentException().isThrownBy(() -> settings.bitRate(510_001));
        assertThat(settings.complexity(0).complexity()).isZero();
    }

    @Test
    void theBeginningsKeepSoundAsModelsHearIt() {
        assertThat(List.of(OpusSettings.live(), OpusSettings.file()))
                .allMatch(settings -> settings.application() == OpusSettings.Application.AUDIO);
    }
}
