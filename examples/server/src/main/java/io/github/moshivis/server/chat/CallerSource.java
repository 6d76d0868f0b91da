package io.github.moshivis.server.chat;

import io.github.moshivis.client.VoiceFormat;
import io.github.moshivis.io.AudioSource;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;

/**
 * Audio of a caller, received in messages. {@link #offer} is called by the socket's threads and never blocks; the conversation's own thread
 * reads and decodes.
 */
final class CallerSource implements AudioSource {
    /**
     * Bytes of audio kept before the conversation: the header pages of a stream and little more. Moshi's clients send audio at once, and
     * old audio would be answered late.
     */
    private static final int HELD_BEFORE_TALK = 4096;

    /** More than a running conversation ever leaves unread, because it skips frames when it lags. */
    private static final int MAX_HELD = 1 << 20;

    private final Supplier<VoiceFormat> format;
    private final Runnable opened;
    private final Object decoding = new Object();
    private VoiceFormat.Decoder decoder; // guarded by decoding

    // Guarded by this.
    private final Deque<byte[]> messages = new ArrayDeque<>();
    private int held;
    private boolean talking;
    private boolean closed;

    // The reading thread's.
    private float[] samples = {};
    private int taken;

    /**
     * Creates a source.
     *
     * @param format gives the audio format when the conversation starts
     * @param opened called when the conversation has a slot and has encoded its picture
     */
    CallerSource(Supplier<VoiceFormat> format, Runnable opened) {
        this.format = format;
        this.opened = opened;
    }

    /**
     * Takes the audio of one message.
     *
     * @return false if the buffer is full, which means that the conversation no longer reads
     */
    synchronized boolean offer(byte[] message) {
        boolean tooEarly = !talking && held + message.length > HELD_BEFORE_TALK;
        if (closed || tooEarly || message.length == 0) {
            return true; // empty messages would not count against the limit
        }
        if (held + message.length > MAX_HELD) {
            return false;
        }
        held += message.length;
        messages.add(message);
        notifyAll();
        return true;
    }

    /** Drops all unread audio. */
    synchronized void clear() {
        messages.clear();
        held = 0;
    }

    /**
     * Returns the source for one attempt to start the conversation. If the conversation cannot start, it closes its source without opening
     * it; the audio is kept for the next attempt.
     *
     * @return a source that closes this one if it was opened
     */
    AudioSource attempt() {
        return new AudioSource() {
            private volatile boolean begun;

            @Override
            public void open() {
                begun = true;
                CallerSource.this.open();
            }

            @Override
            public int read(float[] buffer, int offset, int length) throws IOException {
                return CallerSource.this.read(buffer, offset, length);
            }

            @Override
            public boolean isLive() {
                return CallerSource.this.isLive();
            }

            @Override
            public void close() {
                if (begun) {
                    CallerSource.this.close();
                }
            }
        };
    }

    @Override
    public void open() {
        synchronized (decoding) {
            decoder = format.get().decoder();
        }
        synchronized (this) {
            talking = true; // set before the caller is notified, because the caller may send sound at once
        }
        opened.run();
    }

    @Override
    public int read(float[] buffer, int offset, int length) throws InterruptedIOException {
        while (taken == samples.length) {
            byte[] message = next();
            if (message == null) {
                return -1;
            }
            decode(message);
        }
        int count = Math.min(length, samples.length - taken);
        System.arraycopy(samples, taken, buffer, offset, count);
        taken += count;
        return count;
    }

    private void decode(byte[] message) {
        synchronized (decoding) {
            samples = decoder == null ? new float[0] : decoder.decode(message);
            taken = 0;
        }
    }

    private synchronized byte[] next() throws InterruptedIOException {
        try {
            while (messages.isEmpty() && !closed) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (InterruptedIOException)
                    new InterruptedIOException("Interrupted while waiting for audio").initCause(e);
        }
        if (closed) {
            return null;
        }
        byte[] message = messages.remove();
        held -= message.length;
        return message;
    }

    @Override
    public boolean isLive() {
        return true;
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            messages.clear();
            notifyAll();
        }
        synchronized (decoding) {
            if (decoder != null) {
                decoder.close();
                decoder = null;
            }
        }
    }
}
