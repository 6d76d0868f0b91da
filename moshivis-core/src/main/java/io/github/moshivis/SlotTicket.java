package io.github.moshivis;

import io.github.moshivis.engine.QueueEntry;
import io.github.moshivis.engine.SlotLease;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * A caller's place in the queue for a conversation, then the slot that is reserved for it: first come, first served. No thread waits
 * while the caller does.
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

    private final MoshiVis model;
    private final QueueEntry entry;

    SlotTicket(MoshiVis model, QueueEntry entry) {
        this.model = model;
        this.entry = entry;
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
     * wait, nor open a session.
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
        return new SlotTicket(model, entry.again());
    }

    boolean isOf(MoshiVis other) {
        return model == other;
    }

    /**
     * Takes the slot.
     *
     * @param timeout maximum wait for the turn; null not to wait
     * @param listener hears of positions, on this thread; or null
     */
    SlotLease take(Duration timeout, Consumer<? super SlotTicket> listener) {
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
            LOG.log(Level.WARNING, "A listener failed; the wait for a conversation goes on", e);
        }
    }

    /** Leaves the queue, or gives the slot back. Does nothing once a session was opened with the ticket. Idempotent. */
    @Override
    public void close() {
        entry.cancel();
    }
}
