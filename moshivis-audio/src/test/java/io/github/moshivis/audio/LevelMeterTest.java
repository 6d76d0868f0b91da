package io.github.moshivis.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.moshivis.audio.LevelMeter.Level;
import io.github.moshivis.io.AudioPipe;
import io.github.moshivis.io.AudioSink;
import io.github.moshivis.io.AudioSource;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class LevelMeterTest {
    private static final int WINDOW = 1920;

    private final AudioPipe pipe = AudioPipe.droppingOldest(Duration.ofSeconds(1));

    @Test
    void measuresFullScaleInDecibels() throws IOException {
        float[] sine = new float[WINDOW];
        for (int i = 0; i < WINDOW; i++) {
            sine[i] = (float) Math.sin(2 * Math.PI * 1000 * i / 24_000);
        }
        assertThat(level(sine)).satisfies(level -> {
            assertThat(level.rms()).isCloseTo(-3.01, within(0.01));
            assertThat(level.peak()).isCloseTo(0, within(0.01));
        });
        float[] quiet = new float[WINDOW];
        Arrays.fill(quiet, -0.1f);
        assertThat(level(quiet).rms()).isCloseTo(-20, within(0.01));
        assertThat(level(quiet).peak()).isCloseTo(-20, within(0.01));
        assertThat(level(new float[WINDOW])).isEqualTo(Level.SILENCE);
    }

    private Level level(float[] window) throws IOException {
        LevelMeter meter = new LevelMeter();
        meter.sink(pipe.sink()).write(window, 0, window.length);
        return meter.level();
    }

    @Test
    void tellsEachWindowHoweverTheSamplesAreCut() throws IOException {
        List<Level> told = new ArrayList<>();
        LevelMeter meter = new LevelMeter(told::add);
        AudioSource source = meter.source(pipe.source());
        float[] samples = new float[3 * WINDOW];
        Arrays.fill(samples, WINDOW, 2 * WINDOW, 1);
        pipe.sink().write(samples, 0, samples.length);
        for (int left = samples.length; left > 0; ) {
            left -= source.read(new float[700], 0, Math.min(700, left));
        }
        assertThat(told).containsExactly(Level.SILENCE, new Level(0, 0), Level.SILENCE);
        assertThat(meter.level()).isEqualTo(Level.SILENCE);
    }

    @Test
    void leavesTheSoundAsItIs() throws IOException {
        LevelMeter meter = new LevelMeter();
        AudioSink sink = new LevelMeter().sink(pipe.sink());
        AudioSource source = meter.source(pipe.source());
        sink.open();
        source.open();
        float[] samples = {0.1f, 0.2f, 0.3f};
        sink.write(samples, 1, 2);
        sink.close();
        float[] read = new float[4];
        assertThat(source.isLive()).isTrue();
        assertThat(source.read(read, 1, 3)).isEqualTo(2);
        assertThat(read).containsExactly(0, 0.2f, 0.3f, 0);
        assertThat(source.read(read, 0, 4)).isEqualTo(-1);
        assertThat(meter.level()).as("no window is complete").isEqualTo(Level.SILENCE);
        source.close();
    }
}
