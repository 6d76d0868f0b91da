package io.github.moshivis.vision;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import javax.imageio.IIOException;
import javax.imageio.ImageReader;
import javax.imageio.event.IIOReadProgressListener;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Limits on the work of decoding one picture: a deadline, the interrupt of the decoding thread, and the end of the data. Readers that treat
 * missing bytes as zeros would decode a picture of 80 bytes for minutes.
 */
final class DecodingLimits {
    /** Maximum time for one picture; the largest legal picture takes a few seconds. */
    static final Duration MAX_TIME = Duration.ofSeconds(20);

    private final long deadline;

    /**
     * Starts the clock.
     *
     * @param time maximum time from now on
     */
    DecodingLimits(Duration time) {
        deadline = System.nanoTime() + time.toNanos();
    }

    /**
     * Checks clock and interrupt.
     *
     * @throws InterruptedIOException if decoding must end now; an interrupted thread stays interrupted
     */
    void check() throws InterruptedIOException {
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException("decoding was interrupted");
        }
        if (System.nanoTime() - deadline > 0) {
            throw new InterruptedIOException("decoding took longer than " + MAX_TIME.toSeconds() + " s");
        }
    }

    /**
     * The encoded bytes as a stream that obeys these limits.
     *
     * @param encoded the bytes
     * @param pastEnd number of reads past the end that return its sign; the next one fails
     */
    ImageInputStream input(byte[] encoded, int pastEnd) {
        return new Input(encoded, pastEnd);
    }

    /** Lets a reader obey these limits while it decodes without reading: {@link #check} after it tells whether it was stopped. */
    void watch(ImageReader reader) {
        reader.addIIOReadProgressListener(new Stop());
    }

    private final class Input extends MemoryCacheImageInputStream {
        /** Reads between two looks at the clock. */
        private static final int READS = 1024;

        private final int pastEnd;
        private int reads;
        private int readsPastEnd;

        Input(byte[] encoded, int pastEnd) {
            super(new ByteArrayInputStream(encoded));
            this.pastEnd = pastEnd;
        }

        @Override
        public int read() throws IOException {
            return checked(super.read());
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            return checked(super.read(bytes, offset, length));
        }

        private int checked(int result) throws IOException {
            if (++reads % READS == 0) {
                check();
            }
            if (result < 0) {
                if (++readsPastEnd > pastEnd) {
                    // no EOFException: the WebP reader takes that for zeros
                    throw new IIOException("the data ends before the picture does");
                }
            }
            return result;
        }
    }

    /** Aborts the reader once a limit is exceeded. */
    private final class Stop implements IIOReadProgressListener {
        @Override
        public void imageProgress(ImageReader source, float percentageDone) {
            try {
                check();
            } catch (InterruptedIOException e) {
                source.abort();
            }
        }

        @Override
        public void sequenceStarted(ImageReader source, int minIndex) {}

        @Override
        public void sequenceComplete(ImageReader source) {}

        @Override
        public void imageStarted(ImageReader source, int imageIndex) {}

        @Override
        public void imageComplete(ImageReader source) {}

        @Override
        public void thumbnailStarted(ImageReader source, int imageIndex, int thumbnailIndex) {}

        @Override
        public void thumbnailProgress(ImageReader source, float percentageDone) {}

        @Override
        public void thumbnailComplete(ImageReader source) {}

        @Override
        public void readAborted(ImageReader source) {}
    }
}
