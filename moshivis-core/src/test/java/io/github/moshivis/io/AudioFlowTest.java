package io.github.moshivis.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sources and sinks on the reactive streams of the JDK. */
@Timeout(60)
class AudioFlowTest {
    private static float[] all(AudioSource source) throws IOException {
        List<Float> samples = new ArrayList<>();
        float[] block = new float[3];
        for (int count = source.read(block, 0, 3); count >= 0; count = source.read(block, 0, 3)) {
            for (int i = 0; i < count; i++) {
                samples.add(block[i]);
            }
        }
        float[] array = new float[samples.size()];
        for (int i = 0; i < array.length; i++) {
            array[i] = samples.get(i);
        }
        return array;
    }

    private static float[] ramp(int from, int to) {
        float[] samples = new float[to - from];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = from + i;
        }
        return samples;
    }

    /** A subscription that notes what is asked of it. */
    private static final class Asked implements Flow.Subscription {
        private long requested;
        private boolean cancelled;

        @Override
        public void request(long count) {
            requested += count;
        }

        @Override
        public void cancel() {
            cancelled = true;
        }
    }

    /** A subscriber that asks for one array at a time. */
    private static class Collector implements Flow.Subscriber<float[]> {
        final List<float[]> arrays = new ArrayList<>();
        final CompletableFuture<Void> end = new CompletableFuture<>();
        Flow.Subscription subscription;

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
            given.request(1);
        }

        @Override
        public void onNext(float[] samples) {
            arrays.add(samples);
            subscription.request(1);
        }

        @Override
        public void onError(Throwable error) {
            end.completeExceptionally(error);
        }

        @Override
        public void onComplete() {
            end.complete(null);
        }
    }

    @Test
    void aSourceReadsWhatIsPublishedToItsEnd() throws Exception {
        AudioSubscriber source = new AudioSubscriber();
        try (SubmissionPublisher<float[]> publisher = new SubmissionPublisher<>()) {
            publisher.subscribe(source);
            for (int i = 0; i < 40; i++) {
                publisher.submit(ramp(5 * i, 5 * i + i % 6)); // empty ones too
            }
        }
        int expected = 0;
        for (int i = 0; i < 40; i++) {
            expected += i % 6;
        }
        assertThat(all(source)).hasSize(expected).startsWith(5, 10, 11, 15, 16, 17);
        assertThat(source.read(new float[1], 0, 1)).isEqualTo(-1);
    }

    @Test
    void aSourceAsksForMoreAsItReads() throws Exception {
        AudioSubscriber source = new AudioSubscriber();
        Asked asked = new Asked();
        source.onSubscribe(asked);
        assertThat(asked.requested).isEqualTo(AudioSubscriber.WINDOW);
        source.onNext(ramp(0, 4));
        assertThat(source.read(new float[3], 0, 3)).isEqualTo(3);
        assertThat(asked.requested).isEqualTo(AudioSubscriber.WINDOW);
        assertThat(source.read(new float[3], 0, 3)).isEqualTo(1);
        assertThat(asked.requested).isEqualTo(AudioSubscriber.WINDOW + 1);

        Asked second = new Asked();
        source.onSubscribe(second);
        assertThat(second.cancelled).isTrue();
        assertThat(asked.cancelled).isFalse();
    }

    @Test
    void theErrorOfAPublisherIsThatOfTheSource() throws Exception {
        AudioSubscriber source = new AudioSubscriber();
        source.onSubscribe(new Asked());
        source.onNext(ramp(0, 1));
        source.onError(new IllegalStateException("unplugged"));
        assertThat(source.read(new float[3], 0, 3)).isEqualTo(1);
        assertThatThrownBy(() -> source.read(new float[3], 0, 3))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("unplugged");
    }

    @Test
    void aPublisherThatSendsMoreThanItIsAskedForIsGivenUp() throws Exception {
        AudioSubscriber source = new AudioSubscriber();
        Asked asked = new Asked();
        source.onSubscribe(asked);
        for (int i = 0; i < 1000; i++) {
            source.onNext(ramp(0, 4));
        }
        assertThat(asked.cancelled).isTrue();
        assertThatThrownBy(() -> all(source))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("more than the 8 arrays that were asked for");
    }

    @Test
    void aPublisherOfNothingIsGivenUp() throws Exception {
        AudioSubscriber source = new AudioSubscriber();
        Flow.Publisher<float[]> nothing = subscriber -> subscriber.onSubscribe(new Flow.Subscription() {
            @Override
            public void request(long count) {
                for (long i = 0; i < count; i++) {
                    subscriber.onNext(new float[0]);
                }
            }

            @Override
            public void cancel() {}
        });
        nothing.subscribe(source);
        assertThatThrownBy(() -> all(source))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("1000 arrays in a row without a sample");
    }

    @Test
    void aSubscriberThatCannotBeginFailsWrites() {
        AudioPublisher sink = new AudioPublisher();
        Collector broken = new Collector() {
            @Override
            public void onSubscribe(Flow.Subscription given) {
                throw new AssertionError("subscriber");
            }
        };
        assertThatThrownBy(() -> sink.subscribe(broken)).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> sink.write(ramp(0, 4), 0, 4))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cancelled");
    }

    @Test
    void closingASourceCancelsAndWakesItsReader() throws Exception {
        AudioSubscriber source = new AudioSubscriber();
        Asked asked = new Asked();
        source.onSubscribe(asked);
        CompletableFuture<Integer> read = CompletableFuture.supplyAsync(() -> {
            try {
                return source.read(new float[1], 0, 1);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        source.close();
        assertThat(read.get(1, TimeUnit.MINUTES)).isEqualTo(-1);
        assertThat(asked.cancelled).isTrue();
        Asked late = new Asked();
        source.onSubscribe(late);
        assertThat(late.cancelled).isTrue();
    }

    @Test
    void aSinkPublishesWhatIsWrittenAndCompletes() throws Exception {
        AudioPublisher sink = new AudioPublisher();
        Collector collector = new Collector();
        sink.subscribe(collector);
        sink.write(ramp(0, 10), 2, 3);
        sink.write(ramp(0, 10), 0, 0);
        sink.write(ramp(0, 10), 5, 5);
        sink.close();
        sink.close();
        collector.end.get(1, TimeUnit.MINUTES);
        assertThat(collector.arrays).containsExactly(new float[] {2, 3, 4}, new float[] {5, 6, 7, 8, 9});
    }

    @Test
    void aWriteWaitsForARequestAndForTheSubscriber() throws Exception {
        AudioPublisher sink = new AudioPublisher();
        CompletableFuture<Void> written = CompletableFuture.runAsync(() -> {
            try {
                sink.write(ramp(0, 1), 0, 1);
                sink.write(ramp(1, 2), 0, 1);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        Collector collector = new Collector() {
            @Override
            public void onNext(float[] samples) {
                arrays.add(samples);
                end.complete(null);
            }
        };
        sink.subscribe(collector);
        collector.end.get(1, TimeUnit.MINUTES);
        assertThat(written).as("the second was not asked for").isNotDone();
        collector.subscription.request(1);
        written.get(1, TimeUnit.MINUTES);
        assertThat(collector.arrays).containsExactly(new float[] {0}, new float[] {1});
    }

    @Test
    void aCancelledSubscriptionFailsWritesAndHearsNoMore() {
        AudioPublisher sink = new AudioPublisher();
        Collector collector = new Collector();
        sink.subscribe(collector);
        collector.subscription.cancel();
        assertThatThrownBy(() -> sink.write(ramp(0, 1), 0, 1)).isInstanceOf(IOException.class);
        sink.close();
        assertThat(collector.end).isNotDone();
        assertThat(collector.arrays).isEmpty();
    }

    @Test
    void wrongRequestsAndSecondSubscribersAreTold() {
        AudioPublisher sink = new AudioPublisher();
        Collector first = new Collector();
        Collector second = new Collector();
        sink.subscribe(first);
        sink.subscribe(second);
        assertThat(second.end).isCompletedExceptionally();
        first.subscription.request(0);
        assertThat(first.end).isCompletedExceptionally();
        assertThatThrownBy(() -> sink.write(ramp(0, 1), 0, 1))
                .isInstanceOf(IOException.class)
                .hasRootCauseMessage("Cannot request 0 arrays; ask for at least 1");
    }

    @Test
    void closingASinkReleasesAWriteThatWaits() throws Exception {
        AudioPublisher sink = new AudioPublisher();
        CompletableFuture<Void> written = CompletableFuture.runAsync(() -> {
            try {
                sink.write(ramp(0, 1), 0, 1);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        sink.close();
        written.get(1, TimeUnit.MINUTES);
        Collector late = new Collector();
        sink.subscribe(late);
        assertThat(late.end).isCompleted();
    }
}
