package io.github.moshivis.weights;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes a GGUF file of version 3 without metadata, which the Rust back end does not read: tensors in the order they are declared,
 * each at a multiple of 32 bytes. Source: {@code docs/gguf.md} of ggml-org/ggml.
 */
public final class GgufWriter implements TensorWriter {
    /** The letters GGUF, as a little-endian number. */
    private static final int MAGIC = 0x46554747;

    private static final int VERSION = 3;

    /** Where a file says nothing else. */
    private static final int ALIGNMENT = 32;

    /** Magic, version, number of tensors, number of metadata. */
    private static final int FIXED_BYTES = 4 + 4 + 8 + 8;

    /** How elements are stored: those of ggml's types that are written. */
    public enum Type {
        /** IEEE 754 single. */
        F32(0, 1, 4),
        /** Blocks of {@link Q8Blocks}. */
        Q8_0(8, Q8Blocks.ELEMENTS, Q8Blocks.BYTES);

        private final int id;
        private final int blockElements;
        private final int blockBytes;

        Type(int id, int blockElements, int blockBytes) {
            this.id = id;
            this.blockElements = blockElements;
            this.blockBytes = blockBytes;
        }
    }

    /**
     * A tensor to write.
     *
     * @param name its name
     * @param type how it is stored
     * @param shape the dimensions, outermost first; the last is a multiple of the type's block
     */
    public record Entry(String name, Type type, List<Long> shape) {
        /**
         * Checks that blocks do not cross rows.
         *
         * @throws IllegalArgumentException if they would
         */
        public Entry {
            shape = List.copyOf(shape);
            long row = shape.isEmpty() ? 1 : shape.get(shape.size() - 1);
            if (row % type.blockElements != 0) {
                throw new IllegalArgumentException("Cannot store tensor '" + name + "' as " + type + ": found rows of "
                        + row + " elements, expected a multiple of " + type.blockElements + ". Store it as F32.");
            }
        }

        /**
         * Its size in the file.
         *
         * @return bytes, without alignment
         */
        public long byteLength() {
            long elements = shape.stream().mapToLong(Long::longValue).reduce(1, Math::multiplyExact);
            return elements / type.blockElements * type.blockBytes;
        }
    }

    private final RegionFile file;

    private GgufWriter(RegionFile file) {
        this.file = file;
    }

    /**
     * Starts a file.
     *
     * @param target where the file shall be; a file that is there is replaced by {@link #commit()}
     * @param tensors what will be written
     * @return a writer, to be closed by the caller
     * @throws IllegalArgumentException if a name occurs twice
     * @throws io.github.moshivis.errors.CheckpointException if the file cannot be created
     */
    public static GgufWriter create(Path target, Collection<Entry> tensors) {
        Map<String, Long> offsets = new LinkedHashMap<>();
        long data = 0;
        for (Entry tensor : tensors) {
            if (offsets.put(tensor.name, data) != null) {
                throw new IllegalArgumentException("Cannot write a GGUF header: found two tensors named '" + tensor.name
                        + "', expected distinct names. Rename one.");
            }
            data = aligned(data + tensor.byteLength());
        }
        byte[] header = header(tensors, offsets);
        Map<String, RegionFile.Region> regions = new HashMap<>();
        for (Entry tensor : tensors) {
            long start = header.length + offsets.get(tensor.name);
            regions.put(tensor.name, new RegionFile.Region(start, start + tensor.byteLength()));
        }
        return new GgufWriter(RegionFile.create("GGUF", target, header, regions, header.length + data));
    }

    @Override
    public void write(String name, ByteBuffer bytes) {
        file.write(name, bytes);
    }

    @Override
    public void commit() {
        file.commit();
    }

    @Override
    public void close() {
        file.close();
    }

    private static byte[] header(Collection<Entry> tensors, Map<String, Long> offsets) {
        int bytes = FIXED_BYTES;
        for (Entry tensor : tensors) {
            int dimensions = tensor.shape.size();
            bytes += 8 + utf8(tensor).length + 4 + 8 * dimensions + 4 + 8;
        }
        ByteBuffer header = ByteBuffer.allocate((int) aligned(bytes)).order(ByteOrder.LITTLE_ENDIAN);
        header.putInt(MAGIC).putInt(VERSION).putLong(tensors.size()).putLong(0);
        for (Entry tensor : tensors) {
            byte[] name = utf8(tensor);
            header.putLong(name.length).put(name).putInt(tensor.shape.size());
            for (int i = tensor.shape.size() - 1; i >= 0; i--) {
                header.putLong(tensor.shape.get(i)); // innermost first
            }
            header.putInt(tensor.type.id).putLong(offsets.get(tensor.name));
        }
        return header.array();
    }

    private static byte[] utf8(Entry tensor) {
        return tensor.name.getBytes(StandardCharsets.UTF_8);
    }

    private static long aligned(long bytes) {
        return -Math.floorDiv(-bytes, ALIGNMENT) * ALIGNMENT;
    }
}
