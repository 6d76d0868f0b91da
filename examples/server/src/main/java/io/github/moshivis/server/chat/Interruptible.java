package io.github.moshivis.server.chat;

/** Work for one caller that ends early when the caller leaves: decoding a picture takes seconds. Thread-safe. */
final class Interruptible {
    // Guarded by this.
    private Thread thread;
    private boolean ended;

    /**
     * Runs work on the calling thread, which is interrupted by {@link #end} and is not interrupted any more afterwards.
     *
     * @param work must end when its thread is interrupted
     */
    void run(Runnable work) {
        synchronized (this) {
            thread = Thread.currentThread();
            if (ended) {
                thread.interrupt();
            }
        }
        try {
            work.run();
        } finally {
            synchronized (this) {
                thread = null;
                Thread.interrupted();
            }
        }
    }

    /** Interrupts the running work and all later work. */
    synchronized void end() {
        ended = true;
        if (thread != null) {
            thread.interrupt();
        }
    }
}
