package io.github.moshivis.audio;

import io.github.moshivis.errors.MediaException;
import java.io.InterruptedIOException;
import java.time.Duration;
import javax.sound.sampled.DataLine;

/**
 * Waits for an audio device without relying on its driver: an unplugged device may return nothing, close its line, or never return from a
 * blocking call. So this class polls and never blocks in the driver.
 */
final class DeviceWatch {
    /** A fraction of the smallest buffer, and inaudible. */
    static final long POLL_MILLIS = 5;

    private static final Duration SILENCE_LIMIT = Duration.ofSeconds(2);

    private final String name;
    private final DataLine line;
    private long lastMove = System.nanoTime();

    /**
     * Starts to watch.
     *
     * @param name the device, for messages
     */
    DeviceWatch(String name, DataLine line) {
        this.name = name;
        this.line = line;
    }

    /** Records that the device took or gave samples. */
    void moved() {
        lastMove = System.nanoTime();
    }

    /**
     * Waits for one poll interval.
     *
     * @throws MediaException if the device is gone
     * @throws InterruptedIOException if the thread is interrupted; the interrupt flag stays set
     */
    void pause() throws InterruptedIOException {
        boolean closed = !line.isOpen();
        if (closed || System.nanoTime() - lastMove > SILENCE_LIMIT.toNanos()) {
            throw new MediaException("The " + name + " has gone: found "
                    + (closed ? "its line closed" : "no sound moving for " + SILENCE_LIMIT.toSeconds() + " s")
                    + ", expected a steady stream of sound. Plug it in again, or choose another, and start a new talk");
        }
        sleep("waiting for the " + name);
    }

    /** Sleeps for one poll interval; the exception of an interrupt names the purpose. */
    static void sleep(String doing) throws InterruptedIOException {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (InterruptedIOException) new InterruptedIOException("Interrupted while " + doing).initCause(e);
        }
    }
}
