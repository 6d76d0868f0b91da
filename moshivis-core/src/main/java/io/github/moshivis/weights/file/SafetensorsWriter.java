package io.github.moshivis.weights.file;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import io.github.moshivis.errors.CheckpointException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes a safetensors file tensor by tensor, in any order and in pieces, without holding it in memory.
 *
 * <p>Equal declarations, metadata and bytes give equal files, in whatever order they came: tensors lie by decreasing element
 * size, then by name, so that each is aligned to its elements, and the data starts at a multiple of 8.
 *
 * <p>Not safe for several threads.
 */
public final class SafetensorsWriter {
    private static final int DATA_ALIGNMENT = 8;

    private SafetensorsWriter() {}

    /**
     * Starts a file.
     *
     * @param target path of the file; an existing file is replaced by {@link TensorWriter#commit()}
     * @param tensors what will be written
     * @param metadata metadata of the file
     * @return a writer, to be closed by the caller
     * @throws IllegalArgumentException if a name occurs twice or cannot stand in a header, or the header would be too long
     * @throws CheckpointException if the file cannot be created
     */
    public static TensorWriter create(Path target, Collection<TensorSpec> tensors, Map<String, String> metadata) {
        List<TensorSpec> laidOut = tensors.stream()
                .sorted(Comparator.comparingInt((TensorSpec t) -> -t.type().alignment())
                        .thenComparing(TensorSpec::name))
                .toList();
        byte[] header = header(laidOut, metadata);
        Map<String, RegionFile.Region> regions = new LinkedHashMap<>();
        long next = header.length;
        for (TensorSpec tensor : laidOut) {
            regions.put(tensor.name(), new RegionFile.Region(next, next + tensor.byteLength()));
            next += tensor.byteLength();
        }
        return RegionFile.create("safetensors", target, header, regions, next);
    }

    /** The length, the JSON, and spaces up to the aligned start of the data. */
    private static byte[] header(List<TensorSpec> tensors, Map<String, String> metadata) {
        ByteArrayOutputStream json = new ByteArrayOutputStream();
        try (JsonGenerator out = JsonFactory.builder()
                .enable(StreamWriteFeature.STRICT_DUPLICATE_DETECTION)
                .build()
                .createGenerator(json)) {
            out.writeStartObject();
            if (!metadata.isEmpty()) {
                out.writeObjectFieldStart(SafetensorsHeaderParser.METADATA);
                for (Map.Entry<String, String> entry : new TreeMap<>(metadata).entrySet()) {
                    out.writeStringField(entry.getKey(), entry.getValue());
                }
                out.writeEndObject();
            }
            writeEntries(out, tensors);
            out.writeEndObject();
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "Cannot write a safetensors header: found " + e.getMessage() + ", expected distinct names of text.",
                    e);
        }
        int padded = -Math.floorDiv(-json.size(), DATA_ALIGNMENT) * DATA_ALIGNMENT;
        if (padded > SafetensorsHeader.MAX_HEADER_BYTES) {
            throw new IllegalArgumentException("Cannot write a safetensors header: found " + padded
                    + " bytes, expected at most " + SafetensorsHeader.MAX_HEADER_BYTES + ". Write less metadata.");
        }
        ByteBuffer header =
                ByteBuffer.allocate(SafetensorsHeader.LENGTH_BYTES + padded).order(ByteOrder.LITTLE_ENDIAN);
        header.putLong(padded).put(json.toByteArray());
        while (header.hasRemaining()) {
            header.put((byte) ' ');
        }
        return header.array();
    }

    private static void writeEntries(JsonGenerator out, List<TensorSpec> tensors) throws IOException {
        long offset = 0;
        for (TensorSpec tensor : tensors) {
            if (tensor.name().equals(SafetensorsHeaderParser.METADATA)) {
                throw new IllegalArgumentException("Cannot write a safetensors header: found a tensor named '"
                        + tensor.name() + "', expected another name, as this one is reserved. Rename it.");
            }
            if (tensor.type().isBlock()) {
                throw new IllegalArgumentException("Cannot write a safetensors header: found type " + tensor.type()
                        + " of tensor '" + tensor.name() + "', expected a scalar type. Write blocks to a GGUF file.");
            }
            long end = offset + tensor.byteLength();
            out.writeObjectFieldStart(tensor.name());
            out.writeStringField("dtype", tensor.type().name());
            out.writeFieldName("shape");
            out.writeArray(tensor.shape().toArray(), 0, tensor.shape().rank());
            out.writeFieldName("data_offsets");
            out.writeArray(new long[] {offset, end}, 0, 2);
            out.writeEndObject();
            offset = end;
        }
    }
}
