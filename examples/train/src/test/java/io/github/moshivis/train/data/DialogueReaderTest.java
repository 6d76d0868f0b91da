package io.github.moshivis.train.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.load.UserAlignment;
import io.github.moshivis.tensor.Device;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Frames of a stretch: as many as its samples need, whatever its seconds are as a binary fraction. */
class DialogueReaderTest {
    @ParameterizedTest
    @CsvSource({"17.6, 220", "1.12, 14", "10, 125", "10.001, 126", "0.08, 1"})
    void aStretchHasTheFramesOfItsSamples(double seconds, int frames) {
        DialogueReader reader = new DialogueReader(null, null, null, null, seconds, UserAlignment.PYTORCH, Device.CPU);
        assertThat(reader.frames()).isEqualTo(frames);
    }
}
