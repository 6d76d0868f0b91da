package io.github.moshivis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.moshivis.Talking.Collector;
import io.github.moshivis.Talking.Samples;
import io.github.moshivis.errors.ConversationException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What goes wrong around a talk stays there: others go on, and nobody waits in vain. */
@Timeout(60)
class FaultsTest {
    private static final int FRAME = Session.FRAME_SAMPLES;

    private FakeModel fake;
    private MoshiVis model;

    @BeforeEach
    void load() {
        fake = new FakeModel(3);
        model = fake.model;
    }

    @AfterEach
    void close() {
        model.close();
    }

    private static void sleep(long milliseconds) {
        try {
            Thread.sleep(milliseconds);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void theDeviceOutOfMemoryInOneOpeningLeavesTheOthersAndTheSlot() {
        try (Session first = model.session().open();
                Session second = model.session().open()) {
            first.step(FakeModel.frame(0));
            fake.failNextOpening(new OutOfMemoryError("CUDA out of memory"));
            assertThatExceptionOfType(ConversationException.class)
                    .isThrownBy(() -> model.session().open())
                    .withMessageContaining("preparing its slot")
                    .withMessageContaining("out of memory");
            assertThat(first.step(FakeModel.frame(0)).step()).isEqualTo(1);
            assertThat(second.step(FakeModel.frame(0)).step()).isZero();
            try (Session third = model.session().open()) {
                assertThat(third.step(FakeModel.frame(0)).step()).isZero();
            }
        }
    }

    @Test
    void anOutOfMemoryInATickEndsThatTicksConversationsOnly() {
        try (Session idle = model.session().open()) {
            idle.step(FakeModel.frame(0));
            Session session = model.session().open();
            fake.failNextStep(new OutOfMemoryError("CUDA out of memory"));
            assertThatExceptionOfType(ConversationException.class)
                    .isThrownBy(() -> session.step(FakeModel.frame(0)))
                    .withMessageContaining("a step failed")
                    .withMessageContaining("out of memory");
            session.close();
            assertThat(idle.step(FakeModel.frame(0)).step()).isEqualTo(1);
        }
    }

    @Test
    void anErrorEndsTheEngineAndReleasesEverybody() throws Exception {
        Session stepping = model.session().open();
        Session idle = model.session().open();
        Session third = model.session().open();
        CountDownLatch inTick = new CountDownLatch(1);
        CountDownLatch others = new CountDownLatch(1);
        fake.onTick(() -> {
            inTick.countDown();
            sleepUntil(others);
        });
        CompletableFuture<Reply> step = CompletableFuture.supplyAsync(() -> stepping.step(FakeModel.frame(0)));
        inTick.await();
        fake.failNextStep(new UnsatisfiedLinkError("no such kernel"));
        CompletableFuture<Void> update = CompletableFuture.runAsync(() -> idle.update(SamplingOptions::greedy));
        CompletableFuture<Void> picture = CompletableFuture.runAsync(() -> idle.image(FakeModel.picture(1)));
        CompletableFuture<Reply> queued = CompletableFuture.supplyAsync(() -> idle.step(FakeModel.frame(0)));
        CompletableFuture<Session> waiting = CompletableFuture.supplyAsync(
                () -> model.session().waitForSlot(Duration.ofDays(1)).open());
        sleep(200);
        others.countDown();
        for (CompletableFuture<?> each : List.of(step, update, picture, queued, waiting)) {
            try {
                each.get(30, TimeUnit.SECONDS);
                throw new AssertionError("nothing failed");
            } catch (ExecutionException e) {
                assertThat(e.getCause())
                        .isInstanceOf(ConversationException.class)
                        .hasMessageContaining("no such kernel");
            }
        }
        assertThatExceptionOfType(ConversationException.class)
                .isThrownBy(() -> third.step(FakeModel.frame(0)))
                .withMessageContaining("engine stopped")
                .withMessageContaining("Load the model again");
        third.close();
        assertThatExceptionOfType(ConversationException.class)
                .isThrownBy(() -> model.session().open())
                .withMessageContaining("engine stopped");
    }

    private static void sleepUntil(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void anErrorWhilePreparingASlotReleasesWhoOpens() {
        fake.failNextOpening(new StackOverflowError("too deep"));
        assertThatExceptionOfType(ConversationException.class)
                .isThrownBy(() -> model.session().open())
                .withMessageContaining("too deep");
    }

    @Test
    void aConversationClosedDuringItsTickLeavesItsSlotToTheNext() throws Exception {
        CountDownLatch inTick = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        fake.onTick(() -> {
            inTick.countDown();
            sleepUntil(closed);
        });
        Session session = model.session().greedy().open();
        CompletableFuture<Reply> step = CompletableFuture.supplyAsync(() -> session.step(FakeModel.frame(0)));
        inTick.await();
        session.close();
        CompletableFuture<Session> next =
                CompletableFuture.supplyAsync(() -> model.session().greedy().open());
        closed.countDown();
        try (Session fresh = next.get()) {
            assertThat(fresh.step(FakeModel.frame(0)).step()).isZero();
            assertThat(fresh.step(FakeModel.frame(0)).output()).isPresent();
        }
        step.handle((reply, failure) -> null).get();
    }

    @Test
    void aListenerThatSleepsDelaysItsOwnTalkOnly() {
        try (Conversation slow =
                model.session().onReply(reply -> sleep(1000)).start(new Samples(400 * FRAME), new Collector())) {
            Collector sink = new Collector();
            model.session().run(new Samples(100 * FRAME), sink);
            assertThat(sink.samples).hasSize(99 * FRAME);
        }
    }

    @Test
    void aSinkThatBlocksDelaysItsOwnTalkOnly() {
        CountDownLatch never = new CountDownLatch(1);
        Collector blocked = new Collector() {
            @Override
            public void write(float[] buffer, int offset, int length) {
                sleepUntil(never);
            }
        };
        try (Conversation slow = model.session().start(new Samples(400 * FRAME), blocked)) {
            Collector sink = new Collector();
            model.session().run(new Samples(100 * FRAME), sink);
            assertThat(sink.samples).hasSize(99 * FRAME);
        }
    }

    @Test
    void aSourceThatStallsDelaysItsOwnTalkOnlyAndCanBeStopped() {
        CountDownLatch stopped = new CountDownLatch(1);
        Samples stalls = new Samples(2 * FRAME + 100) {
            @Override
            public int read(float[] buffer, int offset, int length) throws IOException {
                int count = super.read(buffer, offset, length);
                if (count < 0) {
                    sleepUntil(stopped);
                }
                return count;
            }

            @Override
            public void close() {
                stopped.countDown();
                super.close();
            }
        };
        Collector sink = new Collector();
        try (Conversation stalled = model.session().start(stalls, sink)) {
            model.session().run(new Samples(20 * FRAME), new Collector());
            stalled.stop();
            stalled.join();
        }
        assertThat(sink.samples).hasSize(FRAME);
    }

    @Test
    void aTalkEndsNormallyWithItsLongestDuration() {
        Samples source = new Samples(1000 * FRAME);
        Collector sink = new Collector();
        model.session().maxDuration(Duration.ofSeconds(2)).run(source, sink);
        assertThat(sink.samples).hasSize(24 * FRAME);
        assertThat(source.closed.getCount()).isZero();
    }

    @Test
    void lagIsToldWithItsKind() {
        List<Lag> lags = Collections.synchronizedList(new ArrayList<>());
        Collector sink = new Collector();
        Samples live = new Samples(40 * FRAME) {
            @Override
            public boolean isLive() {
                return true;
            }
        };
        fake.onTick(() -> sleep(100));
        try (Conversation talk = model.session().onLag(lags::add).start(live, sink)) {
            talk.join();
            assertThat(talk.skippedFrames()).isPositive();
            assertThat(talk.underruns()).isPositive();
            assertThat(talk.statistics().p50()).isGreaterThanOrEqualTo(Duration.ofMillis(100));
            assertThat(talk.statistics().realTimeFactor()).isPositive().isLessThanOrEqualTo(0.8);
            assertThat(lags.stream().filter(lag -> lag.kind() == Lag.Kind.SKIPPED))
                    .hasSize((int) talk.skippedFrames())
                    .allMatch(lag -> lag.behind().equals(Duration.ofMillis(80)) && lag.frame() < 40);
            assertThat(lags.stream().filter(lag -> lag.kind() == Lag.Kind.UNDERRUN))
                    .hasSize((int) talk.underruns());
            long late = lags.stream().filter(lag -> lag.kind() == Lag.Kind.LATE).count();
            assertThat(model.lagCounts()).isEqualTo(new LagCounts(late, talk.underruns(), talk.skippedFrames()));
            assertThat(lags).anyMatch(lag -> lag.kind() == Lag.Kind.LATE);
            assertThat(sink.samples).hasSize((int) (40 - talk.skippedFrames() - 1) * FRAME);
        }
    }

    @Test
    void aLiveSourceCanBeMadeToWaitAndAFileToSkip() {
        Samples live = new Samples(60 * FRAME) {
            @Override
            public boolean isLive() {
                return true;
            }
        };
        Collector sink = new Collector();
        model.session().lagPolicy(LagPolicy.BLOCK).run(live, sink);
        assertThat(sink.samples).hasSize(59 * FRAME);
        Samples file = new Samples(500 * FRAME);
        fake.onTick(() -> sleepUntil(file.closed)); // a model slower than any file
        try (Conversation talk =
                model.session().lagPolicy(LagPolicy.SKIP_OLDEST).start(file, new Collector())) {
            talk.join();
            assertThat(talk.skippedFrames()).isPositive();
        }
    }

    @Test
    void anInterruptLetsTheStepEndAndIsKept() throws Exception {
        CountDownLatch inTick = new CountDownLatch(1);
        CountDownLatch goesOn = new CountDownLatch(1);
        fake.onTick(() -> {
            inTick.countDown();
            sleepUntil(goesOn);
        });
        try (Session session = model.session().open()) {
            CompletableFuture<Boolean> kept = new CompletableFuture<>();
            Thread stepping = new Thread(() -> {
                try {
                    session.step(FakeModel.frame(0));
                    kept.complete(Thread.interrupted());
                } catch (RuntimeException e) {
                    kept.completeExceptionally(e);
                }
            });
            stepping.start();
            inTick.await();
            stepping.interrupt();
            goesOn.countDown();
            assertThat(kept.get()).isTrue();
            assertThat(session.step(FakeModel.frame(0)).step()).isEqualTo(1);
        }
    }
}
