package io.github.moshivis.weights.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes safetensors files by hand, right or wrong. */
final class SafetensorsFiles {
    private SafetensorsFiles() {}

    static Path write(Path directory, String header, int dataBytes) throws IOException {
        return write(directory, header.getBytes(StandardCharsets.UTF_8), dataBytes);
    }

    static Path write(Path directory, byte[] header, int dataBytes) throws IOException {
        return write(directory, header.length, header, dataBytes);
    }

    static Path write(Path directory, long headerLength, byte[] header, int dataBytes) throws IOException {
        ByteBuffer file = ByteBuffer.allocate(8 + header.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(headerLength).put(header);
        for (int i = 0; i < dataBytes; i++) {
            file.put((byte) i);
        }
        return Files.write(directory.resolve("file.safetensors"), file.array());
    }

    static String entry(String name, String dtype, String shape, String offsets) {
        return "\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":%s}".formatted(name, dtype, shape, offsets);
    }
}
