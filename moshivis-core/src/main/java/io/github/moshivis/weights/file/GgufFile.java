package io.github.moshivis.weights.file;

import io.github.moshivis.errors.CheckpointException;
import java.nio.file.Path;
import java.util.Map;

/**
 * A GGUF file of version 2 or 3 over mapped memory: opening reads the header only, whatever the size of the file.
 *
 * <p>Format: magic, version, counts, metadata, then for each tensor name, dimensions (innermost first in the file; here as
 * everywhere outermost first), type and offset; then the data, aligned to {@code general.alignment} or 32 bytes (<a
 * href="https://github.com/ggml-org/ggml/blob/master/docs/gguf.md">ggml's gguf.md</a>). Read are F32, F16, BF16, Q8_0, Q4_0, Q4_1, Q5_0,
 * Q5_1, Q4_K and Q6_K. A header is at most 100 MB, one tensor at most 2 GiB.
 */
public final class GgufFile extends MappedFile {
    private static final String KIND = "GGUF file";

    private GgufFile(Path path, GgufHeader header, Map<String, TensorBytes> bytes) {
        super(KIND, path, header.metadata(), header.tensors(), bytes);
    }

    /**
     * Opens a file, checks its header and maps its tensors.
     *
     * @param path the file
     * @return the open file, to be closed by the caller
     * @throws CheckpointException if it is missing, unreadable, truncated, not a well-formed GGUF file, or has a tensor of another type
     */
    public static GgufFile open(Path path) {
        return open(KIND, path, (file, channel) -> {
            GgufHeader header = GgufHeader.read(file, channel, MappedWindows.MAX_BYTES);
            return new GgufFile(
                    file, header, MappedWindows.map(channel, header.tensors().values(), MappedWindows.MAX_BYTES));
        });
    }
}
