package io.github.moshivis.weights.file;

import io.github.moshivis.errors.CheckpointException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;

/** Base of the writers of all containers: a header, then a region of bytes for each tensor. */
final class RegionFile implements TensorWriter {
    private final String kind;
    private final Path target;
    private final PartialPlace partial;
    private final FileChannel channel;
    private final Map<String, Region> regions;

    private RegionFile(
            String kind, Path target, PartialPlace partial, FileChannel channel, Map<String, Region> regions) {
        this.kind = kind;
        this.target = target;
        this.partial = partial;
        this.channel = channel;
        this.regions = regions;
    }

    /**
     * Starts a file.
     *
     * @param kind the container's name, for messages
     * @param target path of the file
     * @param header its first bytes
     * @param regions where each tensor goes, from the start of the file
     * @param length the bytes of the whole file; those that belong to no region are zeros
     * @return the file, to be closed by the caller
     */
    static RegionFile create(String kind, Path target, byte[] header, Map<String, Region> regions, long length) {
        Path file = target.toAbsolutePath();
        try {
            PartialPlace partial = PartialPlace.beside(file);
            RegionFile created = new RegionFile(kind, file, partial, open(partial), regions);
            created.begin(header, length);
            return created;
        } catch (IOException e) {
            throw CheckpointException.notWritten(kind + " file", file, e);
        }
    }

    private static FileChannel open(PartialPlace partial) throws IOException {
        try {
            return FileChannel.open(partial.path(), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        } catch (IOException e) {
            partial.close();
            throw e;
        }
    }

    private void begin(byte[] header, long length) throws IOException {
        try {
            writeFully(ByteBuffer.wrap(header), 0);
            if (length > header.length) {
                writeFully(ByteBuffer.allocate(1), length - 1);
            }
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    @Override
    public void write(String name, ByteBuffer bytes) {
        checkOpen();
        Region region = regions.get(name);
        if (region == null) {
            throw new IllegalArgumentException("Cannot write tensor '" + name + "' to " + target
                    + ": found no declaration, expected one of " + regions.size() + ". Declare it when creating.");
        }
        if (bytes.remaining() > region.left()) {
            throw new IllegalArgumentException("Cannot write tensor '" + name + "' to " + target + ": found "
                    + bytes.remaining() + " bytes, expected at most the " + region.left()
                    + " that its declared shape leaves. Correct the declaration or the data.");
        }
        int length = bytes.remaining();
        try {
            writeFully(bytes, region.next);
        } catch (IOException e) {
            throw CheckpointException.notWritten(kind + " file", target, e);
        }
        region.next += length;
    }

    @Override
    public void commit() {
        checkOpen();
        var unfinished = regions.entrySet().stream()
                .filter(e -> e.getValue().left() > 0)
                .map(Map.Entry::getKey)
                .toList();
        if (!unfinished.isEmpty()) {
            throw new IllegalStateException("Cannot finish " + target + ": found " + unfinished.size()
                    + " tensors incomplete, such as '" + unfinished.get(0)
                    + "', expected none. Write all declared bytes first.");
        }
        try {
            channel.force(true);
            channel.close();
            Files.move(partial.path(), target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw CheckpointException.notWritten(kind + " file", target, e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
            Files.deleteIfExists(partial.path());
            partial.close();
        } catch (IOException e) {
            throw CheckpointException.notWritten(kind + " file", target, e);
        }
    }

    private void checkOpen() {
        if (!channel.isOpen()) {
            throw new IllegalStateException("Cannot write to " + target + ": this writer is closed. Create another.");
        }
    }

    private void writeFully(ByteBuffer bytes, long position) throws IOException {
        long at = position;
        while (bytes.hasRemaining()) {
            at += channel.write(bytes, at);
        }
    }

    /** The position of a tensor's next byte, and the end of its bytes. */
    static final class Region {
        private final long end;
        private long next;

        Region(long start, long end) {
            this.next = start;
            this.end = end;
        }

        private long left() {
            return end - next;
        }
    }
}
