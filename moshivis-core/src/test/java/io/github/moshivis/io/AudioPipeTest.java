package io.github.moshivis.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AudioPipeTest {
    /** One millisecond at 24 kHz. */
    private static final int CAPACITY = 24;

    private final AudioPipe blocking = AudioPipe.blocking(Duration.ofMillis(1));
    private final AudioPipe dropping = AudioPipe.droppingOldest(Duration.ofMillis(1));

    /** The samples from, from + 1, ... */
    private static float[] count(int from, int length) {
        float[] samples = new float[length];
        for (int i = 0; i < length; i++) {
            samples[i] = from + i;
        }
        return samples;
    }

    private static void write(AudioPipe pipe, float... samples) throws IOException {
        pipe.sink().write(samples, 0, samples.length);
    }

    /** What one read gives, null at the end of the stream. */
    private static float[] read(AudioPipe pipe, int atMost) throws IOException {
        float[] buffer = new float[atMost + 2];
        int count = pipe.source().read(buffer, 1, atMost);
        assertThat(buffer[0]).isZero();
        return count < 0 ? null : Arrays.copyOfRange(buffer, 1, 1 + count);
    }

    /** Runs on a thread of its own until it waits in the pipe. */
    private static <T> Waiting<T> waiting(Callable<T> action) throws InterruptedException {
        FutureTask<T> result = new FutureTask<>(action);
        Thread thread = new Thread(result, "waits in the pipe");
        thread.setDaemon(true);
        thread.start();
        while (thread.getState() != Thread.State.WAITING) {
            assertThat(result.isDone()).as("ended instead of waiting").isFalse();
            Thread.sleep(1);
        }
        return new Waiting<>(thread, result);
    }

    private record Waiting<T>(Thread thread, FutureTask<T> result) {
        T get() throws Exception {
            try {
                return result.get(30, TimeUnit.SECONDS);
            } catch (ExecutionException e) {
                throw (Exception) e.getCause();
            }
        }
    }

    @Test
    void whatIsWrittenIsReadInOrder() throws IOException {
        write(blocking, 1, 2, 3);
        write(blocking, 4);
        assertThat(blocking.available()).isEqualTo(4);
        assertThat(read(blocking, 3)).containsExactly(1, 2, 3);
        assertThat(read(blocking, 3)).containsExactly(4);
        assertThat(blocking.available()).isZero();
    }

    @Test
    void closingTheSinkEndsTheStreamOnceItIsRead() throws IOException {
        write(blocking, 1, 2);
        blocking.sink().close();
        blocking.sink().close();
        assertThat(read(blocking, 8)).containsExactly(1, 2);
        assertThat(read(blocking, 8)).isNull();
        assertThat(read(blocking, 8)).isNull();
    }

    @Test
    void aReaderWaitsForSamples() throws Exception {
        Waiting<float[]> reader = waiting(() -> read(blocking, 8));
        write(blocking, 7);
        assertThat(reader.get()).containsExactly(7);
    }

    @Test
    void aWriterWaitsWhileABlockingPipeIsFull() throws Exception {
        Waiting<Void> writer = waiting(() -> {
            write(blocking, count(0, CAPACITY + 2));
            return null;
        });
        assertThat(blocking.available()).isEqualTo(CAPACITY);
        assertThat(read(blocking, 2)).containsExactly(0, 1);
        writer.get();
        assertThat(read(blocking, 100)).containsExactly(count(2, CAPACITY));
        assertThat(blocking.dropped()).isZero();
    }

    @Test
    void aDroppingPipeLosesItsOldestSamplesAndCountsThem() throws IOException {
        write(dropping, count(0, 20));
        write(dropping, count(20, 10));
        assertThat(dropping.dropped()).isEqualTo(6);
        assertThat(read(dropping, 100)).containsExactly(count(6, CAPACITY));
    }

    @Test
    void aDroppingPipeKeepsTheEndOfAWriteLargerThanItself() throws IOException {
        write(dropping, -1);
        write(dropping, count(0, 100));
        assertThat(dropping.dropped()).isEqualTo(1 + 100 - CAPACITY);
        assertThat(read(dropping, 100)).containsExactly(count(100 - CAPACITY, CAPACITY));
    }

    @Test
    void onlyADroppingPipeIsLive() {
        assertThat(blocking.source().isLive()).isFalse();
        assertThat(dropping.source().isLive()).isTrue();
    }

    @Test
    void closingTheSinkWakesAReader() throws Exception {
        Waiting<float[]> reader = waiting(() -> read(blocking, 8));
        blocking.sink().close();
        assertThat(reader.get()).isNull();
    }

    @Test
    void closingTheSourceWakesItsReaderAndEndsTheStream() throws Exception {
        Waiting<float[]> reader = waiting(() -> read(blocking, 8));
        blocking.source().close();
        blocking.source().close();
        assertThat(reader.get()).isNull();
        assertThat(read(blocking, 8)).isNull();
    }

    @Test
    void closingTheSourceDiscardsWhatIsLeft() throws IOException {
        write(blocking, 1, 2, 3);
        blocking.source().close();
        assertThat(read(blocking, 8)).isNull();
        assertThat(blocking.available()).isZero();
    }

    @Test
    void closingTheSourceFailsAWriterThatWaits() throws Exception {
        Waiting<Void> writer = waiting(() -> {
            write(blocking, count(0, CAPACITY + 5));
            return null;
        });
        blocking.source().close();
        assertThatIOException()
                .isThrownBy(writer::get)
                .withMessageContainingAll("Cannot write to the audio pipe", "reader has closed", "5 samples", "stop");
        assertThatIOException().isThrownBy(() -> write(dropping(), 1)).withMessageContaining("reader has closed");
    }

    private AudioPipe dropping() throws IOException {
        dropping.source().close();
        return dropping;
    }

    @Test
    void closingTheSinkMakesItsBlockedWriterReturn() throws Exception {
        Waiting<Void> writer = waiting(() -> {
            write(blocking, count(0, CAPACITY + 5));
            return null;
        });
        blocking.sink().close();
        writer.get();
        assertThat(read(blocking, 100)).containsExactly(count(0, CAPACITY));
        assertThat(read(blocking, 100)).isNull();
    }

    @Test
    void writingToAClosedSinkIsTheCallersMistake() throws IOException {
        blocking.sink().close();
        assertThatIllegalStateException()
                .isThrownBy(() -> write(blocking, 1))
                .withMessageContainingAll("audio pipe's sink is closed", "before closing");
    }

    @Test
    void anInterruptEndsAWaitAndTheFlagStays() throws Exception {
        Waiting<Boolean> reader = waiting(() -> {
            assertThatExceptionOfType(InterruptedIOException.class)
                    .isThrownBy(() -> read(blocking, 8))
                    .withMessageContaining("reading");
            return Thread.interrupted();
        });
        reader.thread().interrupt();
        assertThat(reader.get()).isTrue();

        write(blocking, count(0, CAPACITY));
        Waiting<Boolean> writer = waiting(() -> {
            assertThatExceptionOfType(InterruptedIOException.class)
                    .isThrownBy(() -> write(blocking, 1))
                    .withMessageContaining("writing");
            return Thread.interrupted();
        });
        writer.thread().interrupt();
        assertThat(writer.get()).isTrue();
    }

    @Test
    void badArgumentsAreRefused() {
        for (Duration capacity : new Duration[] {
            Duration.ZERO, Duration.ofNanos(1), Duration.ofMillis(-1), Duration.ofHours(2), Duration.ofDays(1L << 40)
        }) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> AudioPipe.blocking(capacity))
                    .withMessageContainingAll(capacity.toString(), "PT0.001S", "PT1H", "200 ms");
        }
        assertThatIllegalArgumentException().isThrownBy(() -> read(blocking, 0)).withMessageContaining("at least 1");
        assertThatExceptionOfType(IndexOutOfBoundsException.class)
                .isThrownBy(() -> blocking.sink().write(new float[4], 2, 3));
        assertThatExceptionOfType(IndexOutOfBoundsException.class)
                .isThrownBy(() -> blocking.source().read(new float[4], -1, 3));
    }

    @Test
    void nothingIsLostOrReorderedBetweenTwoThreads() throws Exception {
        int total = 500_000;
        FutureTask<Void> writer = new FutureTask<>(() -> {
            Random chunks = new Random(1);
            for (int written = 0; written < total; ) {
                int length = Math.min(chunks.nextInt(2 * CAPACITY), total - written);
                write(blocking, count(written, length));
                written += length;
            }
            blocking.sink().close();
            return null;
        });
        new Thread(writer, "writer").start();
        Random chunks = new Random(2);
        int expected = 0;
        for (float[] got = read(blocking, 1); got != null; got = read(blocking, 1 + chunks.nextInt(2 * CAPACITY))) {
            assertThat(got).isEqualTo(count(expected, got.length));
            expected += got.length;
        }
        assertThat(expected).isEqualTo(total);
        writer.get();
    }

    @Test
    void readAndDroppedSamplesOfAnOverrunPipeAddUp() throws Exception {
        int total = 200_000;
        FutureTask<Void> writer = new FutureTask<>(() -> {
            for (int written = 0; written < total; written += 10) {
                write(dropping, count(written, 10));
            }
            dropping.sink().close();
            return null;
        });
        new Thread(writer, "writer").start();
        long received = 0;
        float last = -1;
        for (float[] got = read(dropping, 7); got != null; got = read(dropping, 7)) {
            received += got.length;
            assertThat(got[0]).isGreaterThan(last);
            last = got[got.length - 1];
        }
        writer.get();
        assertThat(received + dropping.dropped()).isEqualTo(total);
        assertThat(last).isEqualTo(total - 1);
    }
}
