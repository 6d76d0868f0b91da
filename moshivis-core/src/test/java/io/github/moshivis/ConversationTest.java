package io.github.moshivis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.moshivis.Talking.Collector;
import io.github.moshivis.Talking.Endless;
import io.github.moshivis.Talking.Samples;
import io.github.moshivis.errors.ConversationException;
import io.github.moshivis.tensor.NativeMemory;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Conversations that run by themselves: their ends, their failures, and that nothing stays behind. */
@Timeout(60)
class ConversationTest {
    private NativeMemory.Snapshot before;
    private FakeModel fake;
    private MoshiVis model;

    @BeforeEach
    void load() {
        before = NativeMemory.snapshot();
        fake = new FakeModel(2);
        model = fake.model;
    }

    @AfterEach
    void nothingIsLeft() throws InterruptedException {
        model.close();
        Leaks.assertNone(before);
        for (int i = 0; i < 100 && talkingThreads() > 0; i++) {
            Thread.sleep(20);
        }
        assertThat(talkingThreads()).as("threads of conversations").isZero();
    }

    private static long talkingThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().matches("moshivis-(listen|speak|events|inference).*"))
                .count();
    }

    private static final int FRAME = Session.FRAME_SAMPLES;

    private static void assertClosed(Samples source, Collector sink) {
        assertThat(source.closed.getCount()).as("source closed").isZero();
        assertThat(sink.closed.getCount()).as("sink closed").isZero();
    }

    @Test
    void runsUntilTheSourceEndsAndLeavesAPartialFrameOut() {
        Samples source = new Samples(12 * FRAME + 500);
        Collector sink = new Collector();
        List<Long> steps = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        model.session()
                .greedy()
                .onReply(reply -> steps.add(reply.step()))
                .onText(piece -> texts.add(piece.text()))
                .run(source, sink);
        assertThat(steps).hasSize(12).isSorted();
        assertThat(sink.samples).hasSize(11 * FRAME);
        assertThat(texts).isNotEmpty().doesNotContain("");
        assertClosed(source, sink);
    }

    @Test
    void saysWhatASteppedSessionSays() throws IOException {
        Collector sink = new Collector();
        model.session().seed(7).run(new Samples(9 * FRAME), sink);
        List<Float> stepped = new ArrayList<>();
        Samples source = new Samples(9 * FRAME);
        try (Session session = model.session().seed(7).open()) {
            for (int i = 0; i < 9; i++) {
                float[] frame = new float[FRAME];
                for (int at = 0; at < FRAME; ) {
                    at += source.read(frame, at, FRAME - at);
                }
                session.step(frame).output().ifPresent(output -> {
                    for (float sample : output.pcm()) {
                        stepped.add(sample);
                    }
                });
            }
        }
        assertThat(sink.samples).isEqualTo(stepped);
    }

    @Test
    void silenceAfterTheSourceCompletesTheLastFrame() {
        Collector sink = new Collector();
        model.session().run(new Samples(FRAME + 1).thenSilence(Duration.ofMillis(160)), sink);
        // 1921 samples and 3840 of silence are 3.0005 frames: the fourth is completed.
        assertThat(sink.samples).hasSize(3 * FRAME);
    }

    @Test
    void aListenerThatThrowsChangesNothing() {
        Collector sink = new Collector();
        model.session()
                .onReply(reply -> {
                    throw new IllegalStateException("listener's fault");
                })
                .run(new Samples(5 * FRAME), sink);
        assertThat(sink.samples).hasSize(4 * FRAME);
    }

    @Test
    void joinReturnsAfterTheLastEvent() {
        List<Long> steps = Collections.synchronizedList(new ArrayList<>());
        model.session()
                .onReply(reply -> {
                    pause(20);
                    steps.add(reply.step());
                })
                .run(new Samples(10 * FRAME), new Collector());
        assertThat(steps).hasSize(10);
    }

    private static void pause(long milliseconds) {
        try {
            Thread.sleep(milliseconds);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aSourceThatFailsEndsTheConversationWithItsCause() {
        Samples source = new Samples(9 * FRAME) {
            private int reads;

            @Override
            public int read(float[] buffer, int offset, int length) throws IOException {
                if (++reads == 5) {
                    throw new IOException("cable pulled");
                }
                return super.read(buffer, offset, length);
            }
        };
        Collector sink = new Collector();
        assertThatExceptionOfType(ConversationException.class)
                .isThrownBy(() -> model.session().run(source, sink))
                .withMessageContaining("source failed")
                .withMessageContaining("cable pulled")
                .withCauseInstanceOf(IOException.class);
        assertClosed(source, sink);
    }

    @Test
    void aSinkThatFailsEndsTheConversationWithItsCause() {
        Samples source = new Samples(50 * FRAME);
        Collector sink = new Collector() {
            @Override
            public void write(float[] buffer, int offset, int length) throws IOException {
                throw new IOException("disk full");
            }
        };
        assertThatExceptionOfType(ConversationException.class)
                .isThrownBy(() -> model.session().run(source, sink))
                .withMessageContaining("sink failed")
                .withMessageContaining("disk full");
        assertClosed(source, sink);
    }

    @Test
    void aSinkThatCannotBeCompletedIsReported() {
        Collector sink = new Collector() {
            @Override
            public void close() throws IOException {
                super.close();
                throw new IOException("cannot write the header");
            }
        };
        assertThatExceptionOfType(ConversationException.class)
                .isThrownBy(() -> model.session().run(new Samples(3 * FRAME), sink))
                .withMessageContaining("completed")
                .withMessageContaining("header");
    }

    @Test
    void whatCannotBeOpenedIsClosedAndItsSlotIsFree() {
        Samples source = new Samples(FRAME) {
            @Override
            public void open() throws IOException {
                throw new IOException("no microphone");
            }
        };
        Collector sink = new Collector();
        for (int i = 0; i < 5; i++) {
            assertThatExceptionOfType(ConversationException.class)
                    .isThrownBy(() -> model.session().start(source, sink))
                    .withMessageContaining("source cannot be opened")
                    .withMessageContaining("no microphone");
        }
        assertClosed(source, sink);
    }

    @Test
    void aBlockedSinkAndAStalledSourceEndWithClose() {
        CountDownLatch never = new CountDownLatch(1);
        Samples stalled = new Samples(FRAME) {
            @Override
            public int read(float[] buffer, int offset, int length) throws IOException {
                await(never);
                return -1;
            }
        };
        Collector blocked = new Collector() {
            @Override
            public void write(float[] buffer, int offset, int length) throws IOException {
                await(never);
            }
        };
        Conversation first = model.session().start(stalled, new Collector());
        Conversation second = model.session().start(new Samples(100 * FRAME), blocked);
        pause(200);
        first.close();
        second.close();
        second.close();
        first.join();
        second.join();
        assertThat(stalled.closed.getCount()).isZero();
        assertThat(blocked.closed.getCount()).isZero();
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IOException("interrupted", e);
        }
    }

    @Test
    void stopAnswersWhatWasHeard() {
        Samples source = new Endless();
        Collector sink = new Collector();
        try (Conversation conversation = model.session().start(source, sink)) {
            while (sink.samples.size() < 3 * FRAME) {
                pause(5);
            }
            conversation.stop();
            conversation.join();
        }
        assertThat(sink.samples.size() % FRAME).isZero();
        assertClosed(source, sink);
    }

    @Test
    void anInterruptedJoinEndsTheConversationAndKeepsTheFlag() {
        Samples source = new Endless();
        Conversation conversation = model.session().start(source, new Collector());
        Thread.currentThread().interrupt();
        assertThatExceptionOfType(ConversationException.class)
                .isThrownBy(conversation::join)
                .withMessageContaining("interrupted");
        assertThat(Thread.interrupted()).isTrue();
        assertThat(source.closed.getCount()).isZero();
    }

    @Test
    void closingTheModelEndsItsTalks() {
        Conversation conversation = model.session().start(new Endless(), new Collector());
        pause(100);
        model.close();
        assertThatExceptionOfType(ConversationException.class)
                .isThrownBy(conversation::join)
                .withMessageContaining("model was closed");
        conversation.close();
    }

    @Test
    void aFailedStepEndsOnlyItsOwnConversation() {
        Collector sink = new Collector();
        try (Conversation other = model.session().start(new Endless(), new Collector())) {
            assertThat(other.skippedFrames()).isZero();
        }
        model.session().run(new Samples(FRAME), new Collector()); // after this no tick of the other runs
        fake.failNextStep(new IllegalStateException("device lost"));
        assertThatExceptionOfType(ConversationException.class)
                .isThrownBy(() -> model.session().run(new Samples(5 * FRAME), sink))
                .withMessageContaining("device lost");
        model.session().run(new Samples(5 * FRAME), new Collector());
    }

    @Test
    void aLiveSourceThatIsAheadLosesItsOldestFramesAndCountsThem() throws InterruptedException {
        CountDownLatch release = new CountDownLatch(1);
        Samples live = new Samples(200 * FRAME) {
            @Override
            public boolean isLive() {
                return true;
            }
        };
        Collector slow = new Collector() {
            @Override
            public void write(float[] buffer, int offset, int length) throws IOException {
                await(release);
                super.write(buffer, offset, length);
            }
        };
        List<Long> steps = Collections.synchronizedList(new ArrayList<>());
        try (Conversation conversation =
                model.session().onReply(reply -> steps.add(reply.step())).start(live, slow)) {
            assertThat(live.closed.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(conversation.skippedFrames()).isGreaterThan(100);
            release.countDown();
            conversation.join();
            assertThat(steps.size() + conversation.skippedFrames()).isEqualTo(200);
        }
    }

    @Test
    void theImageCanBeChangedWhileTalking() throws InterruptedException {
        CountDownLatch talking = new CountDownLatch(3);
        CountDownLatch seen = new CountDownLatch(1);
        List<Boolean> used = Collections.synchronizedList(new ArrayList<>());
        try (Conversation conversation = model.session()
                .onReply(reply -> {
                    used.add(reply.imageUsed());
                    talking.countDown();
                    if (reply.imageUsed()) {
                        seen.countDown();
                    }
                })
                .start(new Endless(), new Collector())) {
            talking.await();
            conversation.image(FakeModel.picture(2));
            seen.await();
            conversation.stop();
            conversation.join();
        }
        assertThat(used.get(0)).isFalse();
        assertThat(used.get(used.size() - 1)).isTrue();
        assertThat(used).as("once").isSorted();
    }
}
