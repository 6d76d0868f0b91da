package io.github.moshivis.hub;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;

/** The bytes of a file on the test hub, in memory or on the disk. */
public interface Content {
    long size();

    byte[] read(long position, int count);

    static Content of(byte[] bytes) {
        return new Content() {
            @Override
            public long size() {
                return bytes.length;
            }

            @Override
            public byte[] read(long position, int count) {
                return java.util.Arrays.copyOfRange(bytes, (int) position, (int) position + count);
            }
        };
    }

    static Content of(String text) {
        return of(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    /** Bytes that look like weights: without any order. */
    static Content random(long seed, int size) {
        byte[] bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        return of(bytes);
    }

    static Content of(Path file) throws IOException {
        long size = Files.size(file);
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        return new Content() {
            @Override
            public long size() {
                return size;
            }

            @Override
            public byte[] read(long position, int count) {
                ByteBuffer into = ByteBuffer.allocate(count);
                try {
                    while (into.hasRemaining() && channel.read(into, position + into.position()) >= 0) {
                        // until it is full
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                return into.array();
            }
        };
    }

    default byte[] bytes() {
        return read(0, Math.toIntExact(size()));
    }
}
