package io.github.moshivis;

import io.github.moshivis.Talking.Collector;
import io.github.moshivis.Talking.Samples;
import io.github.moshivis.errors.ConversationException;
import io.github.moshivis.errors.EndReason;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Hosts on several threads that use, close and interrupt each other's sessions, tickets and conversations of one model, with sources, sinks
 * and listeners that throw exceptions and errors. Keeps what they may not meet.
 */
final class ConcurrentHosts {
    private static final int THREADS = 4;

    private static final Set<EndReason> ALLOWED = Set.of(
            EndReason.BUSY,
            EndReason.CLOSED,
            EndReason.WAIT_CANCELLED,
            EndReason.INTERRUPTED,
            EndReason.SOURCE_FAILED,
            EndReason.SINK_FAILED,
            EndReason.MODEL_CLOSED);

    private final MoshiVis model;
    private final Queue<Session> sessions = new ConcurrentLinkedQueue<>();
    private final Queue<SlotTicket> tickets = new ConcurrentLinkedQueue<>();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final AtomicLong done = new AtomicLong();
    private final List<Thread> threads = new ArrayList<>();

    ConcurrentHosts(MoshiVis model) {
        this.model = model;
    }

    /**
     * Lets all threads act, and gives everything back.
     *
     * @param actions of each thread
     * @param closes whether one of them closes the model
     * @return what went wrong
     */
    List<Throwable> run(long seed, int actions, boolean closes) throws InterruptedException {
        threads.clear();
        for (int i = 0; i < THREADS; i++) {
            Random random = new Random(THREADS * seed + i);
            int closing = closes && i == 0 ? random.nextInt(actions) : -1;
            threads.add(new Thread(() -> act(random, actions, closing), "host-" + i));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join(600_000); // a loaded machine is no hang
            if (thread.isAlive()) {
                AssertionError hangs = new AssertionError("does not end: " + thread.getName());
                hangs.setStackTrace(thread.getStackTrace());
                failures.add(hangs);
            }
        }
        tickets.forEach(SlotTicket::close);
        tickets.clear();
        sessions.forEach(Session::close);
        sessions.clear();
        return List.copyOf(failures);
    }

    /** Number of actions so far. */
    long done() {
        return done.get();
    }

    private void act(Random random, int actions, int closing) {
        for (int i = 0; i < actions; i++) {
            try {
                if (i == closing) {
                    model.close();
                }
                act(random);
            } catch (ConversationException e) {
                if (!ALLOWED.contains(e.reason())) {
                    failures.add(e);
                }
            } catch (IllegalStateException e) {
                if (!e.getMessage().contains("closed") && !e.getMessage().contains("ticket")) {
                    failures.add(e);
                }
            } catch (Throwable e) {
                failures.add(e);
            }
            done.incrementAndGet();
            Thread.interrupted(); // somebody's, perhaps
        }
    }

    private void act(Random random) throws InterruptedException {
        Session session = sessions.peek();
        SlotTicket ticket = tickets.peek();
        switch (random.nextInt(13)) {
            case 0 ->
                sessions.add(model.session(FakeModel.picture(random.nextInt(9))).open());
            case 1 ->
                sessions.add(model.session()
                        .waitForSlot(Duration.ofMillis(random.nextInt(5)))
                        .open());
            case 2 -> tickets.add(model.ticket());
            case 3 -> {
                if (ticket != null) {
                    sessions.add(model.session()
                            .ticket(ticket)
                            .waitForSlot(Duration.ofMillis(random.nextInt(5)))
                            .open());
                }
            }
            case 4 -> {
                SlotTicket mine = tickets.poll();
                if (mine != null) {
                    mine.close();
                }
            }
            case 5 -> {
                Session mine = sessions.poll();
                if (mine != null) {
                    mine.close();
                }
            }
            case 6 -> {
                if (session != null) {
                    session.image(FakeModel.picture(random.nextInt(9)), 1 + random.nextInt(60), random.nextBoolean());
                }
            }
            case 7 -> {
                if (session != null) {
                    session.update(now -> random.nextBoolean() ? now.greedy() : now.textTopK(7));
                }
            }
            case 8, 9 -> {
                if (session != null) {
                    session.step(FakeModel.frame(0.01 * random.nextInt(10)));
                }
            }
            case 10 -> threads.get(random.nextInt(THREADS)).interrupt();
            default -> talk(random);
        }
    }

    private void talk(Random random) {
        int fault = random.nextInt(12);
        Samples source = new Samples((1 + random.nextInt(6)) * Session.FRAME_SAMPLES) {
            private int reads;

            @Override
            public int read(float[] buffer, int offset, int length) throws IOException {
                fail(fault, 0, reads++ == 3);
                return super.read(buffer, offset, length);
            }
        };
        Collector sink = new Collector() {
            @Override
            public void write(float[] buffer, int offset, int length) throws IOException {
                fail(fault, 2, true);
            }
        };
        try (Conversation talk = model.session()
                .waitForSlot(Duration.ofMillis(2))
                .onReply(reply -> failListener(fault))
                .start(source, sink)) {
            switch (random.nextInt(4)) {
                case 0 -> talk.stop();
                case 1 -> talk.clearImage();
                case 2 -> talk.update(now -> now.textTopK(3));
                default -> {}
            }
            if (random.nextBoolean()) {
                talk.join(Duration.ofMillis(random.nextInt(20)));
            } else {
                talk.join();
            }
        }
    }

    private static void fail(int fault, int first, boolean now) throws IOException {
        if (now && fault == first) {
            throw new IOException("planned");
        }
        if (now && fault == first + 1) {
            throw new AssertionError("planned");
        }
    }

    private static void failListener(int fault) {
        if (fault == 4) {
            throw new IllegalArgumentException("planned");
        }
        if (fault == 5) {
            throw new StackOverflowError("planned");
        }
    }
}
