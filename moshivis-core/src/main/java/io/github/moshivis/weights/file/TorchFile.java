package io.github.moshivis.weights.file;

import io.github.moshivis.errors.CheckpointException;
import io.github.moshivis.filetype.FileType;
import io.github.moshivis.filetype.ModelFileType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * A small file of named tensors as {@code torch.save} writes it ({@code .pt}): a zip with a pickle that describes the tensors and one entry
 * of little-endian elements for each. Only a flat dictionary of contiguous tensors is read; no code of the file is executed. Whole in memory;
 * immutable but for the buffers' positions.
 */
public final class TorchFile {
    /** The largest tensor that is read: many times a voice prompt of the released model, which has half a megabyte. */
    public static final long MAX_TENSOR_BYTES = 64L << 20;

    private static final int MAX_ENTRIES = 64;
    private static final int MAX_PICKLE_BYTES = 1 << 16;
    private static final String PICKLE = "/data.pkl";

    private TorchFile() {}

    /**
     * A tensor and its elements.
     *
     * @param type of an element
     * @param shape its dimensions
     * @param elements little-endian bytes, row by row
     */
    public record Tensor(StoredType type, Shape shape, ByteBuffer elements) {}

    /**
     * Reads all tensors of a file.
     *
     * @param file the file
     * @return its tensors by name, in the order of the file
     * @throws CheckpointException if it cannot be read, is no such file, or is anything but a dictionary of tensors
     */
    public static Map<String, Tensor> read(Path file) {
        Optional<FileType> type = FileType.of(file).filter(found -> found != FileType.ZIP);
        if (type.isPresent()) {
            throw ModelFileType.refusal(file, type.get(), "a dictionary of tensors as torch.save writes it");
        }
        try (ZipFile zip = new ZipFile(file.toFile())) {
            require(zip.size() <= MAX_ENTRIES, zip.size() + " entries");
            ZipEntry pickle = pickle(zip);
            String folder = pickle.getName().substring(0, pickle.getName().length() - PICKLE.length());
            ZipEntry order = zip.getEntry(folder + "/byteorder");
            if (order != null) {
                String name = new String(bytes(zip, order, MAX_ENTRIES), StandardCharsets.US_ASCII).strip();
                require(name.equals("little"), "the byte order " + name);
            }
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            for (var entry :
                    TorchPickle.read(bytes(zip, pickle, MAX_PICKLE_BYTES)).entrySet()) {
                tensors.put(entry.getKey(), tensor(zip, folder, entry.getValue()));
            }
            return Collections.unmodifiableMap(tensors);
        } catch (IOException | IllegalArgumentException e) {
            throw new CheckpointException(
                    "Cannot read " + file.toAbsolutePath() + ": found " + e.getMessage()
                            + ", expected a dictionary of tensors as torch.save writes it; fetch the file again",
                    e);
        }
    }

    private static ZipEntry pickle(ZipFile zip) {
        List<? extends ZipEntry> found =
                zip.stream().filter(entry -> entry.getName().endsWith(PICKLE)).toList();
        require(found.size() == 1, found.size() + " entries named data.pkl");
        return found.get(0);
    }

    private static Tensor tensor(ZipFile zip, String folder, TorchPickle.Tensor described) throws IOException {
        String name = folder + "/data/" + described.storage();
        ZipEntry entry = zip.getEntry(name);
        require(entry != null, "no entry " + name);
        require(described.elements() <= MAX_TENSOR_BYTES, "a tensor of " + described.elements() + " elements");
        long length = described.type().byteLength(described.elements());
        byte[] elements = bytes(zip, entry, MAX_TENSOR_BYTES);
        require(elements.length == length, elements.length + " bytes in " + name + " where " + length + " belong");
        return new Tensor(
                described.type(), described.shape(), ByteBuffer.wrap(elements).order(ByteOrder.LITTLE_ENDIAN));
    }

    private static byte[] bytes(ZipFile zip, ZipEntry entry, long atMost) throws IOException {
        try (InputStream in = zip.getInputStream(entry)) {
            byte[] bytes = in.readNBytes((int) atMost + 1);
            require(bytes.length <= atMost, "more than " + atMost + " bytes in " + entry.getName());
            return bytes;
        }
    }

    private static void require(boolean holds, String found) {
        if (!holds) {
            throw new IllegalArgumentException(found);
        }
    }
}
