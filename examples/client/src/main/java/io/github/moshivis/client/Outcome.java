package io.github.moshivis.client;

import io.github.moshivis.errors.ConversationException;
import io.github.moshivis.errors.EndReason;
import java.util.concurrent.atomic.AtomicReference;

/** Outcome of a conversation: the first failure counts; failures after the caller has ended it are ignored. Thread-safe. */
final class Outcome {
    private final String address;
    private final AtomicReference<ConversationException> failure = new AtomicReference<>();
    private volatile boolean abandoned;

    /**
     * Creates an open outcome.
     *
     * @param address address of the server
     */
    Outcome(String address) {
        this.address = address;
    }

    /** The caller has ended the conversation; later failures are ignored. */
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

    /** The server closed the connection: a success if it was ready before and the close code is regular. */
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
