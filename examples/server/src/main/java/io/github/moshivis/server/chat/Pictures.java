package io.github.moshivis.server.chat;

import io.github.moshivis.client.Message;
import io.github.moshivis.server.log.Events;
import java.lang.System.Logger.Level;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Pictures of one caller: at most one waits, the newest. Before the conversation it is the first picture; during it, each one replaces the
 * one before. An identical picture (the reference's page may send its picture twice) is ignored.
 */
final class Pictures {
    private final ByteBudget budget;
    private final Executor work;
    private final Outbox outbox;
    private final Interruptible changes = new Interruptible();

    // Guarded by this.
    private byte[] waiting;
    private byte[] shownDigest;
    private Consumer<byte[]> talk;
    private boolean changing;
    private boolean closed;

    Pictures(ByteBudget budget, Executor work, Outbox outbox) {
        this.budget = budget;
        this.work = work;
        this.outbox = outbox;
    }

    /** Takes a picture and the ownership of its bytes in the budget. */
    synchronized void take(byte[] picture) {
        forget();
        if (closed) {
            budget.giveBack(picture.length);
            return;
        }
        waiting = picture;
        changeInTalk();
    }

    /** Returns whether a picture waits for the conversation. */
    synchronized boolean isWaiting() {
        return waiting != null;
    }

    /** Passes the first picture, if one waits, to the beginning of the conversation, which {@link #close} interrupts. */
    void first(Consumer<Optional<byte[]>> begin) {
        Optional<byte[]> picture = next();
        changes.run(() -> begin.accept(picture));
    }

    /** Passes later pictures to the conversation, on a thread of the executor. */
    synchronized void follow(Consumer<byte[]> newTalk) {
        talk = newTalk;
        changeInTalk();
    }

    private void changeInTalk() {
        if (talk != null && waiting != null && !changing) {
            changing = true;
            try {
                work.execute(this::change);
            } catch (RuntimeException | Error e) { // no thread, or no executor any more
                changing = false;
                throw e;
            }
        }
    }

    private void change() {
        for (Optional<byte[]> next = nextChange(); next.isPresent(); next = nextChange()) {
            try {
                byte[] picture = next.get();
                changes.run(() -> talk.accept(picture));
            } catch (Talk.BadPictureException e) {
                wasBad();
                outbox.send(new Message.Error(e.getMessage()));
            } catch (Throwable e) { // later pictures must still be handled
                Events.of("picture-failed").log(Level.ERROR, e);
                wasBad();
                outbox.send(new Message.Error(Reasons.PICTURE_FAULT));
            }
        }
    }

    private synchronized Optional<byte[]> nextChange() {
        Optional<byte[]> next = next();
        changing = next.isPresent();
        return next;
    }

    private synchronized Optional<byte[]> next() {
        byte[] picture = waiting;
        forget();
        byte[] digest = picture == null ? null : digest(picture);
        if (digest == null || MessageDigest.isEqual(digest, shownDigest)) {
            return Optional.empty();
        }
        shownDigest = digest;
        return Optional.of(picture);
    }

    /** Records that the last picture was unreadable, so that the same one may be sent again. */
    synchronized void wasBad() {
        shownDigest = null;
    }

    private void forget() {
        if (waiting != null) {
            budget.giveBack(waiting.length);
            waiting = null;
        }
    }

    private static byte[] digest(byte[] picture) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(picture);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    /** Forgets what waits, and interrupts a change. */
    synchronized void close() {
        closed = true;
        changes.end();
        forget();
    }
}
