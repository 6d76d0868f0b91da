package io.github.moshivis.weights.file;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Writes a GGUF file of version 3 without metadata, which the Rust back end does not read: tensors in the order they are declared,
 * each at a multiple of 32 bytes. Source: {@code docs/gguf.md} of ggml-org/ggml.
 */
public final class GgufWriter {
    private static final int VERSION = 3;

    /** Magic, version, number of tensors, number of metadata. */
    private static final int FIXED_BYTES = 4 + 4 + 8 + 8;

    /** The numbers of ggml's types, those that are written. */
    private static final Map<StoredType, Integer> TYPES = Map.of(StoredType.F32, 0, StoredType.Q8_0, 8);

    private GgufWriter() {}

    /**
     * Starts a file.
     *
     * @param target path of the file; an existing file is replaced by {@link TensorWriter#commit()}
     * @param tensors what will be written
     * @return a writer, to be closed by the caller
     * @throws IllegalArgumentException if a name occurs twice, or a type is none of F32 and Q8_0
     * @throws io.github.moshivis.errors.CheckpointException if the file cannot be created
     */
    public static TensorWriter create(Path target, Collection<TensorSpec> tensors) {
        Map<String, Long> offsets = new LinkedHashMap<>();
        long data = 0;
        for (TensorSpec tensor : tensors) {
            if (!TYPES.containsKey(tensor.type())) {
                throw new IllegalArgumentException("Cannot write a GGUF header: found type " + tensor.type()
                        + " of tensor '" + tensor.name() + "', expected F32 or Q8_0. Write it as one of them.");
            }
            if (offsets.put(tensor.name(), data) != null) {
                throw new IllegalArgumentException("Cannot write a GGUF header: found two tensors named '"
                        + tensor.name() + "', expected distinct names. Rename one.");
            }
            data = aligned(data + tensor.byteLength());
        }
        byte[] header = header(tensors, offsets);
        Map<String, RegionFile.Region> regions = new HashMap<>();
        for (TensorSpec tensor : tensors) {
            long start = header.length + offsets.get(tensor.name());
            regions.put(tensor.name(), new RegionFile.Region(start, start + tensor.byteLength()));
        }
        return RegionFile.create("GGUF", target, header, regions, header.length + data);
    }

    private static byte[] header(Collection<TensorSpec> tensors, Map<String, Long> offsets) {
        int bytes = FIXED_BYTES;
        for (TensorSpec tensor : tensors) {
            int dimensions = tensor.shape().rank();
            bytes += 8 + utf8(tensor).length + 4 + 8 * dimensions + 4 + 8;
        }
        ByteBuffer header = ByteBuffer.allocate((int) aligned(bytes)).order(ByteOrder.LITTLE_ENDIAN);
        header.putInt(GgufHeader.MAGIC).putInt(VERSION).putLong(tensors.size()).putLong(0);
        for (TensorSpec tensor : tensors) {
            byte[] name = utf8(tensor);
            header.putLong(name.length).put(name).putInt(tensor.shape().rank());
            for (int i = tensor.shape().rank() - 1; i >= 0; i--) {
                header.putLong(tensor.shape().dimension(i)); // innermost first
            }
            header.putInt(TYPES.get(tensor.type())).putLong(offsets.get(tensor.name()));
        }
        return header.array();
    }

    private static byte[] utf8(TensorSpec tensor) {
        return tensor.name().getBytes(StandardCharsets.UTF_8);
    }

    private static long aligned(long bytes) {
        return -Math.floorDiv(-bytes, GgufHeader.DEFAULT_ALIGNMENT) * GgufHeader.DEFAULT_ALIGNMENT;
    }
}
