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
 * The pictures that one caller sends: one waits at most, the newest. Before the talk it is the picture to begin with; during the talk
 * each one replaces the one before. One that is there already (the reference's page may send its picture twice) changes nothing.
 */
final class Pictures {
    private final ByteBudget budget;
    private final Executor work;
    private final Outbox outbox;

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

    /** Takes a picture, and the responsibility for its bytes in the budget. */
    synchronized void take(byte[] picture) {
        forget();
        if (closed) {
            budget.giveBack(picture.length);
            return;
        }
        waiting = picture;
        changeInTalk();
    }

    /** Returns whether there is a picture that no talk has taken. */
    synchronized boolean isWaiting() {
        return waiting != null;
    }

    /** The picture to begin a talk with, which is responsible for it no longer than it takes to begin. */
    synchronized Optional<byte[]> first() {
        return next();
    }

    /** From now on pictures go to the talk, on a thread of the executor. */
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
                talk.accept(next.get());
            } catch (Talk.BadPictureException e) {
                wasBad();
                outbox.send(new Message.Error(e.getMessage()));
            } catch (Throwable e) { // the next picture must find a thread again
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

    private Optional<byte[]> next() {
        byte[] picture = waiting;
        forget();
        byte[] digest = picture == null ? null : digest(picture);
        if (digest == null || MessageDigest.isEqual(digest, shownDigest)) {
            return Optional.empty();
        }
        shownDigest = digest;
        return Optional.of(picture);
    }

    /** The last picture could not be read: the same one again is no repetition. */
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

    /** Forgets what waits. */
    synchronized void close() {
        closed = true;
        forget();
    }
}
