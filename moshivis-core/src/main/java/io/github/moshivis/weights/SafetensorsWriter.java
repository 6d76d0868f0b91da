package io.github.moshivis.weights;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import io.github.moshivis.errors.CheckpointException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Writes a safetensors file tensor by tensor, in any order and in pieces, without holding it in memory.
 *
 * <p>All tensors are declared first, since the header precedes the bytes. The file appears under its name whole or not at all: it
 * is written beside it, forced to the disk, and moved over it by {@link #commit()}; {@link #close()} without a commit deletes what
 * there is. Equal declarations, metadata and bytes give equal files, in whatever order they came: tensors lie by decreasing element
 * size, then by name, so that each is aligned to its elements, and the data starts at a multiple of 8.
 *
 * <p>Not safe for several threads.
 */
public final class SafetensorsWriter implements AutoCloseable {
    private static final int DATA_ALIGNMENT = 8;

    private final Path target;
    private final Path partial;
    private final FileChannel channel;
    private final Map<String, Region> regions;

    private SafetensorsWriter(Path target, Path partial, FileChannel channel, Map<String, Region> regions) {
        this.target = target;
        this.partial = partial;
        this.channel = channel;
        this.regions = regions;
    }

    /**
     * Starts a file.
     *
     * @param target where the file shall be; a file that is there is replaced by {@link #commit()}
     * @param tensors what will be written
     * @param metadata what the file says about itself
     * @return a writer, to be closed by the caller
     * @throws IllegalArgumentException if a name occurs twice or cannot stand in a header, or the header would be too long
     * @throws CheckpointException if the file cannot be created
     */
    public static SafetensorsWriter create(Path target, Collection<TensorSpec> tensors, Map<String, String> metadata) {
        List<TensorSpec> laidOut = tensors.stream()
                .sorted(Comparator.comparingInt((TensorSpec t) -> -t.type().alignment())
                        .thenComparing(TensorSpec::name))
                .toList();
        byte[] header = header(laidOut, metadata);
        Map<String, Region> regions = new LinkedHashMap<>();
        long next = header.length;
        for (TensorSpec tensor : laidOut) {
            regions.put(tensor.name(), new Region(next, next + tensor.byteLength()));
            next += tensor.byteLength();
        }
        Path file = target.toAbsolutePath();
        Path partial = file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID() + ".partial");
        try {
            FileChannel channel = FileChannel.open(partial, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            SafetensorsWriter writer = new SafetensorsWriter(file, partial, channel, regions);
            writer.writeFully(ByteBuffer.wrap(header), 0);
            return writer;
        } catch (IOException e) {
            throw failure(file, e);
        }
    }

    /**
     * Writes the next bytes of a tensor. Tensors may be written in any order, and each in any number of pieces.
     *
     * @param name a declared tensor
     * @param bytes its next bytes, little-endian; read from position to limit
     * @throws IllegalArgumentException if no such tensor was declared, or it would become longer than declared
     * @throws IllegalStateException after {@link #commit()} or {@link #close()}
     * @throws CheckpointException if writing fails
     */
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
            throw failure(target, e);
        }
        region.next += length;
    }

    /**
     * Puts the finished file in its place.
     *
     * @throws IllegalStateException if a tensor is not completely written, or the writer is closed
     * @throws CheckpointException if writing fails
     */
    public void commit() {
        checkOpen();
        List<String> unfinished = regions.entrySet().stream()
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
            Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw failure(target, e);
        }
    }

    /** Closes the file; deletes it if it was not committed. Idempotent. */
    @Override
    public void close() {
        try {
            channel.close();
            Files.deleteIfExists(partial);
        } catch (IOException e) {
            throw failure(target, e);
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
            out.writeArray(
                    tensor.shape().stream().mapToLong(Long::longValue).toArray(),
                    0,
                    tensor.shape().size());
            out.writeFieldName("data_offsets");
            out.writeArray(new long[] {offset, end}, 0, 2);
            out.writeEndObject();
            offset = end;
        }
    }

    private static CheckpointException failure(Path file, IOException cause) {
        return new CheckpointException(
                "Cannot write safetensors file " + file + ": found " + cause
                        + ", expected a writable directory with enough space. Free space or choose another place.",
                cause);
    }

    /** Where a tensor's next byte goes, and where its bytes end. */
    private static final class Region {
        private final long end;
        private long next;

        Region(long start, long end) {
            this.next = start;
            this.end = end;
        }

        long left() {
            return end - next;
        }
    }
}
