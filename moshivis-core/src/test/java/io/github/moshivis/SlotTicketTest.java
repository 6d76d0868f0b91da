package io.github.moshivis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.moshivis.errors.ConversationException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Opening while all conversations of a model are in use. */
@Timeout(60)
class SlotTicketTest {
    private static final Duration LONG = Duration.ofDays(100_000_000);

    private MoshiVis model;
    private Session busy;

    @BeforeEach
    void fill() {
        model = new FakeModel(1).model;
        busy = model.session().open();
    }

    @AfterEach
    void close() {
        model.close();
    }

    /** Somebody who waits on a thread of his own. */
    private static final class Caller {
        final LinkedBlockingQueue<Integer> positions = new LinkedBlockingQueue<>();
        final CompletableFuture<Session> session = new CompletableFuture<>();
        volatile SlotTicket waiting;
        final Thread thread;

        Caller(SessionOptions options) {
            SessionOptions waits = options.waitForSlot(LONG).onWaiting(place -> {
                waiting = place;
                positions.add(place.position());
            });
            thread = new Thread(() -> {
                try {
                    session.complete(waits.open());
                } catch (RuntimeException e) {
                    session.completeExceptionally(e);
                }
            });
            thread.start();
        }

        int nextPosition() throws InterruptedException {
            Integer position = positions.poll(30, TimeUnit.SECONDS);
            assertThat(position).as("told a position").isNotNull();
            return position;
        }

        ConversationException failure() throws InterruptedException {
            try {
                session.get().close();
                throw new AssertionError("got a place");
            } catch (ExecutionException e) {
                return (ConversationException) e.getCause();
            }
        }
    }

    @Test
    void whoWaitsGetsThePlaceInTheOrderOfComing() throws Exception {
        List<Caller> callers = new ArrayList<>();
        for (int i = 1; i <= 4; i++) {
            Caller caller = new Caller(model.session());
            assertThat(caller.nextPosition()).isEqualTo(i);
            callers.add(caller);
        }
        Session last = busy;
        for (int i = 0; i < 4; i++) {
            last.close();
            last = callers.get(i).session.get();
            assertThat(callers.get(i).waiting.position()).isZero();
            for (int j = i + 1; j < 4; j++) {
                assertThat(callers.get(j).nextPosition()).isEqualTo(j - i);
                assertThat(callers.get(j).session).isNotDone();
            }
        }
        assertThat(last.step(FakeModel.frame(0)).step()).isZero();
        last.close();
    }

    @Test
    void nobodyOvertakesThoseWhoWait() throws Exception {
        List<Boolean> overtook = Collections.synchronizedList(new ArrayList<>());
        for (int round = 0; round < 50; round++) {
            Caller caller = new Caller(model.session());
            caller.nextPosition();
            busy.close();
            try (Session other = model.session().open()) {
                overtook.add(!caller.session.isDone());
            } catch (ConversationException full) {
                assertThat(full).hasMessageContaining("in use").hasMessageContaining("waitForSlot");
            }
            busy = caller.session.get();
        }
        assertThat(overtook).isEmpty();
    }

    @Test
    void aWaitEndsAfterItsTime() {
        SessionOptions impatient = model.session().waitForSlot(Duration.ofMillis(50));
        assertThatExceptionOfType(ConversationException.class)
                .isThrownBy(impatient::open)
                .withMessageContaining("within PT0.05S")
                .withMessageContaining("number 1");
        assertThatExceptionOfType(ConversationException.class)
                .isThrownBy(() -> impatient.waitForSlot(Duration.ZERO).open())
                .withMessageContaining("within PT0S");
        busy.close();
        impatient.waitForSlot(Duration.ZERO).open().close();
    }

    @Test
    void aWaitCanBeCancelledAndInterruptedAndOthersMoveUp() throws Exception {
        Caller first = new Caller(model.session());
        assertThat(first.nextPosition()).isEqualTo(1);
        Caller second = new Caller(model.session());
        assertThat(second.nextPosition()).isEqualTo(2);
        Caller third = new Caller(model.session());
        assertThat(third.nextPosition()).isEqualTo(3);
        first.waiting.close();
        assertThat(first.failure()).hasMessageContaining("cancelled");
        first.waiting.close();
        assertThat(second.nextPosition()).isEqualTo(1);
        assertThat(third.nextPosition())
                .isEqualTo(2); // heard before the next change, which it could otherwise be told instead
        second.thread.interrupt();
        assertThat(second.failure()).hasMessageContaining("interrupted");
        assertThat(third.nextPosition()).isEqualTo(1);
        busy.close();
        third.session.get().close();
    }

    @Test
    void anInterruptIsKept() {
        Thread.currentThread().interrupt();
        assertThatExceptionOfType(ConversationException.class)
                .isThrownBy(() -> model.session().waitForSlot(LONG).open());
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void closingTheModelEndsAllWaits() throws Exception {
        List<Caller> callers = List.of(new Caller(model.session()), new Caller(model.session()));
        for (Caller caller : callers) {
            caller.nextPosition();
        }
        model.close();
        for (Caller caller : callers) {
            assertThat(caller.failure()).hasMessageContaining("model was closed");
        }
    }

    @Test
    void aListenerThatThrowsDoesNotEndTheWait() throws Exception {
        CountDownLatch told = new CountDownLatch(1);
        CompletableFuture<Session> session = CompletableFuture.supplyAsync(() -> model.session()
                .waitForSlot(LONG)
                .onWaiting(place -> {
                    told.countDown();
                    throw new IllegalStateException("listener's fault");
                })
                .open());
        told.await();
        busy.close();
        session.get().close();
    }

    @Test
    void ticketsAreAdmittedInOrderWithoutAThread() {
        SlotTicket first = model.ticket();
        SlotTicket second = model.ticket();
        assertThat(List.of(first.position(), second.position())).containsExactly(1, 2);
        assertThat(model.queueLength()).isEqualTo(2);
        List<String> turns = new ArrayList<>();
        first.turn().thenRun(() -> turns.add("first"));
        second.turn().thenRun(() -> turns.add("second"));
        busy.close();
        assertThat(turns).containsExactly("first");
        assertThat(List.of(first.position(), second.position())).containsExactly(0, 1);
        Session session = model.session().ticket(first).open();
        first.close(); // the session has the slot
        assertThat(turns).containsExactly("first");
        session.close();
        assertThat(turns).containsExactly("first", "second");
        assertThat(model.freeSlots()).as("one is reserved").isZero();
        second.close();
        assertThat(model.freeSlots()).isEqualTo(1);
    }

    @Test
    void aTicketOfAFreeModelIsAdmittedAtOnce() {
        busy.close();
        try (SlotTicket ticket = model.ticket()) {
            assertThat(ticket.position()).isZero();
            assertThat(ticket.turn()).isCompleted();
            assertThatExceptionOfType(ConversationException.class)
                    .isThrownBy(() -> model.session().open())
                    .withMessageContaining("in use");
        }
        model.session().open().close();
    }

    @Test
    void aTicketTakenAgainIsTheNext() {
        SlotTicket first = model.ticket();
        SlotTicket second = model.ticket();
        busy.close();
        SlotTicket again = first.again();
        assertThat(List.of(again.position(), second.position())).containsExactly(1, 2);
        first.close();
        assertThat(again.turn()).isCompleted();
        assertThat(second.position()).isEqualTo(1);
    }

    @Test
    void aTicketOpensOneSessionInItsTurn() {
        SlotTicket ticket = model.ticket();
        SessionOptions options = model.session().ticket(ticket);
        assertThatExceptionOfType(ConversationException.class)
                .isThrownBy(options::open)
                .withMessageContaining("turn has not come")
                .withMessageContaining("position is 1");
        assertThat(ticket.position()).as("still in the queue").isEqualTo(1);
        busy.close();
        options.open().close();
        assertThatIllegalStateException().isThrownBy(options::open).withMessageContaining("another ticket");
        SlotTicket closed = model.ticket();
        closed.close();
        assertThatExceptionOfType(ConversationException.class)
                .isThrownBy(() -> model.session().ticket(closed).open())
                .withMessageContaining("cancelled");
        assertThat(model.freeSlots()).isEqualTo(1);
    }

    @Test
    void aFailedOpeningKeepsTheTicket() {
        busy.close();
        SlotTicket ticket = model.ticket();
        SessionOptions options = model.session().ticket(ticket);
        assertThatIllegalStateException()
                .isThrownBy(() -> options.role("A clerk").open())
                .withMessageContaining("takes no voice and no role");
        options.open().close();
    }

    @Test
    void aClosedModelEndsTicketsAndForeignOnesAreRefused() {
        SlotTicket ticket = model.ticket();
        try (MoshiVis other = new FakeModel(1).model) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> other.session().ticket(ticket))
                    .withMessageContaining("another model");
        }
        model.close();
        assertThat(ticket.turn().toCompletableFuture())
                .failsWithin(Duration.ofSeconds(20))
                .withThrowableThat()
                .withMessageContaining("model was closed");
        assertThatExceptionOfType(ConversationException.class).isThrownBy(model::ticket);
    }

    @Test
    void aNegativeTimeIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> model.session().waitForSlot(Duration.ofMillis(-1)))
                .withMessageContaining("waitForSlot")
                .withMessageContaining("PT-0.001S");
    }
}
