package io.github.moshivis.weights.file;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes GGUF files by hand, right or wrong. */
final class GgufBytes {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** A header's start: magic, version, number of tensors, number of metadata entries. */
    static GgufBytes header(int version, long tensors, long entries) {
        return new GgufBytes().raw("GGUF").int32(version).int64(tensors).int64(entries);
    }

    GgufBytes raw(String text) {
        out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    GgufBytes raw(byte... bytes) {
        out.writeBytes(bytes);
        return this;
    }

    GgufBytes int32(int value) {
        return raw(number(Integer.BYTES).putInt(value).array());
    }

    GgufBytes int64(long value) {
        return raw(number(Long.BYTES).putLong(value).array());
    }

    GgufBytes text(String text) {
        return int64(text.getBytes(StandardCharsets.UTF_8).length).raw(text);
    }

    /** A tensor's entry, with its dimensions in the file's order. */
    GgufBytes tensor(String name, int type, long offset, long... innermostFirst) {
        text(name).int32(innermostFirst.length);
        for (long size : innermostFirst) {
            int64(size);
        }
        return int32(type).int64(offset);
    }

    /** Zeros up to the next multiple. */
    GgufBytes align(int alignment) {
        while (out.size() % alignment != 0) {
            out.write(0);
        }
        return this;
    }

    Path write(Path directory) throws IOException {
        return Files.write(directory.resolve("file.gguf"), out.toByteArray());
    }

    private static ByteBuffer number(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
