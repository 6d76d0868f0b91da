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
 * Queue of the reference's pages before they connect. A session keeps its position while its page polls; when its turn comes, a slot is
 * reserved for a short time. Connected callers wait in the engine's queue and go first. Thread-safe.
 */
final class Dispatcher {
    /** Time without a poll after which a page counts as closed; pages poll every 400 ms. */
    private static final Duration GONE = Duration.ofSeconds(10);

    /** Time to connect after a session's turn has come. */
    private static final Duration CONNECTING = Duration.ofSeconds(5);

    private static final int MAX_SESSIONS = 10_000;
    private static final int AUTH_BITS = 128;

    private final IntSupplier freeSlots;
    private final IntSupplier queueLength;
    private final LongSupplier nanos;
    private final SecureRandom random = new SecureRandom();

    // Guarded by this.
    private final Map<Long, Session> sessions = new LinkedHashMap<>();
    /** Secrets of the latest sessions whose page has not given feedback. */
    private final Map<Long, String> unrated = new LinkedHashMap<>();

    private long last;

    /**
     * Creates an empty queue.
     *
     * @param freeSlots number of free slots; 0 while no callers are accepted
     * @param queueLength number of connections that wait for a slot
     * @param nanos a clock
     */
    Dispatcher(IntSupplier freeSlots, IntSupplier queueLength, LongSupplier nanos) {
        this.freeSlots = freeSlots;
        this.queueLength = queueLength;
        this.nanos = nanos;
    }

    /**
     * A session in the queue.
     *
     * @param id a number from 1 on
     * @param auth the secret of its page
     */
    record Place(long id, String auth) {}

    /**
     * State of a session.
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

    /** Adds a page; empty if there are too many. */
    synchronized Optional<Place> add() {
        long now = nanos.getAsLong();
        tidy(now);
        if (sessions.size() >= MAX_SESSIONS) {
            return Optional.empty();
        }
        String auth = new BigInteger(AUTH_BITS, random).toString(Character.MAX_RADIX);
        sessions.put(++last, new Session(auth, now));
        unrated.put(last, auth);
        unrated.keySet().removeIf(id -> id <= last - MAX_SESSIONS);
        return Optional.of(new Place(last, auth));
    }

    /** Returns the state of a session; empty if it does not exist any more. */
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

    /** Uses the right of a session to give feedback; returns false if it is unknown or has given some. */
    synchronized boolean rates(long id, String auth) {
        String expected = unrated.get(id);
        return expected != null && auth != null && isSame(expected, auth) && unrated.remove(id, expected);
    }

    private static boolean isSame(String expected, String shown) {
        return MessageDigest.isEqual(expected.getBytes(StandardCharsets.UTF_8), shown.getBytes(StandardCharsets.UTF_8));
    }

    /** Removes closed pages, and those whose time to connect is over. */
    private void tidy(long now) {
        sessions.values().removeIf(session -> now - session.asked > (session.ready ? CONNECTING : GONE).toNanos());
    }
}
