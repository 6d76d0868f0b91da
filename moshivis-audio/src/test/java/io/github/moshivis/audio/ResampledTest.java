package io.github.moshivis.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import io.github.moshivis.errors.MediaException;
import io.github.moshivis.io.AudioPipe;
import io.github.moshivis.io.AudioSink;
import io.github.moshivis.io.AudioSource;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ResampledTest {
    /** A host's source: the given samples in reads of random length. */
    private static final class Host implements AudioSource {
        private final float[] samples;
        private final int largestRead;
        private final Random random = new Random(9);
        private int position;
        private boolean opened;
        private int closings;

        Host(float[] samples, int largestRead) {
            this.samples = samples;
            this.largestRead = largestRead;
        }

        @Override
        public void open() {
            opened = true;
        }

        @Override
        public int read(float[] buffer, int offset, int length) {
            if (position == samples.length) {
                return -1;
            }
            int count = Math.min(Math.min(length, 1 + random.nextInt(largestRead)), samples.length - position);
            System.arraycopy(samples, position, buffer, offset, count);
            position += count;
            return count;
        }

        @Override
        public boolean isLive() {
            return true;
        }

        @Override
        public void close() {
            closings++;
        }
    }

    /** A host's sink that keeps everything. */
    private static final class Kept implements AudioSink {
        private float[] samples = {};
        private boolean opened;
        private int closings;
        private int failAfter = Integer.MAX_VALUE;

        @Override
        public void open() {
            opened = true;
        }

        @Override
        public void write(float[] more, int offset, int length) throws IOException {
            if (samples.length + length > failAfter) {
                throw new IOException("the host's sink is full");
            }
            int end = samples.length;
            samples = Arrays.copyOf(samples, end + length);
            System.arraycopy(more, offset, samples, end, length);
        }

        @Override
        public void close() {
            closings++;
        }
    }

    private static float[] tone(int rate, int channels, int frames) {
        float[] samples = new float[frames * channels];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (float) (0.5 * Math.sin(2 * Math.PI * 500 * (i / channels) / rate));
        }
        return samples;
    }

    @Test
    void aHostsStereoSourceBecomes24kHzMonoWhereverItsReadsEnd() throws IOException {
        float[] expected = tone(24_000, 1, 12_000);
        float[] first = null;
        for (int largestRead : new int[] {1, 3, 64, 5_000}) {
            Host host = new Host(tone(48_000, 2, 24_000), largestRead);
            float[] samples = Chunks.readAll(Resampled.from(48_000, 2, host));

            assertThat(samples).hasSize(12_000);
            for (int i = 100; i < 11_900; i++) {
                assertThat(samples[i]).isCloseTo(expected[i], within(1e-5f));
            }
            assertThat(host.opened).isTrue();
            assertThat(host.closings).isEqualTo(1);
            first = first == null ? samples : first;
            assertThat(samples).isEqualTo(first);
        }
    }

    @Test
    void aHostsSourceOf24kHzMonoIsUnchanged() throws IOException {
        float[] samples = {0.5f, -1, 1, 0.3f};
        assertThat(Chunks.readAll(Resampled.from(24_000, 1, new Host(samples, 2))))
                .isEqualTo(samples);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -2, 100_000})
    void aHostsSourceThatBreaksItsContractIsNamed(int returned) {
        AudioSource broken = new AudioSource() {
            @Override
            public int read(float[] buffer, int offset, int length) {
                return returned;
            }

            @Override
            public void close() {}

            @Override
            public String toString() {
                return "Voice[broken]";
            }
        };

        assertThatExceptionOfType(MediaException.class)
                .isThrownBy(() -> Resampled.from(16_000, 1, broken).read(new float[10], 0, 10))
                .withMessageContainingAll("Voice[broken]", "Correct the source's read");
    }

    @Test
    void anIncompleteLastSampleOfSeveralChannelsIsLeftOut() throws IOException {
        assertThat(Chunks.readAll(Resampled.from(24_000, 3, new Host(new float[] {1, 2, 3, 4, 5}, 1))))
                .containsExactly(2);
    }

    @Test
    void aSourceIsAsLiveAsTheHostsAndStaysAtItsEnd() throws IOException {
        AudioSource source = Resampled.from(8_000, 1, new Host(new float[1], 1));
        assertThat(source.isLive()).isTrue();
        source.open();
        assertThat(source.read(new float[10], 0, 10)).isEqualTo(3);
        assertThat(source.read(new float[10], 0, 10)).isEqualTo(-1);
        assertThat(source.read(new float[10], 0, 10)).isEqualTo(-1);
    }

    @Test
    void aHostsSinkGetsItsRateAndItsChannels() throws IOException {
        Kept kept = new Kept();
        AudioSink sink = Resampled.to(48_000, 2, kept);
        sink.open();
        float[] input = tone(24_000, 1, 12_000);
        sink.write(input, 0, 5);
        sink.write(input, 5, 10_000);
        sink.write(input, 10_005, 1_995);
        sink.close();

        float[] expected = tone(48_000, 2, 24_000);
        assertThat(kept.opened).isTrue();
        assertThat(kept.samples).hasSameSizeAs(expected);
        for (int i = 400; i < expected.length - 400; i++) {
            assertThat(kept.samples[i]).isCloseTo(expected[i], within(1e-5f));
        }
    }

    @Test
    void closingASinkWritesItsEndOnceAndClosesTheHostsEachTime() throws IOException {
        Kept kept = new Kept();
        AudioSink sink = Resampled.to(24_000, 1, kept);
        sink.open();
        sink.write(new float[] {1, 2, 3}, 0, 3);
        sink.close();
        sink.close();
        assertThat(kept.samples).containsExactly(1, 2, 3);
        assertThat(kept.closings).isEqualTo(2);
        assertThatIllegalStateException()
                .isThrownBy(() -> sink.write(new float[1], 0, 1))
                .withMessageContainingAll("resampled sink is closed", "before closing");
    }

    @Test
    void aSinkThatFailsAtItsEndIsClosedAllTheSame() throws IOException {
        Kept kept = new Kept();
        kept.failAfter = 0;
        AudioSink sink = Resampled.to(24_000, 1, kept);
        sink.open();
        assertThatIOException().isThrownBy(() -> sink.write(new float[9], 0, 9)).withMessageContaining("full");
        assertThatIOException().isThrownBy(sink::close).withMessageContaining("full");
        assertThat(kept.closings).isEqualTo(1);
    }

    @Test
    void closingASinkFromAnotherThreadMakesABlockedWriteReturn() throws Exception {
        AudioPipe pipe = AudioPipe.blocking(Duration.ofMillis(1));
        AudioSink sink = Resampled.to(24_000, 1, pipe.sink());
        sink.open();
        FutureTask<Void> writer = new FutureTask<>(() -> {
            sink.write(new float[10_000], 0, 10_000);
            return null;
        });
        Thread thread = new Thread(writer, "blocked in the pipe");
        thread.start();
        while (thread.getState() != Thread.State.WAITING) {
            Thread.sleep(1);
        }
        sink.close();
        writer.get(30, TimeUnit.SECONDS);
    }

    @Test
    void badNumbersAreRefused() {
        for (int channels : new int[] {0, -1, 65_536}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Resampled.from(24_000, channels, new Host(new float[0], 1)))
                    .withMessageContainingAll(channels + " channels", "1 (mono)", "65535");
            assertThatIllegalArgumentException().isThrownBy(() -> Resampled.to(24_000, channels, new Kept()));
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Resampled.from(0, 1, new Host(new float[0], 1)))
                .withMessageContaining("0 Hz");
        assertThatExceptionOfType(NullPointerException.class).isThrownBy(() -> Resampled.from(24_000, 1, null));
        assertThatExceptionOfType(NullPointerException.class).isThrownBy(() -> Resampled.to(24_000, 1, null));
    }
}
