package io.github.moshivis.server.http;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/**
 * The queue in which pages of the reference wait before they connect. A session keeps its place while it is asked for; when its turn
 * comes, a slot is left for it until it had time to connect. Callers of other kinds wait behind their connections, and go first.
 * Safe for all threads.
 */
final class Dispatcher {
    /** Time without a question after which a page is taken to be closed; pages ask each 400 ms. */
    private static final Duration GONE = Duration.ofSeconds(10);

    /** Time from a session's turn to its connection. */
    private static final Duration CONNECTING = Duration.ofSeconds(5);

    private static final int MAX_SESSIONS = 10_000;
    private static final int AUTH_BITS = 128;

    private final IntSupplier freeSlots;
    private final IntSupplier queueLength;
    private final LongSupplier nanos;
    private final SecureRandom random = new SecureRandom();

    // Guarded by this.
    private final Map<Long, Session> sessions = new LinkedHashMap<>();
    private long last;

    /**
     * Creates an empty queue.
     *
     * @param freeSlots how many talks could begin now; 0 while no callers are taken
     * @param queueLength how many connections wait for a slot
     * @param nanos a clock
     */
    Dispatcher(IntSupplier freeSlots, IntSupplier queueLength, LongSupplier nanos) {
        this.freeSlots = freeSlots;
        this.queueLength = queueLength;
        this.nanos = nanos;
    }

    /**
     * A place in the queue.
     *
     * @param id a number from 1 on
     * @param auth the secret that its page shows
     */
    record Place(long id, String auth) {}

    /**
     * The state of a place.
     *
     * @param ready whether its page may connect
     * @param position from 1 on; 0 if it is ready
     */
    record Turn(boolean ready, int position) {}

    private static final class Session {
        private final String auth;
        private long asked;
        private boolean ready;

        Session(String auth, long now) {
            this.auth = auth;
            this.asked = now;
        }
    }

    /** Takes a page in; empty if there are too many. */
    synchronized Optional<Place> add() {
        long now = nanos.getAsLong();
        tidy(now);
        if (sessions.size() >= MAX_SESSIONS) {
            return Optional.empty();
        }
        String auth = new BigInteger(AUTH_BITS, random).toString(Character.MAX_RADIX);
        sessions.put(++last, new Session(auth, now));
        return Optional.of(new Place(last, auth));
    }

    /** Tells a page whether it is its turn; empty if there is no such session, or no more. */
    synchronized Optional<Turn> check(long id, String auth) {
        long now = nanos.getAsLong();
        tidy(now);
        Session session = sessions.get(id);
        if (session == null || auth == null || !isSame(session.auth, auth)) {
            return Optional.empty();
        }
        if (session.ready) {
            return Optional.of(new Turn(true, 0));
        }
        session.asked = now;
        List<Session> waiting = new ArrayList<>(sessions.values());
        waiting.removeIf(other -> other.ready);
        int place = waiting.indexOf(session);
        int connecting = sessions.size() - waiting.size();
        session.ready = place < freeSlots.getAsInt() - connecting;
        return Optional.of(session.ready ? new Turn(true, 0) : new Turn(false, queueLength.getAsInt() + place + 1));
    }

    private static boolean isSame(String expected, String shown) {
        return MessageDigest.isEqual(expected.getBytes(StandardCharsets.UTF_8), shown.getBytes(StandardCharsets.UTF_8));
    }

    /** Forgets pages that were closed, and those that had time to connect. */
    private void tidy(long now) {
        sessions.values().removeIf(session -> now - session.asked > (session.ready ? CONNECTING : GONE).toNanos());
    }
}
