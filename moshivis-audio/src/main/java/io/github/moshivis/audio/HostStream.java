package io.github.moshivis.audio;

import io.github.moshivis.errors.MediaException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/** A stream of the host, held to the contract of {@link InputStream}: others would be read for ever, or beyond an array. */
final class HostStream extends FilterInputStream {
    /** Reads in a row that may bring nothing. */
    private static final int MAX_EMPTY_READS = 1000;

    HostStream(InputStream stream) {
        super(Objects.requireNonNull(stream, "stream"));
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        for (int reads = 0; reads <= MAX_EMPTY_READS; reads++) {
            int count = in.read(bytes, offset, length);
            if (count < -1 || count > length) {
                throw broken("read returned " + count, length);
            }
            if (count != 0 || length == 0) {
                return count;
            }
        }
        throw broken(MAX_EMPTY_READS + " reads in a row without a byte", length);
    }

    private MediaException broken(String found, int length) {
        return new MediaException(
                "Cannot read from a stream of " + in.getClass().getName() + ": found " + found + ", expected 1 to "
                        + length + ", or -1 at the end. Correct the stream's read");
    }
}
