package io.github.moshivis;

import io.github.moshivis.engine.QueueEntry;
import io.github.moshivis.engine.SlotLease;
import io.github.moshivis.engine.Slots;
import io.github.moshivis.plugin.HostCode;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * A caller's place in the queue for a conversation or a transcription, then the slot that is reserved for it: first come, first
 * served. No thread waits while the caller does.
 *
 * <pre>{@code
 * SlotTicket ticket = model.ticket();
 * ticket.turn().thenRunAsync(() -> model.session(image).ticket(ticket).start(source, sink), executor);
 * }</pre>
 *
 * <p>Thread-safe.
 */
public final class SlotTicket implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(SlotTicket.class.getName());

    private final Slots slots;
    private final QueueEntry entry;

    /** Enters the queue of a model, at its end. */
    SlotTicket(Slots slots) {
        this(slots, slots.join(false));
    }

    private SlotTicket(Slots slots, QueueEntry entry) {
        this.slots = slots;
        this.entry = entry;
    }

    /** Refuses negative waits. */
    static void checkTimeout(Duration timeout) {
        Objects.requireNonNull(timeout, "timeout");
        if (timeout.isNegative()) {
            throw new IllegalArgumentException("waitForSlot must be zero or more, found " + timeout + "; correct it");
        }
    }

    /**
     * Gets a slot: that of a ticket, or of one of its own if the caller waits, or one that is free now.
     *
     * @param slots of the model
     * @param ticket or null
     * @param timeout maximum wait for the turn; null not to wait
     * @param listener hears of positions, on this thread; or null
     */
    static SlotLease claim(Slots slots, SlotTicket ticket, Duration timeout, Consumer<? super SlotTicket> listener) {
        if (ticket != null) {
            return ticket.take(timeout, listener);
        }
        if (timeout == null) {
            return slots.claim();
        }
        try (SlotTicket own = new SlotTicket(slots)) {
            return own.take(timeout, listener);
        }
    }

    /**
     * Returns the position in the queue.
     *
     * @return 1 for the next to get a slot; 0 once the wait is over
     */
    public int position() {
        return entry.position();
    }

    /**
     * Returns the end of the wait. Dependents without an executor of their own run on the thread that frees the slot: they must not
     * wait, nor open a session or a transcription.
     *
     * @return completes when a slot is reserved for this ticket; exceptionally with a
     *     {@link io.github.moshivis.errors.ConversationException} if the ticket is closed before, or the model is closed
     */
    public CompletionStage<Void> turn() {
        return entry.turn();
    }

    /**
     * Takes a ticket at the head of the queue, for a caller who had its turn but could not use it.
     *
     * @return the ticket, to be closed by the caller
     * @throws io.github.moshivis.errors.ConversationException if the model is closed
     */
    public SlotTicket again() {
        return new SlotTicket(slots, entry.again());
    }

    boolean isOf(Slots others) {
        return slots == others;
    }

    private SlotLease take(Duration timeout, Consumer<? super SlotTicket> listener) {
        if (timeout != null) {
            entry.await(timeout, position -> tell(listener));
        }
        return entry.take();
    }

    private void tell(Consumer<? super SlotTicket> listener) {
        try {
            if (listener != null) {
                listener.accept(this);
            }
        } catch (Throwable e) { // an Error too: the wait of a caller does not depend on who is told
            HostCode.warn(LOG, "A listener failed; the wait for a conversation goes on", e);
        }
    }

    /** Leaves the queue, or gives the slot back. Does nothing once the ticket was used. Idempotent. */
    @Override
    public void close() {
        entry.cancel();
    }
}
