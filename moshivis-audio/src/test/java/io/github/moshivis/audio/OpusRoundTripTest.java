package io.github.moshivis.audio;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.audio.OpusSettings.Application;
import io.github.moshivis.audio.opus.OpusCodec;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What one implementation encodes, each decodes, at its place in time. For speech Opus filters the lowest tones, which shifts them. */
class OpusRoundTripTest {
    @AfterEach
    void chooseAgain() {
        System.clearProperty(OpusCodec.PROPERTY);
    }

    private static void choose(String implementation) {
        System.setProperty(OpusCodec.PROPERTY, implementation);
    }

    @ParameterizedTest
    @CsvSource({"native, native", "native, java", "java, native", "java, java"})
    void everyFrameLengthComesBack(String encodes, String decodes) {
        float[] sound = OpusSounds.voice(1.01);
        for (double millis : new double[] {2.5, 5, 10, 20, 40, 60}) {
            for (Application application : Application.values()) {
                for (int bitRate : new int[] {24_000, 64_000}) {
                    OpusSettings settings = OpusSettings.live()
                            .frame(Duration.ofNanos((long) (millis * 1e6)))
                            .application(application)
                            .bitRate(bitRate);
                    choose(encodes);
                    byte[] stream = OpusSounds.encode(settings, sound);
                    choose(decodes);
                    float[] heard = OpusSounds.decodeFile(stream);

                    assertThat(heard).as("%s", settings).hasSameSizeAs(sound);
                    assertThat(OpusSounds.likeness(sound, heard))
                            .as("%s", settings)
                            .isGreaterThan(application == Application.SPEECH ? 0.6 : 0.85);
                }
            }
        }
    }
}
