package io.github.moshivis.checkpoint;

import io.github.moshivis.config.LmConfig;
import io.github.moshivis.config.ModelConfig;
import io.github.moshivis.errors.CheckpointException;
import io.github.moshivis.weights.CheckpointFormat;
import io.github.moshivis.weights.SafetensorsFile;
import io.github.moshivis.weights.StoredTensor;
import io.github.moshivis.weights.TensorFile;
import io.github.moshivis.weights.TensorNames;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/** A language model's file, in whatever form, under our names: what its header says, and the bytes. Used by one thread. */
final class SourceModel implements AutoCloseable {
    /** Bytes that are handed out at a time, about. */
    private static final long CHUNK_BYTES = 1 << 24;

    private final TensorFile file;
    private final CheckpointFormat format;
    private final TensorNames names;

    private SourceModel(TensorFile file, CheckpointFormat format, TensorNames names) {
        this.file = file;
        this.format = format;
        this.names = names;
    }

    /**
     * Opens a file.
     *
     * @param path the file
     * @param config the model's sizes
     * @return the model, to be closed by the caller
     * @throws CheckpointException if it cannot be read, or is no language model's
     */
    static SourceModel open(Path path, LmConfig config) {
        return tryOpen(path, config)
                .orElseThrow(() -> new CheckpointException("Cannot use " + path.toAbsolutePath()
                        + " as a language model: found tensors with names of no known form, expected those of a PyTorch,"
                        + " candle, MLX or Moshi checkpoint. Check the path."));
    }

    /** As {@link #open}, but empty if it is a file of something else. */
    static Optional<SourceModel> tryOpen(Path path, LmConfig config) {
        TensorFile file = SafetensorsFile.open(path);
        Set<String> fileNames = file.tensors().keySet();
        Optional<CheckpointFormat> format = CheckpointFormat.of(fileNames);
        if (format.isEmpty()) {
            file.close();
        }
        return format.map(f -> new SourceModel(file, f, f.table(config.generatedStreams(), fileNames)));
    }

    Path path() {
        return file.path();
    }

    /** The form's name, in lower case. */
    String form() {
        return format.name().toLowerCase(Locale.ROOT);
    }

    Collection<StoredTensor> tensors() {
        return file.tensors().values();
    }

    /** A model's sizes as this file's: without what only a model has that sees images, if it sees none. */
    ModelConfig fit(ModelConfig config) {
        boolean sees = CheckpointFormat.seesImages(file.tensors().keySet());
        return sees || !config.lm().seesImages()
                ? config
                : new ModelConfig(config.lm().withoutImages(), config.mimi(), config.vision());
    }

    /** A tensor of ours, or empty if the file lacks it. */
    Optional<SourceTensor> find(String name, List<Long> shape) {
        return names.locate(name)
                .flatMap(location -> Optional.ofNullable(file.tensors().get(location.fileName()))
                        .map(stored -> SourceTensor.of(name, shape, stored, location, file.tensors())));
    }

    /**
     * What is missing or wrong.
     *
     * @param plan our names and shapes
     * @return one line each; empty if all is there
     */
    List<String> problems(Map<String, List<Long>> plan) {
        Map<String, String> problems = new LinkedHashMap<>();
        plan.forEach((name, shape) -> {
            Optional<TensorNames.Location> location = names.locate(name);
            String fileName = location.map(TensorNames.Location::fileName).orElse(name);
            List<Long> expected =
                    location.map(l -> SourceTensor.wholeShape(l, shape)).orElse(shape);
            Optional<SourceTensor> found = find(name, shape);
            (found.isEmpty() ? Optional.of("missing") : found.get().problem())
                    .ifPresent(problem -> problems.put(fileName, fileName + " " + problem + ", expected " + expected));
        });
        return List.copyOf(problems.values());
    }

    /**
     * Tensors that are no part of the model.
     *
     * @param plan our names and shapes
     * @return their names in the file, sorted
     */
    List<String> unused(Map<String, List<Long>> plan) {
        Set<String> unused = new TreeSet<>(file.tensors().keySet());
        plan.forEach((name, shape) -> find(name, shape).ifPresent(found -> unused.removeAll(found.fileNames())));
        return List.copyOf(unused);
    }

    /**
     * Reads a tensor of ours.
     *
     * @param tensor what {@link #find} gave
     * @param rows takes whole rows, a few at a time, stored as {@link SourceTensor#type} says
     */
    void read(SourceTensor tensor, Consumer<ByteBuffer> rows) {
        ByteBuffer bytes = file.bytes(tensor.stored().name()).slice();
        long rowBytes = tensor.type().byteLength(tensor.columns());
        int start = Math.toIntExact(tensor.firstRow() * rowBytes);
        int end = Math.toIntExact(start + tensor.rows() * rowBytes);
        int step = Math.toIntExact(Math.max(1, CHUNK_BYTES / Math.max(1, rowBytes)) * rowBytes);
        for (int at = start; at < end; at += step) {
            rows.accept(bytes.slice(at, Math.min(step, end - at)).order(ByteOrder.LITTLE_ENDIAN));
        }
    }

    @Override
    public void close() {
        file.close();
    }
}
