package io.github.moshivis.weights.file;

import io.github.moshivis.errors.CheckpointException;
import java.nio.file.Path;
import java.util.Map;

/**
 * A safetensors file over mapped memory: opening reads the header only, whatever the size of the file.
 *
 * <p>Format: an 8-byte little-endian header length, a JSON header from names to dtype, shape and byte range, then the bytes of the
 * tensors without gaps (<a href="https://huggingface.co/docs/safetensors">huggingface.co/docs/safetensors</a>). As in the reference
 * library, a header is at most 100 MB, and ranges must cover the rest of the file exactly. Beyond it, one tensor is at most 2 GiB,
 * since a Java buffer is; the largest of a released checkpoint has 262 MB.
 */
public final class SafetensorsFile extends MappedFile {
    private static final String KIND = "safetensors file";

    private SafetensorsFile(Path path, SafetensorsHeader header, Map<String, TensorBytes> bytes) {
        super(KIND, path, header.metadata(), header.tensors(), bytes);
    }

    /**
     * Opens a file, checks its header and maps its tensors.
     *
     * @param path the file
     * @return the open file, to be closed by the caller
     * @throws CheckpointException if it is missing, unreadable, truncated, or not a well-formed safetensors file
     */
    public static SafetensorsFile open(Path path) {
        return open(path, MappedWindows.MAX_BYTES);
    }

    static SafetensorsFile open(Path path, long windowBytes) {
        return open(KIND, path, (file, channel) -> {
            SafetensorsHeader header = SafetensorsHeader.read(file, channel, windowBytes);
            return new SafetensorsFile(
                    file, header, MappedWindows.map(channel, header.tensors().values(), windowBytes));
        });
    }
}
