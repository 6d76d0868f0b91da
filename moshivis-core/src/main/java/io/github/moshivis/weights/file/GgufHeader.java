package io.github.moshivis.weights.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The checked header of a GGUF file: maps in the header's order, offsets counted from the start of the file. */
record GgufHeader(Map<String, String> metadata, Map<String, StoredTensor> tensors) {
    /** "GGUF" as a little-endian number. */
    static final int MAGIC = 0x46554747;

    /** The first version had 32-bit counts and was given up within weeks; the third differs from the second in its name only. */
    private static final int MIN_VERSION = 2;

    private static final int MAX_VERSION = 3;

    private static final String ALIGNMENT = "general.alignment";
    static final int DEFAULT_ALIGNMENT = 32;

    /** The format asks for multiples of 8; a page of a disk is the most that anybody aligns to. */
    private static final int MAX_ALIGNMENT = 1 << 16;

    /** A name's length, the number of dimensions, the type and the offset. */
    private static final int MIN_TENSOR_BYTES = Long.BYTES + Integer.BYTES + Integer.BYTES + Long.BYTES;

    /** By ggml's numbers ({@code enum ggml_type} in {@code ggml.h}): those that can be read. */
    private static final Map<Integer, StoredType> TYPES = Map.ofEntries(
            Map.entry(0, StoredType.F32),
            Map.entry(1, StoredType.F16),
            Map.entry(2, StoredType.Q4_0),
            Map.entry(3, StoredType.Q4_1),
            Map.entry(6, StoredType.Q5_0),
            Map.entry(7, StoredType.Q5_1),
            Map.entry(8, StoredType.Q8_0),
            Map.entry(12, StoredType.Q4_K),
            Map.entry(14, StoredType.Q6_K),
            Map.entry(30, StoredType.BF16));

    static GgufHeader read(Path file, FileChannel channel, long maxTensorBytes) throws IOException {
        long fileBytes = channel.size();
        long mapped = Math.min(fileBytes, SafetensorsHeader.MAX_HEADER_BYTES);
        ByteBuffer bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, mapped).order(ByteOrder.LITTLE_ENDIAN);
        String end = mapped < fileBytes ? "a header has at most " + mapped + " bytes" : "the file is truncated";
        return new Parser(new GgufCursor(file, bytes, end), fileBytes, maxTensorBytes).parse();
    }

    private record Parser(GgufCursor cursor, long fileBytes, long maxTensorBytes) {
        GgufHeader parse() {
            checkVersion();
            long tensorCount = cursor.count("number of tensors", MIN_TENSOR_BYTES);
            if (tensorCount > SafetensorsHeaderParser.MAX_TENSORS) {
                throw cursor.damaged(
                        "number of tensors", "" + tensorCount, "at most " + SafetensorsHeaderParser.MAX_TENSORS);
            }
            GgufMetadata metadata = GgufMetadata.read(cursor);
            List<StoredTensor> listed = new ArrayList<>();
            for (long i = 0; i < tensorCount; i++) {
                listed.add(tensor((int) i));
            }
            long alignment = alignment(metadata.values());
            long dataStart = -Math.floorDiv(-cursor.position(), alignment) * alignment;
            Map<String, StoredTensor> tensors = new LinkedHashMap<>();
            for (StoredTensor relative : listed) {
                if (tensors.put(relative.name(), place(relative, dataStart, alignment)) != null) {
                    throw cursor.damaged(quoted(relative.name()), "it twice", "each name once");
                }
            }
            checkOverlaps(tensors);
            return new GgufHeader(Collections.unmodifiableMap(metadata.values()), Collections.unmodifiableMap(tensors));
        }

        private void checkVersion() {
            int magic = cursor.uint32("magic number");
            if (magic != MAGIC) {
                throw cursor.damaged(
                        "magic number",
                        Integer.toHexString(Integer.reverseBytes(magic)),
                        "\"GGUF\": another kind of file");
            }
            int version = cursor.uint32("version");
            if (version < MIN_VERSION || version > MAX_VERSION) {
                boolean swapped = version == Integer.reverseBytes(MAX_VERSION);
                throw cursor.damaged(
                        "version",
                        swapped ? "a big-endian file" : Integer.toUnsignedString(version),
                        "version 2 or 3, little-endian");
            }
        }

        private long alignment(Map<String, String> metadata) {
            String given = metadata.get(ALIGNMENT);
            if (given == null) {
                return DEFAULT_ALIGNMENT;
            }
            if (!given.matches("\\d{1,6}")
                    || Integer.parseInt(given) == 0
                    || Integer.parseInt(given) % 8 != 0
                    || Integer.parseInt(given) > MAX_ALIGNMENT) {
                throw cursor.damaged(ALIGNMENT, given, "a multiple of 8 up to " + MAX_ALIGNMENT);
            }
            return Integer.parseInt(given);
        }

        /** An entry; its offset still counts from the start of the data. */
        private StoredTensor tensor(int index) {
            String name = cursor.text("name of tensor " + index);
            String what = quoted(name);
            int dimensions = cursor.uint32(what + " number of dimensions");
            if (dimensions < 0 || dimensions > Shape.MAX_RANK) {
                throw cursor.damaged(
                        what + " number of dimensions",
                        Integer.toUnsignedString(dimensions),
                        "at most " + Shape.MAX_RANK);
            }
            long[] shape = new long[dimensions]; // the file has them innermost first
            for (int i = dimensions - 1; i >= 0; i--) {
                shape[i] = cursor.uint64(what + " dimensions");
            }
            int number = cursor.uint32(what + " type");
            StoredType type = TYPES.get(number);
            if (type == null) {
                throw cursor.damaged(
                        what,
                        "ggml type " + Integer.toUnsignedString(number),
                        "one of " + TYPES.values().stream().sorted().toList());
            }
            long offset = cursor.uint64(what + " offset");
            try {
                return new StoredTensor(TensorSpec.of(name, type, shape), offset);
            } catch (IllegalArgumentException e) {
                throw cursor.damaged(what, e.getMessage(), "a shape that this library reads");
            }
        }

        private StoredTensor place(StoredTensor tensor, long dataStart, long alignment) {
            String what = quoted(tensor.name());
            long offset = tensor.offset();
            long dataBytes = Math.max(0, fileBytes - dataStart);
            if (offset < 0 || offset % alignment != 0) {
                throw cursor.damaged(
                        what, "offset " + Long.toUnsignedString(offset), "a multiple of the alignment, " + alignment);
            }
            if (offset > dataBytes || tensor.byteLength() > dataBytes - offset) {
                throw cursor.damaged(
                        what,
                        "offset " + offset + " and " + tensor.byteLength() + " bytes",
                        "an end within the " + dataBytes + " bytes of data there are: the file is truncated");
            }
            if (tensor.byteLength() > maxTensorBytes) {
                throw cursor.damaged(
                        what,
                        tensor.byteLength() + " bytes",
                        "at most " + maxTensorBytes + ", which is what Java maps in one piece");
            }
            return new StoredTensor(tensor.spec(), dataStart + offset);
        }

        private void checkOverlaps(Map<String, StoredTensor> tensors) {
            long end = 0;
            for (StoredTensor tensor :
                    tensors.values().stream().sorted(MappedWindows.BY_OFFSET).toList()) {
                if (tensor.offset() < end) {
                    throw cursor.damaged(
                            quoted(tensor.name()),
                            "a start at byte " + tensor.offset() + " of the file",
                            end + " or more: it overlaps another tensor");
                }
                end = tensor.offset() + tensor.byteLength();
            }
        }
    }

    private static String quoted(String name) {
        return SafetensorsHeader.quoted(name);
    }
}
