package io.github.moshivis.client;

import io.github.moshivis.errors.ConversationException;
import io.github.moshivis.errors.EndReason;
import java.util.concurrent.atomic.AtomicReference;

/** Outcome of a conversation: the first failure counts, and none after it was given up. Thread-safe. */
final class Outcome {
    private final String address;
    private final AtomicReference<ConversationException> failure = new AtomicReference<>();
    private volatile boolean abandoned;

    /**
     * None yet.
     *
     * @param address with whom the conversation is
     */
    Outcome(String address) {
        this.address = address;
    }

    /** The caller gave the conversation up; nothing after this is a failure. */
    void abandon() {
        abandoned = true;
    }

    boolean isAbandoned() {
        return abandoned;
    }

    void fail(EndReason reason, String what, Throwable cause) {
        if (!abandoned) {
            failure.compareAndSet(
                    null,
                    new ConversationException(reason, "The conversation with " + address + " ended: " + what, cause));
        }
    }

    /** The server closed the connection: that is well if it was ready before, and is of good cheer. */
    void closed(Connection.Closed closed, Reception reception) {
        if (reception.lastError().isPresent()) {
            fail(
                    EndReason.CONNECTION_FAILED,
                    "the server says: " + reception.lastError().get(),
                    null);
        } else if (!reception.isReady() || !closed.isNormal()) {
            fail(
                    EndReason.CONNECTION_FAILED,
                    "found that the connection was closed with code " + closed.code() + " (" + closed.reason()
                            + "), expected " + (reception.isReady() ? "code 1000" : "a handshake")
                            + ". Look into the server's log, or try again",
                    null);
        }
    }

    void throwFailure() {
        if (failure.get() != null) {
            throw failure.get();
        }
    }
}
