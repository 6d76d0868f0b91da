package io.github.moshivis.io;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The destination of the model's speech: 24 kHz, mono, 32-bit float, nominally in [-1, 1].
 *
 * <p>A sink is inert until {@link #open()}; {@link #open()} and {@link #write} are called by one thread at a time. {@link #close()}
 * may come from another thread, more than once, also without an {@link #open()}, and must make a blocked {@link #write} return.
 */
public interface AudioSink extends AutoCloseable {
    /**
     * Acquires the device or file.
     *
     * @throws IOException if it cannot be had
     */
    default void open() throws IOException {}

    /**
     * Takes samples, blocking while there is no room for them.
     *
     * @param samples holds the samples; not kept after return
     * @param offset where in the array they start
     * @param length how many there are, zero or more
     * @throws IOException if writing fails; the conversation ends with this cause
     */
    void write(float[] samples, int offset, int length) throws IOException;

    /**
     * The file that the samples go to, so that a conversation can refuse to write over what it reads. Sinks that wrap another one pass
     * the call on.
     *
     * @return empty if they go to no file
     */
    default Optional<Path> file() {
        return Optional.empty();
    }

    /**
     * Completes what was written and releases the device or file. Idempotent.
     *
     * @throws IOException if completing fails
     */
    @Override
    void close() throws IOException;
}
