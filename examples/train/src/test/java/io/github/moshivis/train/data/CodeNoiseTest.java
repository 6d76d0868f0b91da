package io.github.moshivis.train.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.moshivis.layout.LmConfig;
import io.github.moshivis.train.GoldenTraining;
import io.github.moshivis.train.model.DelayedCodes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Codes are replaced in their share, text and absent tokens never; every second dialogue stays exact. */
class CodeNoiseTest {
    private static final int FRAMES = 500;
    private static final int DIALOGUES = 40;

    @TempDir
    private Path scratch;

    private LmConfig config;

    @BeforeEach
    void readSizes() throws IOException {
        config = GoldenTraining.lmConfig(scratch);
    }

    @Test
    void sharesOfModelAndUserAreReplacedInEverySecondDialogue() {
        CodeNoise noise = new CodeNoise(0.2, 0.05);
        Random random = new Random(5);
        int exact = 0;
        double model = 0;
        double user = 0;
        for (int i = 0; i < DIALOGUES; i++) {
            long[][] codes = codes();
            long[][] heard = noise.heard(codes, config, random);
            assertThat(codes).isDeepEqualTo(codes());
            assertThat(heard[0]).isEqualTo(codes[0]);
            exact += heard == codes ? 1 : 0;
            for (int stream = 1; stream < codes.length; stream++) {
                assertThat(heard[stream][FRAMES - 1]).isEqualTo(DelayedCodes.NONE);
                if (stream <= config.modelCodebooks()) {
                    model += replaced(heard[stream]);
                } else {
                    user += replaced(heard[stream]);
                }
            }
        }
        int noisy = DIALOGUES - exact;
        assertThat(exact).isBetween(DIALOGUES / 4, DIALOGUES * 3 / 4);
        assertThat(model / noisy / config.modelCodebooks() / FRAMES).isCloseTo(0.2, within(0.02));
        assertThat(user / noisy / config.userCodebooks() / FRAMES).isCloseTo(0.05, within(0.01));
    }

    /** Tokens outside of the codebooks, so that each replaced one differs. */
    private long[][] codes() {
        long[][] codes = new long[config.streams()][FRAMES];
        for (long[] stream : codes) {
            Arrays.fill(stream, config.audioCard());
            stream[FRAMES - 1] = DelayedCodes.NONE;
        }
        return codes;
    }

    private double replaced(long[] heard) {
        return Arrays.stream(heard)
                .filter(code -> code >= 0 && code < config.audioCard())
                .count();
    }

    @Test
    void sharesBeyondOneAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CodeNoise(1.1, 0))
                .withMessageContaining("expected numbers from 0 to 1");
    }
}
