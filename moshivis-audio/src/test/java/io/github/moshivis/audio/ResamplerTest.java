package io.github.moshivis.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Measures the conversion with tones and sweeps; decibels are of amplitude. */
class ResamplerTest {
    private static final double STOP_BAND_DB = -80;
    private static final double PASS_BAND_DB = 0.1;
    private static final double PASS_BAND = 0.9;

    private static float[] sampled(int rate, int samples, DoubleUnaryOperator sound) {
        float[] result = new float[samples];
        for (int i = 0; i < samples; i++) {
            result[i] = (float) sound.applyAsDouble((double) i / rate);
        }
        return result;
    }

    private static DoubleUnaryOperator tone(double hertz) {
        return seconds -> Math.sin(2 * Math.PI * hertz * seconds + 0.7);
    }

    /** A linear sweep. */
    private static DoubleUnaryOperator sweep(double fromHertz, double toHertz, double duration) {
        return seconds ->
                Math.sin(2 * Math.PI * seconds * (fromHertz + (toHertz - fromHertz) * seconds / (2 * duration)));
    }

    private static float[] resample(int from, int to, float[] input) {
        Resampler resampler = new Resampler(from, to);
        resampler.write(input, 0, input.length);
        resampler.end();
        float[] output = new float[Math.toIntExact(Math.round((double) input.length * to / from)) + 10];
        int count = resampler.read(output, 0, output.length);
        assertThat(resampler.isFinished()).isTrue();
        return Arrays.copyOf(output, count);
    }

    private static double decibels(double amplitude) {
        return 20 * Math.log10(Math.max(amplitude, 1e-12));
    }

    /** Without the edges, where the sound begins and ends abruptly: what the filter sees of them, rounded up. */
    private static float[] middle(int from, int to, float[] output) {
        int edge = (int) Math.ceil(70.0 * to / Math.min(from, to));
        return Arrays.copyOfRange(output, edge, output.length - edge);
    }

    private static double rms(float[] samples) {
        double sum = 0;
        for (float sample : samples) {
            sum += (double) sample * sample;
        }
        return Math.sqrt(sum / samples.length);
    }

    private static float[] difference(float[] a, float[] b) {
        float[] result = new float[a.length];
        for (int i = 0; i < a.length; i++) {
            result[i] = a[i] - b[i];
        }
        return result;
    }

    private static double projection(float[] samples, float[] onto) {
        double product = 0;
        double square = 0;
        for (int i = 0; i < samples.length; i++) {
            product += (double) samples[i] * onto[i];
            square += (double) onto[i] * onto[i];
        }
        return product / square;
    }

    @ParameterizedTest
    @CsvSource({
        "44100, 24000", "48000, 24000", "8000, 24000", "11025, 24000", "12000, 24000", "16000, 24000", "22050, 24000",
        "32000, 24000", "88200, 24000", "96000, 24000", "176400, 24000", "192000, 24000", "44101, 24000",
                "23999, 24000",
        "24000, 44100", "24000, 48000", "24000, 8000", "24000, 11025", "24000, 16000", "24000, 96000", "24000, 192000",
        "24000, 44101", "24000, 24001",
    })
    void tonesOfThePassBandKeepTheirLevelAndTheirTimeAndNothingIsAdded(int from, int to) {
        double nyquist = Math.min(from, to) / 2.0;
        for (double fraction : new double[] {0.01, 0.1, 0.3, 0.5, 0.7, 0.8, 0.85, PASS_BAND}) {
            DoubleUnaryOperator tone = tone(fraction * nyquist);
            float[] output = resample(from, to, sampled(from, from / 5, tone));
            float[] ideal = middle(from, to, sampled(to, output.length, tone));
            float[] actual = middle(from, to, output);

            double gain = projection(actual, ideal);
            assertThat(decibels(gain)).as("level at %s of Nyquist", fraction).isCloseTo(0, within(PASS_BAND_DB));
            for (int i = 0; i < ideal.length; i++) {
                ideal[i] *= (float) gain;
            }
            double rest = decibels(rms(difference(actual, ideal)) / rms(ideal));
            assertThat(rest)
                    .as("aliases, images, delay at %s of Nyquist", fraction)
                    .isLessThan(STOP_BAND_DB);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {25_000, 32_000, 44_100, 48_000, 96_000, 192_000, 44_101})
    void tonesAboveTheLowerNyquistFrequencyAreGone(int from) {
        for (double hertz = 12_000; hertz < from / 2.0; hertz += (from / 2.0 - 12_000) / 7) {
            float[] output = middle(from, 24_000, resample(from, 24_000, sampled(from, from / 5, tone(hertz))));
            assertThat(decibels(rms(output) * Math.sqrt(2))).as("%s Hz", hertz).isLessThan(STOP_BAND_DB);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {8_000, 11_025, 44_100, 48_000, 96_000, 192_000, 44_101})
    void aSweepThroughThePassBandComesOutAsItself(int rate) {
        for (int[] pair : new int[][] {{rate, 24_000}, {24_000, rate}}) {
            double edge = PASS_BAND * Math.min(pair[0], pair[1]) / 2;
            DoubleUnaryOperator sweep = sweep(0, edge, 0.5);
            float[] output = resample(pair[0], pair[1], sampled(pair[0], pair[0] / 2, sweep));
            float[] ideal = middle(pair[0], pair[1], sampled(pair[1], output.length, sweep));
            float[] actual = middle(pair[0], pair[1], output);
            for (int i = 0; i < ideal.length; i++) {
                assertThat(actual[i]).as("output %s", i).isCloseTo(ideal[i], within(1e-3f)); // 0.01 dB
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {44_100, 48_000, 96_000, 192_000, 44_101})
    void aSweepThroughTheStopBandLeavesNothing(int from) {
        DoubleUnaryOperator sweep = sweep(12_000, from / 2.0, 0.5);
        for (float sample : middle(from, 24_000, resample(from, 24_000, sampled(from, from / 2, sweep)))) {
            assertThat(decibels(Math.abs(sample))).isLessThan(STOP_BAND_DB);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "48000, 24000",
        "44100, 24000",
        "11025, 24000",
        "24000, 192000",
        "44101, 24000",
        "24000, 24000",
        "7919, 7907"
    })
    void howTheInputIsCutChangesNoBit(int from, int to) {
        Random random = new Random(5);
        float[] input = new float[from / 3];
        for (int i = 0; i < input.length; i++) {
            input[i] = random.nextFloat() * 2 - 1;
        }
        float[] whole = resample(from, to, input);
        for (int largest : new int[] {1, 7, 500, 5_000}) {
            assertThat(inPieces(new Resampler(from, to), input, whole.length, largest, random))
                    .as("pieces of up to %s", largest)
                    .isEqualTo(whole);
        }
    }

    private static float[] inPieces(Resampler resampler, float[] input, int outputs, int largest, Random random) {
        float[] output = new float[outputs + 1];
        int written = 0;
        int read = 0;
        while (!resampler.isFinished()) {
            if (written < input.length) {
                int length = Math.min(random.nextInt(largest + 1), input.length - written);
                resampler.write(input, written, length);
                written += length;
            } else {
                resampler.end();
            }
            read += resampler.read(output, read, Math.min(random.nextInt(2 * largest) + 1, output.length - read));
        }
        return Arrays.copyOf(output, read);
    }

    @ParameterizedTest
    @CsvSource({
        "48000, 24000",
        "44100, 24000",
        "11025, 24000",
        "192000, 24000",
        "24000, 44100",
        "24000, 24000",
        "1000, 768000"
    })
    void theOutputIsAsLongAsTheInput(int from, int to) {
        for (int length : new int[] {0, 1, 2, 3, 7, 8, 100, 1001}) {
            assertThat(resample(from, to, new float[length])).hasSize((int) Math.round((double) length * to / from));
        }
    }

    @Test
    void aMinuteInIsAMinuteOut() {
        Resampler resampler = new Resampler(44_100, 24_000);
        float[] block = new float[44_100];
        float[] output = new float[30_000];
        long outputs = 0;
        int seconds = 60;
        for (int second = 0; second < seconds; second++) {
            resampler.write(block, 0, block.length);
            outputs += resampler.read(output, 0, output.length);
        }
        resampler.end();
        outputs += resampler.read(output, 0, output.length);
        assertThat(outputs).isEqualTo(24_000L * seconds);
        assertThat(resampler.isFinished()).isTrue();
    }

    @Test
    void aClickStaysWhereItIs() {
        for (int from : new int[] {8_000, 48_000, 44_100, 192_000}) {
            float[] input = new float[from];
            input[from / 2] = 1;
            float[] output = resample(from, 24_000, input);
            int loudest = 0;
            for (int i = 0; i < output.length; i++) {
                loudest = Math.abs(output[i]) > Math.abs(output[loudest]) ? i : loudest;
            }
            assertThat(loudest).isEqualTo(12_000);
        }
    }

    @Test
    void outputsComeAsSoonAsTheFilterAllows() {
        Resampler resampler = new Resampler(48_000, 24_000);
        float[] output = new float[10];
        resampler.write(new float[128], 0, 128);
        assertThat(resampler.read(output, 0, 10)).isZero();
        resampler.write(new float[1], 0, 1);
        assertThat(resampler.read(output, 0, 10)).isEqualTo(1);
        assertThat(resampler.isFinished()).isFalse();
    }

    @Test
    void fullScaleStaysFullScale() {
        for (float level : new float[] {1, -1}) {
            float[] input = new float[48_000];
            Arrays.fill(input, level);
            for (int to : new int[] {24_000, 44_100, 8_000}) {
                for (float sample : middle(48_000, to, resample(48_000, to, input))) {
                    assertThat(sample).isCloseTo(level, within(1e-6f));
                }
            }
        }
    }

    @Test
    void equalRatesPassSamplesUnchanged() {
        float[] input = {1, -1, 0.1f, 3e-39f, -0.25f, 1.5f, 7};
        assertThat(resample(24_000, 24_000, input)).isEqualTo(input);
    }

    @Test
    void misuseIsRefused() {
        for (int rate : new int[] {0, -1, 999, 768_001, Integer.MAX_VALUE}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new Resampler(rate, 24_000))
                    .withMessageContainingAll(rate + " Hz", "1000 to 768000");
            assertThatIllegalArgumentException().isThrownBy(() -> new Resampler(24_000, rate));
        }
        Resampler resampler = new Resampler(24_000, 48_000);
        resampler.end();
        resampler.end();
        assertThatIllegalStateException()
                .isThrownBy(() -> resampler.write(new float[1], 0, 1))
                .withMessageContainingAll("ended", "new resampler");
    }
}
