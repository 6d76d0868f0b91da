package io.github.moshivis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.moshivis.engine.SlotLease;
import io.github.moshivis.engine.Slots;
import io.github.moshivis.engine.StepResult;
import io.github.moshivis.engine.UserFrame;
import io.github.moshivis.errors.ConversationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Whoever waits for the engine, and what it frees for others, is called without its lock: here each asks the engine something on another
 * thread and waits for the answer.
 */
@Timeout(60)
class CompletionWithoutLockTest {
    /** More than pictures may take while frames wait. */
    private static final long PICTURE_MILLIS = 30;

    private final FakeModel fake = new FakeModel(2);
    private final Slots slots = fake.engine().slots();
    private final CompletableFuture<Integer> answer = new CompletableFuture<>();

    @AfterEach
    void close() {
        fake.model.close();
    }

    /** Asks on another thread, which needs the engine's lock. */
    private void ask() {
        try {
            answer.complete(CompletableFuture.supplyAsync(slots::free, command -> new Thread(command).start())
                    .get(30, TimeUnit.SECONDS));
        } catch (Exception e) {
            answer.completeExceptionally(e);
        }
    }

    /** Keeps the inference thread in a tick until the latch is released. */
    private CountDownLatch holdTick(SlotLease lease) throws InterruptedException {
        CountDownLatch inTick = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        fake.onTick(() -> {
            inTick.countDown();
            await(go);
        });
        lease.put(UserFrame.of(FakeModel.frame(0)));
        await(inTick);
        return go;
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Waits until the engine has no more slots to give. */
    private void awaitClosed() throws InterruptedException {
        boolean open = true;
        while (open) {
            try {
                slots.claim().close();
                Thread.sleep(1);
            } catch (ConversationException e) {
                open = false;
            }
        }
    }

    @Test
    void framesOfAClosedConversation() throws Exception {
        SlotLease lease = fake.open();
        CountDownLatch go = holdTick(lease);
        CompletableFuture<StepResult> waiting = lease.put(UserFrame.of(FakeModel.frame(0)));
        waiting.whenComplete((result, failure) -> ask());
        lease.close();
        assertThat(answer.get()).isEqualTo(1);
        assertThat(waiting).isCompletedExceptionally();
        go.countDown();
    }

    @Test
    void framesThatAreSkipped() throws Exception {
        SlotLease lease = fake.open();
        CountDownLatch go = holdTick(lease);
        CompletableFuture<StepResult> oldest = lease.putSkipping(UserFrame.of(FakeModel.frame(0)));
        oldest.thenRun(this::ask);
        while (!oldest.isDone()) {
            lease.putSkipping(UserFrame.of(FakeModel.frame(0)));
        }
        assertThat(answer.get()).isEqualTo(1);
        assertThat(oldest.get()).isNull();
        go.countDown();
    }

    @Test
    void framesOfATickThatFails() throws Exception {
        SlotLease lease = fake.open();
        fake.failNextStep(new IllegalStateException("planned"));
        lease.put(UserFrame.of(FakeModel.frame(0))).whenComplete((result, failure) -> ask());
        assertThat(answer.get()).isEqualTo(1);
    }

    @Test
    void framesOfAClosedModel() throws Exception {
        SlotLease lease = fake.open();
        CountDownLatch go = holdTick(lease);
        lease.put(UserFrame.of(FakeModel.frame(0))).whenComplete((result, failure) -> ask());
        Thread closing = new Thread(fake.model::close);
        closing.start();
        awaitClosed();
        go.countDown();
        assertThat(answer.get()).isEqualTo(1);
        closing.join();
    }

    @Test
    void aPictureOfAClosedConversation() throws Exception {
        pictureGivenUp(true);
    }

    @Test
    void aPictureOfAClosedModel() throws Exception {
        pictureGivenUp(false);
    }

    private void pictureGivenUp(boolean conversationOnly) throws Exception {
        SlotLease other = fake.open();
        Session session = fake.model.session().open();
        CountDownLatch inPiece = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        fake.onPiece(() -> {
            inPiece.countDown();
            await(go);
        });
        fake.onEncodingClosed(this::ask);
        CompletableFuture<Void> shown = CompletableFuture.runAsync(() -> session.image(FakeModel.picture(7)));
        await(inPiece);
        other.put(UserFrame.of(FakeModel.frame(0))); // goes before the picture's next piece, whose time is over then
        Thread.sleep(PICTURE_MILLIS);
        Thread closing = new Thread(conversationOnly ? session::close : fake.model::close);
        closing.start();
        if (conversationOnly) {
            closing.join();
            other.put(UserFrame.of(FakeModel.frame(0)));
        } else {
            other.close();
            awaitClosed();
        }
        go.countDown();
        assertThat(answer.get()).isPositive();
        assertThatThrownBy(shown::join).hasCauseInstanceOf(ConversationException.class);
        closing.join();
    }
}
