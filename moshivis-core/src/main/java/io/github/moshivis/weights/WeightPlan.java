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
import io.github.moshivis.weights.quant.Packing;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Tensors of a model part, by our names: found by running the code that loads the part, with placeholders instead of
 * weights, so that no list of tensors has to be kept in step with the loader. Immutable.
 */
public final class WeightPlan {
    private final Map<String, Entry> entries;
    private final Map<String, Shape> tensors = new LinkedHashMap<>();
    private final List<Kept> kept;

    /**
     * A planned tensor.
     *
     * @param shape its shape
     * @param use its use in a step
     * @param form form of the matrix of a product; empty if it is no such matrix, or computed from several tensors
     * @param bytes memory that it takes in the type that it is read as or, packed, in this form
     */
    public record Entry(Shape shape, TensorUse use, Optional<MatrixForm> form, long bytes) {}

    /** The source of planned tensors, as far as memory depends on it. */
    interface Origin {
        /** Tensors that do not exist yet and become memory of the CPU. */
        Origin NOWHERE = new Origin() {
            @Override
            public Device device() {
                return Device.CPU;
            }

            @Override
            public boolean has(String name) {
                return false;
            }

            @Override
            public boolean isMapped(String name, DType dtype, Shape shape) {
                return false;
            }

            @Override
            public Optional<Packing> packing(String name, MatrixForm form, long out, long in) {
                return Packing.of(form, numbers(out, in, device()));
            }
        };

        /** Returns the device of the tensors. */
        Device device();

        /** Returns whether there is a tensor that a model can do without. */
        boolean has(String name);

        /** Returns whether a tensor is used in place, over a mapped file. */
        boolean isMapped(String name, DType dtype, Shape shape);

        /** Decides on a matrix; empty if it stays as it is. */
        Optional<Packing> packing(String name, MatrixForm form, long out, long in);
    }

    /** Memory of a tensor or matrix that a loaded model holds. */
    private record Kept(Tensor placeholder, long bytes, boolean mapped) {}

    private WeightPlan(Map<String, Entry> entries, List<Kept> kept) {
        this.entries = Collections.unmodifiableMap(entries);
        this.kept = List.copyOf(kept);
        entries.forEach((name, entry) -> tensors.put(name, entry.shape));
    }

    /**
     * Records the tensors that a loader asks for. Placeholders take no memory, whatever their shape; they and tensors derived from them
     * are freed on return.
     *
     * @param loading loads a model part and forgets it
     * @return the plan
     */
    public static WeightPlan of(Consumer<WeightReader> loading) {
        return of(DType.F32, MatrixForm.DENSE, loading);
    }

    /**
     * Records the tensors that a loader asks for, as {@link #of(Consumer)}, in a type and a form.
     *
     * @param dtype the type to compute in
     * @param form form of the matrices of products
     * @param loading loads a model part and forgets it
     * @return the plan
     */
    public static WeightPlan of(DType dtype, MatrixForm form, Consumer<WeightReader> loading) {
        return of(Origin.NOWHERE, dtype, form, loading);
    }

    static WeightPlan of(Origin origin, DType dtype, MatrixForm form, Consumer<WeightReader> loading) {
        try (Scope scope = Scope.open()) {
            Recorder recorder = new Recorder(origin);
            loading.accept(new WeightReader(recorder, "", dtype, form, TensorUse.UNSTATED));
            return new WeightPlan(recorder.entries, recorder.kept);
        }
    }

    /**
     * Computes the memory of all tensors and matrices that the loaded part holds, in their planned types and forms.
     *
     * @return bytes, those over a mapped file included; an upper bound where {@link Packing#bytes} is
     */
    public long bytes() {
        return kept.stream().mapToLong(Kept::bytes).sum();
    }

    /**
     * Computes the memory that the loaded part takes beyond the mapped file.
     *
     * @return bytes of converted, packed and derived tensors; an upper bound where {@link Packing#bytes} is
     */
    public long copiedBytes() {
        return kept.stream().filter(held -> !held.mapped).mapToLong(Kept::bytes).sum();
    }

    /**
     * Returns the planned tensors.
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
     * @return the file's tensors, under the first of our names for each
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

    private static Packing.Source numbers(long out, long in, Device device) {
        return Packing.Source.of(out, in, device, () -> {
            throw new IllegalStateException("A planned matrix has no numbers");
        });
    }

    /** Gives placeholders of the open scope. */
    private static final class Recorder implements WeightSource {
        private final Origin origin;
        private final Map<String, Entry> entries = new LinkedHashMap<>();
        private final Map<String, MatrixForm> dense = new HashMap<>();
        private final List<Kept> kept = new ArrayList<>();
        private int deriving;

        Recorder(Origin origin) {
            this.origin = origin;
        }

        @Override
        public boolean has(String name) {
            return origin.has(name);
        }

        @Override
        public Tensor get(String name, TensorUse use, DType dtype, Shape shape) {
            long bytes = shape.elements() * dtype.bytes();
            entries.put(name, new Entry(shape, use, Optional.ofNullable(dense.get(name)), bytes));
            return keep(placeholder(dtype, shape.toArray()), origin.isMapped(name, dtype, shape));
        }

        private Tensor keep(Tensor placeholder, boolean mapped) {
            kept.add(new Kept(placeholder, placeholder.bytes(), mapped));
            return placeholder;
        }

        @Override
        public Optional<GroupedWeights> grouped(String name, long out, long in) {
            return Optional.empty();
        }

        @Override
        public Optional<PackedMatrix> pack(String name, TensorUse use, MatrixForm form, long out, long in) {
            Optional<PackedMatrix> packed = origin.packing(name, form, out, in).map(packing -> keep(packing, out, in));
            packed.ifPresentOrElse(
                    matrix -> entries.put(name, new Entry(Shape.of(out, in), use, Optional.of(form), matrix.bytes())),
                    () -> dense.put(name, form));
            return packed;
        }

        @Override
        public Optional<PackedMatrix> layOut(TensorUse use, MatrixForm form, Supplier<Tensor> matrix, Tensor bias) {
            Derived derived = derived(matrix);
            long out = derived.shape[0];
            long in = derived.shape[1];
            return Packing.laidOut(form, numbers(out, in, device()), bias).map(packing -> keep(packing, out, in));
        }

        private PackedMatrix keep(Packing packing, long out, long in) {
            kept.add(new Kept(null, packing.bytes(), false));
            return new PlannedMatrix(out, in, packing.bytes());
        }

        @Override
        public Tensor derive(TensorUse use, Supplier<Tensor> form) {
            Derived derived = derived(form);
            return keep(placeholder(derived.dtype, derived.shape), derived.mapped);
        }

        /** A computed tensor; mapped if it is a view of a mapped one. */
        private record Derived(DType dtype, long[] shape, boolean mapped) {}

        /** Computes the sizes of a form from placeholders without memory, whose views are told from copies; frees all of them. */
        private Derived derived(Supplier<Tensor> form) {
            int before = kept.size();
            deriving++;
            try (Scope scope = Scope.open()) {
                Tensor result = form.get();
                List<Kept> read = kept.subList(before, kept.size());
                boolean mapped = read.stream().anyMatch(held -> held.mapped && result.isAliasOf(held.placeholder));
                read.clear();
                return new Derived(result.dtype(), result.shape(), mapped);
            } finally {
                deriving--;
            }
        }

        private Tensor placeholder(DType dtype, long... shape) {
            return deriving > 0
                    ? Tensor.empty(dtype, Device.META, shape)
                    : Tensor.zeros(dtype, Device.CPU, 1).expand(shape);
        }

        @Override
        public void skip(String name) {}

        @Override
        public Device device() {
            return origin.device();
        }
    }

    /** Stands for a packed matrix: sizes and memory, no numbers. */
    private record PlannedMatrix(long out, long in, long bytes) implements PackedMatrix {
        @Override
        public Tensor multiply(Tensor x) {
            throw new IllegalStateException("A planned matrix has no numbers");
        }

        @Override
        public void close() {}
    }
}
