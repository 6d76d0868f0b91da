package io.github.moshivis.checkpoint;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Content of a checkpoint as stated by its headers and its configuration.
 *
 * @param path the directory or file
 * @param form whose names the language model's file has: {@code pytorch}, {@code candle}, {@code mlx} or {@code moshi}; {@code mimi}
 *     for the codec's file; {@code unknown} for a file of none, {@code none} for a directory without one
 * @param storage how the elements are stored, the commonest first, such as {@code q4 group 32} or {@code BF16}
 * @param tensors all tensors, file by file, in the order of the headers
 * @param parameters how many parameters each part has; parts that are not there are not in it
 * @param memory what the weights take when loaded, in bytes; empty if the checkpoint is no whole language model
 * @param missing what a whole model would have and this lacks, or what is wrong, one line each; empty if it can be loaded
 * @param unused names of tensors that the model does not use
 */
public record Description(
        Path path,
        String form,
        List<String> storage,
        List<StoredTensorInfo> tensors,
        Map<ModelPart, Long> parameters,
        Optional<Memory> memory,
        List<String> missing,
        List<String> unused) {
    /**
     * A tensor in a file.
     *
     * @param file the file's name
     * @param name its name
     * @param type how its elements are stored, by the names of safetensors and GGUF
     * @param shape its dimensions, outermost first
     * @param bytes what it takes in the file
     * @param part the part of the model; empty if the model does not use it
     */
    public record StoredTensorInfo(
            String file, String name, String type, List<Long> shape, long bytes, Optional<ModelPart> part) {}

    /**
     * Memory of loaded weights in bytes, including the codec's (always float32). Keys and values of conversations come on top.
     *
     * @param f32 in float32
     * @param bf16 in bfloat16
     * @param q8 matrices that are multiplied in 8 bits, the others in bfloat16
     * @param q4 matrices of the temporal transformer in 4 bits and groups of 32, its gates, the heads and the depth transformer in 8 bits,
     *     the others in bfloat16
     * @param perConversation keys and values of one conversation in bfloat16, at its longest; twice as much in float32
     */
    public record Memory(long f32, long bf16, long q8, long q4, long perConversation) {}

    /**
     * Returns whether nothing is missing.
     *
     * @return true if it can be loaded
     */
    public boolean isComplete() {
        return missing.isEmpty();
    }

    /**
     * All parameters.
     *
     * @return the sum over all parts
     */
    public long totalParameters() {
        return parameters.values().stream().mapToLong(Long::longValue).sum();
    }
}
