package io.github.moshivis.checkpoint;

import io.github.moshivis.layout.ModelConfig;
import io.github.moshivis.layout.ModelDirectory;
import io.github.moshivis.lm.LanguageModelFile;
import io.github.moshivis.weights.NamedTensors;
import io.github.moshivis.weights.StoredWeights;
import io.github.moshivis.weights.file.Shape;
import io.github.moshivis.weights.file.StoredTensor;
import io.github.moshivis.weights.file.StoredType;
import io.github.moshivis.weights.file.TensorFile;
import io.github.moshivis.weights.names.TensorNames;
import io.github.moshivis.weights.quant.Floats;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/** A language model's file, in whatever form, under our names: what its header says, and the bytes. Used by one thread. */
final class SourceModel implements AutoCloseable {
    /** Elements that are handed out at a time, about. */
    private static final long CHUNK = 1 << 23;

    private final LanguageModelFile model;
    private final TensorFile file;
    private final TensorNames names;

    private SourceModel(LanguageModelFile model) {
        this.model = model;
        this.file = model.file();
        this.names = model.names();
    }

    /**
     * Opens a file.
     *
     * @param path the file
     * @param directory the model that it belongs to
     * @return the model, to be closed by the caller
     * @throws io.github.moshivis.errors.CheckpointException if it cannot be read, or is no language model's
     */
    static SourceModel open(Path path, ModelDirectory directory) {
        return new SourceModel(LanguageModelFile.open(path, directory));
    }

    Path path() {
        return file.path();
    }

    /** The form's name, in lower case. */
    String form() {
        return model.format().name().toLowerCase(Locale.ROOT);
    }

    /** The model's sizes. */
    ModelConfig config() {
        return model.config();
    }

    Collection<StoredTensor> tensors() {
        return file.tensors().values();
    }

    /** A tensor of ours, or empty if the file lacks it. */
    Optional<SourceTensor> find(String name, Shape shape) {
        return names.locate(name)
                .filter(location -> file.tensors().containsKey(location.fileName()))
                .map(location -> new SourceTensor(
                        name,
                        shape,
                        file.tensors().get(location.fileName()),
                        new StoredWeights(file, location.fileName(), location.wholeShape(shape)),
                        location));
    }

    /** Lists missing and wrong tensors; see {@link NamedTensors#problems}. */
    List<String> problems(Map<String, Shape> plan) {
        return new NamedTensors(file, names).problems(plan);
    }

    /**
     * Tensors that are no part of the model.
     *
     * @param plan our names and shapes
     * @return their names in the file, sorted
     */
    List<String> unused(Map<String, Shape> plan) {
        Set<String> unused = new TreeSet<>(file.tensors().keySet());
        plan.forEach((name, shape) -> find(name, shape).ifPresent(found -> unused.removeAll(fileNames(found))));
        return List.copyOf(unused);
    }

    /** All names in the file that belong to a tensor. */
    static Set<String> fileNames(SourceTensor tensor) {
        return tensor.weights().isQuantized()
                ? StoredWeights.names(tensor.stored().name())
                : Set.of(tensor.stored().name());
    }

    /**
     * Reads a tensor of ours.
     *
     * @param tensor what {@link #find} gave
     * @param rows takes whole rows, a few at a time, little-endian, stored as {@link SourceTensor#type} says
     */
    void read(SourceTensor tensor, Consumer<ByteBuffer> rows) {
        long atATime = Math.max(1, CHUNK / Math.max(1, tensor.columns()));
        for (long row = 0; row < tensor.rows(); row += atATime) {
            long first = tensor.firstRow() + row;
            long count = Math.min(atATime, tensor.rows() - row);
            rows.accept(tensor.weights().isQuantized() ? rounded(tensor, first, count) : stored(tensor, first, count));
        }
    }

    private ByteBuffer stored(SourceTensor tensor, long first, long count) {
        long rowBytes = tensor.type().byteLength(tensor.columns());
        return file.bytes(tensor.stored().name())
                .slice()
                .slice(Math.toIntExact(first * rowBytes), Math.toIntExact(count * rowBytes))
                .order(ByteOrder.LITTLE_ENDIAN);
    }

    private static ByteBuffer rounded(SourceTensor tensor, long first, long count) {
        boolean whole = tensor.shape().rank() != 2; // only matrices can be read by rows
        float[] values = whole
                ? tensor.weights().numbers(0, tensor.shape().dimension(0))
                : tensor.weights().numbers(first, count);
        ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(StoredType.BF16.byteLength(values.length)))
                .order(ByteOrder.LITTLE_ENDIAN);
        Floats.write(StoredType.BF16, values, values.length, bytes);
        return bytes.flip();
    }

    @Override
    public void close() {
        file.close();
    }
}
