package io.github.moshivis.hub;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * A file that is being fetched in parts, with a record of how far each part is. The bytes are written before the record says so:
 * a process that is killed loses at most what it had not recorded, one buffer a connection. (A machine that loses power may
 * lose more, which the hash at the end tells.)
 *
 * <p>The record: size of the file, length of a part, then for each part the bytes that are there, counted from its start; all
 * big-endian 64-bit numbers. One that does not fit the file is as good as none.
 *
 * <p>Threads: each part is written by one thread at a time; everything may be read by any.
 */
final class PartialFile implements Closeable {
    private static final int HEADER_BYTES = 2 * Long.BYTES;

    private final Path dataFile;
    private final Path recordFile;
    private final long size;
    private final long partBytes;
    private final AtomicLongArray done;
    private final FileChannel data;
    private final FileChannel record;

    private PartialFile(
            Path dataFile, Path recordFile, long size, long partBytes, FileChannel data, FileChannel record) {
        this.dataFile = dataFile;
        this.recordFile = recordFile;
        this.size = size;
        this.partBytes = partBytes;
        this.data = data;
        this.record = record;
        this.done = new AtomicLongArray(Math.toIntExact((size + partBytes - 1) / partBytes));
    }

    /** Opens the file of an earlier attempt, or creates it. */
    static PartialFile open(Path dataFile, Path recordFile, long size, long partBytes) throws IOException {
        Files.createDirectories(dataFile.getParent());
        FileChannel data = openChannel(dataFile);
        try {
            FileChannel record = openChannel(recordFile);
            PartialFile file = new PartialFile(dataFile, recordFile, size, partBytes, data, record);
            if (!file.readRecord()) {
                file.reset();
            }
            return file;
        } catch (IOException e) {
            data.close();
            throw e;
        }
    }

    private static FileChannel openChannel(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    /** Returns the number of bytes of an earlier attempt, without opening it for writing; 0 if unknown. */
    static long finishedBytes(Path dataFile, Path recordFile, long size) throws IOException {
        if (!Files.isRegularFile(dataFile) || !Files.isRegularFile(recordFile)) {
            return 0;
        }
        ByteBuffer numbers = ByteBuffer.wrap(Files.readAllBytes(recordFile));
        if (numbers.remaining() < HEADER_BYTES || numbers.getLong() != size) {
            return 0;
        }
        numbers.getLong();
        long sum = 0;
        while (numbers.remaining() >= Long.BYTES) {
            sum += numbers.getLong();
        }
        return Math.max(0, Math.min(sum, size));
    }

    private boolean readRecord() throws IOException {
        ByteBuffer numbers = ByteBuffer.allocate(HEADER_BYTES + parts() * Long.BYTES);
        if (record.size() != numbers.capacity()) {
            return false;
        }
        readFully(record, numbers, 0);
        if (numbers.getLong() != size || numbers.getLong() != partBytes) {
            return false;
        }
        for (int part = 0; part < parts(); part++) {
            long finished = numbers.getLong();
            if (finished < 0 || finished > length(part) || finished > 0 && start(part) + finished > data.size()) {
                return false;
            }
            done.set(part, finished);
        }
        return true;
    }

    /** Forgets all bytes. */
    void reset() throws IOException {
        record.truncate(0);
        data.truncate(0);
        ByteBuffer numbers = ByteBuffer.allocate(HEADER_BYTES + parts() * Long.BYTES);
        numbers.putLong(size).putLong(partBytes).clear();
        writeFully(record, numbers, 0);
        for (int part = 0; part < parts(); part++) {
            done.set(part, 0);
        }
    }

    long size() {
        return size;
    }

    int parts() {
        return done.length();
    }

    long start(int part) {
        return part * partBytes;
    }

    long length(int part) {
        return Math.min(partBytes, size - start(part));
    }

    long finished(int part) {
        return done.get(part);
    }

    boolean isFinished(int part) {
        return finished(part) == length(part);
    }

    /** Returns the number of finished bytes of all parts. */
    long finishedBytes() {
        long sum = 0;
        for (int part = 0; part < parts(); part++) {
            sum += finished(part);
        }
        return sum;
    }

    /** Appends bytes to a part. */
    void append(int part, ByteBuffer bytes) throws DiskException {
        long finished = finished(part);
        int count = bytes.remaining();
        if (finished + count > length(part)) {
            throw new IllegalArgumentException("Cannot append " + count + " bytes to part " + part + ": it has "
                    + finished + " of " + length(part) + "; write to the next part");
        }
        ByteBuffer number =
                ByteBuffer.allocate(Long.BYTES).putLong(finished + count).flip();
        try {
            writeFully(data, bytes, start(part) + finished);
            writeFully(record, number, HEADER_BYTES + (long) part * Long.BYTES);
        } catch (IOException e) {
            throw new DiskException(e);
        }
        done.set(part, finished + count);
    }

    /** Reads finished bytes. */
    void read(ByteBuffer into, long position) throws DiskException {
        try {
            readFully(data, into, position);
        } catch (IOException e) {
            throw new DiskException(e);
        }
    }

    /** Flushes appended bytes to the disk. */
    void flush() throws DiskException {
        try {
            data.force(false);
        } catch (IOException e) {
            throw new DiskException(e);
        }
    }

    /** Renames the complete file to its final name, after flushing it: the name must never exist without the bytes. */
    void moveTo(Path target) throws IOException {
        data.force(true);
        close();
        Files.move(dataFile, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        Files.deleteIfExists(recordFile);
    }

    @Override
    public void close() throws IOException {
        try (data) {
            record.close();
        }
    }

    private static void writeFully(FileChannel channel, ByteBuffer bytes, long position) throws IOException {
        long at = position;
        while (bytes.hasRemaining()) {
            at += channel.write(bytes, at);
        }
    }

    private static void readFully(FileChannel channel, ByteBuffer into, long position) throws IOException {
        long at = position;
        while (into.hasRemaining()) {
            int count = channel.read(into, at);
            if (count < 0) {
                throw new IOException("a partial file ends at " + at + ", before its record says");
            }
            at += count;
        }
        into.flip();
    }
}
