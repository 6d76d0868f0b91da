package io.github.moshivis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.moshivis.Talking.Collector;
import io.github.moshivis.Talking.Samples;
import io.github.moshivis.errors.ConversationException;
import io.github.moshivis.errors.EndReason;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/**
 * Actions of a host on a model of the API, beside what they must do: which exception, which slots are free, who is where in the queue. Used
 * by one thread.
 */
final class ApiActions {
    static final int SLOTS = 3;

    /** An action, and a number from which its details follow. */
    record Action(Kind kind, int number) {}

    enum Kind {
        OPEN,
        OPEN_IN_VAIN,
        TICKET,
        TICKET_OPEN,
        TICKET_CLOSE,
        TICKET_AGAIN,
        STEP,
        BAD_STEP,
        PICTURE,
        CLEAR_PICTURE,
        UPDATE,
        BAD_UPDATE,
        CLOSE,
        TALK,
        CLOSE_MODEL
    }

    /** What goes wrong in a talk. */
    private enum Fault {
        NONE,
        SOURCE_EXCEPTION,
        SOURCE_ERROR,
        SOURCE_OPENING,
        SINK_EXCEPTION,
        SINK_ERROR,
        SINK_CLOSING,
        LISTENER_EXCEPTION,
        LISTENER_ERROR,
        STOPPED,
        CLOSED
    }

    private static final class Open {
        private final Session session;
        private long steps;
        private boolean closed;

        Open(Session session) {
            this.session = session;
        }
    }

    private static final class Waiting {
        private final SlotTicket ticket;
        private boolean reserved;
        private boolean closed;
        private boolean taken;

        Waiting(SlotTicket ticket) {
            this.ticket = ticket;
        }
    }

    private final MoshiVis model;
    private final List<Open> sessions = new ArrayList<>();
    private final List<Waiting> tickets = new ArrayList<>();
    private final List<Waiting> queue = new ArrayList<>();
    private boolean modelClosed;

    ApiActions(MoshiVis model) {
        this.model = model;
    }

    boolean isModelClosed() {
        return modelClosed;
    }

    private int free() {
        long open = sessions.stream().filter(session -> !session.closed).count();
        long reserved = tickets.stream()
                .filter(ticket -> ticket.reserved && !ticket.closed && !ticket.taken)
                .count();
        return SLOTS - (int) (open + reserved);
    }

    private void admit() {
        while (!queue.isEmpty() && free() > 0) {
            queue.remove(0).reserved = true;
        }
    }

    /** Does it, and checks what can be seen afterwards. */
    void run(Action action) {
        perform(action);
        if (!modelClosed) {
            assertThat(model.freeSlots()).as("free slots").isEqualTo(free());
            assertThat(model.queueLength()).as("queue").isEqualTo(queue.size());
        }
        for (Waiting waiting : tickets) {
            int position = modelClosed ? 0 : 1 + queue.indexOf(waiting);
            assertThat(waiting.ticket.position()).as("position").isEqualTo(position);
            boolean over = waiting.reserved || waiting.closed || modelClosed;
            assertThat(waiting.ticket.turn().toCompletableFuture().isDone())
                    .as("turn")
                    .isEqualTo(over);
        }
    }

    private void perform(Action action) {
        int number = action.number;
        switch (action.kind) {
            case OPEN -> open(number);
            case OPEN_IN_VAIN -> openInVain();
            case TICKET -> ticket(false, null);
            case TICKET_AGAIN -> of(tickets, number, waiting -> ticket(true, waiting));
            case TICKET_OPEN -> of(tickets, number, this::openWith);
            case TICKET_CLOSE -> of(tickets, number, this::close);
            case STEP -> of(sessions, number, open -> step(open, number));
            case BAD_STEP ->
                of(sessions, number, open -> assertThat(catchThrowable(() -> open.session.step(new float[3])))
                        .isInstanceOf(IllegalArgumentException.class));
            case PICTURE ->
                of(
                        sessions,
                        number,
                        open -> expect(
                                open,
                                () -> open.session.image(FakeModel.picture(number), 1 + number % 60, number % 2 == 0)));
            case CLEAR_PICTURE -> of(sessions, number, open -> expect(open, open.session::clearImage));
            case UPDATE ->
                of(
                        sessions,
                        number,
                        open -> expect(open, () -> open.session.update(now -> now.textTopK(1 + number % 50))));
            case BAD_UPDATE ->
                of(sessions, number, open -> assertThat(
                                catchThrowable(() -> open.session.update(now -> now.textTemperature(-1))))
                        .isInstanceOfAny(IllegalArgumentException.class, IllegalStateException.class));
            case CLOSE -> of(sessions, number, this::close);
            case TALK -> talk(number);
            case CLOSE_MODEL -> {
                model.close();
                modelClosed = true;
                queue.clear();
            }
        }
    }

    private interface Use<T> {
        void of(T one);
    }

    private static <T> void of(List<T> all, int number, Use<T> use) {
        if (!all.isEmpty()) {
            use.of(all.get(number % all.size()));
        }
    }

    private static void assertReason(Throwable thrown, EndReason reason) {
        assertThat(thrown).isInstanceOf(ConversationException.class);
        assertThat(((ConversationException) thrown).reason())
                .as(thrown.getMessage())
                .isEqualTo(reason);
    }

    private void open(int number) {
        SessionOptions options = number % 2 == 0 ? model.session() : model.session(FakeModel.picture(number));
        Session[] opened = new Session[1];
        Throwable thrown = catchThrowable(() -> opened[0] = options.open());
        if (modelClosed) {
            assertThat(thrown).isInstanceOf(IllegalStateException.class);
        } else if (free() == 0 || !queue.isEmpty()) {
            assertReason(thrown, EndReason.BUSY);
        } else {
            assertThat(thrown).isNull();
            sessions.add(new Open(opened[0]));
        }
    }

    /** With a wait that is too short, if all slots are taken. */
    private void openInVain() {
        if (free() == 0 && !modelClosed) {
            assertReason(
                    catchThrowable(() ->
                            model.session().waitForSlot(Duration.ofMillis(1)).open()),
                    EndReason.BUSY);
        }
    }

    private void ticket(boolean again, Waiting before) {
        SlotTicket[] taken = new SlotTicket[1];
        Throwable thrown = catchThrowable(() -> taken[0] = again ? before.ticket.again() : model.ticket());
        if (modelClosed) {
            assertReason(thrown, EndReason.MODEL_CLOSED);
            return;
        }
        assertThat(thrown).isNull();
        Waiting waiting = new Waiting(taken[0]);
        tickets.add(waiting);
        queue.add(again ? 0 : queue.size(), waiting);
        admit();
    }

    private void openWith(Waiting waiting) {
        Session[] opened = new Session[1];
        Throwable thrown = catchThrowable(
                () -> opened[0] = model.session().ticket(waiting.ticket).open());
        if (modelClosed || waiting.taken) {
            assertThat(thrown).isInstanceOf(IllegalStateException.class);
        } else if (waiting.closed) {
            assertReason(thrown, EndReason.WAIT_CANCELLED);
        } else if (!waiting.reserved) {
            assertReason(thrown, EndReason.BUSY);
        } else {
            assertThat(thrown).isNull();
            waiting.taken = true;
            sessions.add(new Open(opened[0]));
        }
    }

    private void close(Waiting waiting) {
        waiting.ticket.close();
        if (!waiting.taken) {
            waiting.closed = true;
        }
        queue.remove(waiting);
        admit();
    }

    private void close(Open open) {
        open.session.close();
        open.closed = true;
        admit();
    }

    private void expect(Open open, ThrowingCallable call) {
        Throwable thrown = catchThrowable(call);
        if (open.closed) {
            assertThat(thrown).isInstanceOf(IllegalStateException.class);
        } else if (modelClosed) {
            assertReason(thrown, EndReason.MODEL_CLOSED);
        } else {
            assertThat(thrown).isNull();
        }
    }

    private void step(Open open, int number) {
        expect(open, () -> {
            Reply reply = open.session.step(FakeModel.frame(0.001 * (number % 100)));
            assertThat(reply.step()).as("step").isEqualTo(open.steps++);
        });
    }

    /** A whole conversation, from its start to its end. */
    private void talk(int number) {
        Fault fault = Fault.values()[number % Fault.values().length];
        int frames = 3 + number % 4;
        Host host = new Host(fault, frames);
        Throwable thrown = catchThrowable(() -> host.talk(model));
        if (modelClosed) {
            assertThat(thrown).isInstanceOf(IllegalStateException.class);
            return;
        }
        if (free() == 0 || !queue.isEmpty()) {
            assertReason(thrown, EndReason.BUSY);
        } else {
            switch (fault) {
                case SOURCE_EXCEPTION, SOURCE_ERROR, SOURCE_OPENING -> assertReason(thrown, EndReason.SOURCE_FAILED);
                case SINK_EXCEPTION, SINK_ERROR, SINK_CLOSING -> assertReason(thrown, EndReason.SINK_FAILED);
                default -> assertThat(thrown).isNull();
            }
            if (fault == Fault.NONE || fault == Fault.LISTENER_EXCEPTION || fault == Fault.LISTENER_ERROR) {
                assertThat(host.answered).as("frames answered").isEqualTo(frames);
            }
        }
        assertThat(host.source.closed.getCount()).as("source closed").isZero();
        assertThat(host.sink.closed.getCount()).as("sink closed").isZero();
    }

    /** Gives everything back; nothing is left. */
    void end() {
        sessions.forEach(open -> open.session.close());
        tickets.forEach(waiting -> waiting.ticket.close());
        if (!modelClosed) {
            assertThat(model.freeSlots()).as("free slots at the end").isEqualTo(SLOTS);
            assertThat(model.queueLength()).as("queue at the end").isZero();
        }
    }

    /** The host's side of a talk. */
    private static final class Host {
        private final Fault fault;
        private final Samples source;
        private final Collector sink;
        private volatile long answered;

        Host(Fault fault, int frames) {
            this.fault = fault;
            this.source = new Samples(frames * Session.FRAME_SAMPLES) {
                private int reads;

                @Override
                public void open() throws IOException {
                    if (fault == Fault.SOURCE_OPENING) {
                        throw new IOException("planned");
                    }
                }

                @Override
                public int read(float[] buffer, int offset, int length) throws IOException {
                    fail(reads++ == 4, Fault.SOURCE_EXCEPTION, Fault.SOURCE_ERROR);
                    return super.read(buffer, offset, length);
                }
            };
            this.sink = new Collector() {
                @Override
                public void write(float[] buffer, int offset, int length) throws IOException {
                    fail(true, Fault.SINK_EXCEPTION, Fault.SINK_ERROR);
                }

                @Override
                public void close() throws IOException {
                    super.close();
                    fail(true, Fault.SINK_CLOSING, null);
                }
            };
        }

        private void fail(boolean now, Fault exception, Fault error) throws IOException {
            if (now && fault == exception) {
                throw new IOException("planned");
            }
            if (now && fault == error) {
                throw new AssertionError("planned");
            }
        }

        private void heard() {
            answered++;
            if (fault == Fault.LISTENER_EXCEPTION) {
                throw new IllegalStateException("planned");
            }
            if (fault == Fault.LISTENER_ERROR) {
                throw new AssertionError("planned");
            }
        }

        void talk(MoshiVis model) {
            try (Conversation talk = model.session().onReply(reply -> heard()).start(source, sink)) {
                if (fault == Fault.STOPPED) {
                    talk.stop();
                } else if (fault == Fault.CLOSED) {
                    talk.close();
                }
                assertThat(talk.join(Duration.ofSeconds(30))).as("the end").isTrue();
                assertThat(talk.isActive()).isFalse();
            }
        }
    }
}
