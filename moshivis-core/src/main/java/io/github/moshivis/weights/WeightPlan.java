package io.github.moshivis.weights;

import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.PackedMatrix;
import io.github.moshivis.tensor.Scope;
import io.github.moshivis.tensor.Tensor;
import io.github.moshivis.weights.file.Shape;
import io.github.moshivis.weights.file.StoredType;
import io.github.moshivis.weights.file.TensorSpec;
import io.github.moshivis.weights.names.TensorNames;
import io.github.moshivis.weights.quant.GroupedWeights;
import io.github.moshivis.weights.quant.MatrixForm;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The tensors that a model part is made of, by our names: found by running the very code that loads it, with placeholders instead of
 * weights. So there is no list of tensors to keep beside the loader. Immutable.
 */
public final class WeightPlan {
    private final Map<String, Entry> entries;
    private final Map<String, Shape> tensors = new LinkedHashMap<>();

    /**
     * A planned tensor.
     *
     * @param shape its shape
     * @param dtype the type that it is read as, unless it is packed
     * @param use its use in a step
     * @param form form of the matrix of a product; empty if it is no such matrix, or computed from several tensors
     */
    public record Entry(Shape shape, DType dtype, TensorUse use, Optional<MatrixForm> form) {
        /**
         * Computes the memory that the tensor takes in its planned form, if its matrix fits the form.
         *
         * @return bytes
         */
        public long bytes() {
            long dense = shape.elements() * dtype.bytes();
            return form.map(held -> held.bytes(shape.elements(), dense)).orElse(dense);
        }
    }

    private WeightPlan(Map<String, Entry> entries) {
        this.entries = Collections.unmodifiableMap(entries);
        entries.forEach((name, entry) -> tensors.put(name, entry.shape));
    }

    /**
     * Notes what a loader asks for. Placeholders take no memory, whatever their shape; they and what the loader derives from them
     * are freed on return.
     *
     * @param loading loads a model part and forgets it
     * @return the plan
     */
    public static WeightPlan of(Consumer<WeightReader> loading) {
        return of(DType.F32, MatrixForm.DENSE, loading);
    }

    /**
     * Notes what a loader asks for, as {@link #of(Consumer)}, where it is to hold tensors in fewer bits.
     *
     * @param dtype the type to compute in
     * @param form form of the matrices of products
     * @param loading loads a model part and forgets it
     * @return the plan
     */
    public static WeightPlan of(DType dtype, MatrixForm form, Consumer<WeightReader> loading) {
        try (Scope scope = Scope.open()) {
            Recorder recorder = new Recorder();
            loading.accept(new WeightReader(recorder, "", dtype, form, TensorUse.UNSTATED));
            return new WeightPlan(recorder.entries);
        }
    }

    /**
     * Returns what is known of each tensor.
     *
     * @return our names with their entries, in the order they were first asked for
     */
    public Map<String, Entry> entries() {
        return entries;
    }

    /**
     * Returns the tensors that the loader asked for.
     *
     * @return our names with their shapes, in the order they were first asked for
     */
    public Map<String, Shape> tensors() {
        return Collections.unmodifiableMap(tensors);
    }

    /**
     * Counts the elements of all tensors.
     *
     * @return the elements of all tensors
     */
    public long elements() {
        return tensors.values().stream().mapToLong(Shape::elements).sum();
    }

    /**
     * The tensors of a whole file in some format.
     *
     * @param names the format's table
     * @param type how the file stores its elements
     * @return what the file holds, under the first of our names for each of its tensors
     * @throws IllegalStateException if the table has no place for one of our tensors, or two that need different shapes share one
     */
    public Map<String, TensorSpec> inFile(TensorNames names, StoredType type) {
        Map<String, TensorSpec> byFileName = new LinkedHashMap<>();
        Map<String, TensorSpec> byOurName = new LinkedHashMap<>();
        tensors.forEach((name, shape) -> {
            TensorSpec spec = spec(names, name, shape, type);
            TensorSpec other = byFileName.putIfAbsent(spec.name(), spec);
            if (other == null) {
                byOurName.put(name, spec);
            } else if (!other.equals(spec)) {
                throw new IllegalStateException("Tensor '" + name + "' needs '" + spec.name() + "' in the shape "
                        + spec.shape() + ", another needs " + other.shape() + ": correct the format's table");
            }
        });
        return Collections.unmodifiableMap(byOurName);
    }

    private static TensorSpec spec(TensorNames names, String name, Shape shape, StoredType type) {
        TensorNames.Location location = names.locate(name)
                .orElseThrow(() -> new IllegalStateException(
                        "Tensor '" + name + "' has no place in the format: add it to the format's table"));
        return new TensorSpec(location.fileName(), type, location.shapeInFile(shape));
    }

    /** Gives placeholders of the open scope. */
    private static final class Recorder implements WeightSource {
        private final Map<String, Entry> entries = new LinkedHashMap<>();
        private final Map<String, MatrixForm> matrices = new HashMap<>();

        @Override
        public boolean has(String name) {
            return false;
        }

        @Override
        public Tensor get(String name, TensorUse use, DType dtype, Shape shape) {
            entries.put(name, new Entry(shape, dtype, use, Optional.ofNullable(matrices.get(name))));
            return placeholder(dtype, shape.toArray());
        }

        @Override
        public Optional<GroupedWeights> grouped(String name, long out, long in) {
            return Optional.empty();
        }

        @Override
        public Optional<PackedMatrix> pack(String name, TensorUse use, MatrixForm form, long out, long in) {
            matrices.put(name, form);
            return Optional.empty();
        }

        @Override
        public Optional<PackedMatrix> layOut(TensorUse use, MatrixForm form, Supplier<Tensor> matrix, Tensor bias) {
            return Optional.empty();
        }

        /** The form is computed, for what it asks for and its shape. */
        @Override
        public Tensor derive(TensorUse use, Supplier<Tensor> form) {
            DType dtype;
            long[] shape;
            try (Scope scope = Scope.open()) {
                Tensor derived = form.get();
                dtype = derived.dtype();
                shape = derived.shape();
            }
            return placeholder(dtype, shape);
        }

        private Tensor placeholder(DType dtype, long... shape) {
            return Tensor.zeros(dtype, device(), 1).expand(shape);
        }

        @Override
        public void skip(String name) {}

        @Override
        public Device device() {
            return Device.CPU;
        }
    }
}
