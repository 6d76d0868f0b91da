package io.github.moshivis.programs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ToyDemoTest {
    @Test
    void theBundleIsCopiedOnceAndWhole() {
        Demo demo = new ToyDemo();

        assertThat(demo.model()).isEqualTo(demo.model()).isDirectoryContaining("glob:**/model.safetensors");
        assertThat(demo.clip()).isEqualTo(demo.clip()).isNotEmptyFile();
        assertThat(demo.picture()).isNotEmptyFile().hasParent(demo.clip().getParent());
        assertThat(new ToyDemo().clip()).isNotEqualTo(demo.clip()).hasSameBinaryContentAs(demo.clip());
    }

    @Test
    void secondsAreDurations() {
        assertThat(Seconds.positive("--drain", 0.08)).isEqualTo(Duration.ofMillis(80));
        assertThat(Seconds.notNegative("--tail", 0)).isZero();
        for (double bad : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> Seconds.positive("--drain", bad)).hasMessageStartingWith("--drain is a length");
            assertThatThrownBy(() -> Seconds.notNegative("--tail", bad)).hasMessageStartingWith("--tail is a length");
        }
        assertThatThrownBy(() -> Seconds.positive("--drain", 0)).hasMessageContaining("found 0.0");
    }
}
