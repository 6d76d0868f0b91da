package io.github.moshivis.hub;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;

/**
 * Hashes a partial file from its beginning, following close behind the parts as they are finished: the bytes are still in the
 * operating system's memory then, and little is left to hash when the last one arrives.
 */
final class PrefixHasher {
    private static final int BUFFER_BYTES = 1 << 20;

    private final PartialFile file;
    private final MessageDigest digest;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    private long hashed;
    private int part;

    PrefixHasher(PartialFile file, ContentHash hash) {
        this.file = file;
        this.digest = hash.begin(file.size());
    }

    /** Hashes up to a buffer of what has become available; returns whether there was any. */
    boolean advance() throws IOException {
        while (part < file.parts() && hashed == file.start(part) + file.length(part)) {
            part++;
        }
        if (part == file.parts()) {
            return false;
        }
        long available = file.start(part) + file.finished(part) - hashed;
        if (available == 0) {
            return false;
        }
        buffer.clear().limit((int) Math.min(available, BUFFER_BYTES));
        file.read(buffer, hashed);
        digest.update(buffer.array(), 0, buffer.limit());
        hashed += buffer.limit();
        return true;
    }

    boolean isComplete() {
        return hashed == file.size();
    }

    /** The hash of the complete file. */
    String hex() {
        return ContentHash.end(digest);
    }
}
