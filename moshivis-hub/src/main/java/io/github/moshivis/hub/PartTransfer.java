package io.github.moshivis.hub;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** Transfers bytes from the network to parts of a partial file, and resumes after failures. Used by one thread. */
final class PartTransfer {
    private final PartialFile partial;
    private final FileSource source;
    private final TransferSettings settings;
    private final Cancellation cancellation;
    private final byte[] buffer;

    PartTransfer(PartialFile partial, FileSource source, TransferSettings settings, Cancellation cancellation) {
        this.partial = partial;
        this.source = source;
        this.settings = settings;
        this.cancellation = cancellation;
        this.buffer = new byte[settings.bufferBytes()];
    }

    /** Fetches the rest of a part. */
    void fetch(int part) throws IOException {
        Retries retries = new Retries(settings.retry(), cancellation);
        while (!partial.isFinished(part)) {
            long before = partial.finished(part);
            long from = partial.start(part) + before;
            long to = partial.start(part) + partial.length(part);
            try (InputStream in = source.openRange(from, to, cancellation)) {
                copy(in, part);
                finish(in);
            } catch (FileSource.NoRangesException e) {
                throw e;
            } catch (IOException e) {
                recover(retries, partial.finished(part) - before, e);
            }
        }
    }

    /** Fetches the whole file from its beginning, passing over the bytes that are there. */
    void fetchWhole() throws IOException {
        Retries retries = new Retries(settings.retry(), cancellation);
        while (partial.finishedBytes() < partial.size()) {
            long before = partial.finishedBytes();
            try (InputStream in = source.openWhole(cancellation)) {
                for (int part = 0; part < partial.parts(); part++) {
                    in.skipNBytes(partial.finished(part));
                    copy(in, part);
                }
                finish(in);
            } catch (IOException e) {
                recover(retries, partial.finishedBytes() - before, e);
            }
        }
    }

    /** Another request does not help against a full or missing disk. */
    private void recover(Retries retries, long gained, IOException failure) throws IOException {
        if (failure instanceof DiskException) {
            throw failure;
        }
        retries.gained(gained, settings.bufferBytes());
        retries.failed(failure);
    }

    private void copy(InputStream in, int part) throws IOException {
        int filled = 0;
        try {
            long left = partial.length(part) - partial.finished(part);
            while (left > 0) {
                int count = in.read(buffer, filled, (int) Math.min(buffer.length - filled, left));
                if (count < 0) {
                    throw new IOException("the connection ended " + left + " bytes too early");
                }
                left -= count;
                filled += count;
                if (filled == buffer.length || left == 0) {
                    int full = filled;
                    filled = 0;
                    append(part, full);
                }
            }
        } finally {
            append(part, filled); // what came before a failure
        }
    }

    private void append(int part, int count) throws DiskException {
        if (count > 0) {
            partial.append(part, ByteBuffer.wrap(buffer, 0, count));
        }
    }

    /** Reads the end of a body, without which its connection is not used again. */
    private static void finish(InputStream in) throws IOException {
        in.read();
    }
}
