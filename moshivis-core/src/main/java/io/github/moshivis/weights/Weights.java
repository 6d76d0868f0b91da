package io.github.moshivis.weights;

import io.github.moshivis.errors.CheckpointException;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.PackedMatrix;
import io.github.moshivis.tensor.Scope;
import io.github.moshivis.tensor.Tensor;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The tensors of a model part, under our names, and the owner of their memory: of the mapped file, whose windows live as long as
 * this object, and of copies where the type or the device differs or a tensor is not aligned. On the CPU a tensor in the type of
 * the file is not copied. Replacing or changing the file meanwhile is not supported.
 *
 * <p>A tensor that is missing or wrong does not fail at once: it is noted, zeros take its place, and {@link #verify} reports all
 * of them together. Used by one thread at a time.
 */
public final class Weights implements WeightSource, AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Weights.class.getName());
    private static final int MAX_LISTED = 20;

    private final TensorFile file;
    private final TensorNames names;
    private final Device device;
    private final List<Tensor> tensors = new ArrayList<>();
    private final List<PackedMatrix> matrices = new ArrayList<>();
    private final List<String> notPacked = new ArrayList<>();
    private final Map<String, String> problems = new LinkedHashMap<>();
    private final TreeSet<String> unused = new TreeSet<>();

    /**
     * Takes a file over.
     *
     * @param file the file; closed with this object
     * @param names its naming
     * @param device where the tensors shall be
     */
    public Weights(TensorFile file, TensorNames names, Device device) {
        this.file = file;
        this.names = names;
        this.device = device;
        unused.addAll(file.tensors().keySet());
    }

    /**
     * Reads tensors as one type.
     *
     * @param dtype a floating type
     * @return a reader of all tensors
     */
    public WeightReader as(DType dtype) {
        return new WeightReader(this, "", dtype, MatrixForm.DENSE);
    }

    @Override
    public Device device() {
        return device;
    }

    /**
     * How much memory reading everything as one type takes beyond the mapped file.
     *
     * @param dtype a floating type
     * @param form how the matrices of products are held: every matrix is taken for one of them
     * @return bytes; 0 for tensors that are read in place
     */
    public long copiedBytes(DType dtype, MatrixForm form) {
        long bytes = 0;
        for (StoredTensor tensor : file.tensors().values()) {
            boolean inPlace = device.isCpu() && dtype(tensor.type()) == dtype;
            long dense = inPlace ? 0 : tensor.spec().elements() * dtype.bytes();
            bytes +=
                    tensor.shape().size() < 2 ? dense : form.bytes(tensor.spec().elements(), dense);
        }
        return bytes;
    }

    @Override
    public boolean has(String name) {
        return names.locate(name)
                .map(location -> file.tensors().containsKey(location.fileName()))
                .orElse(false);
    }

    @Override
    public Tensor get(String name, DType dtype, long... shape) {
        try (Scope scope = Scope.open()) {
            Tensor tensor = find(name, this::mapped, shape)
                    .map(found -> found.to(dtype))
                    .orElseGet(() -> Tensor.zeros(dtype, device, 1).expand(shape))
                    .keep();
            tensors.add(tensor);
            return tensor;
        }
    }

    @Override
    public Optional<GroupedWeights> grouped(String name, long out, long in) {
        return Optional.empty();
    }

    /** What a matrix is packed from is read, not mapped, and let go at once: at most one is there beside the packed ones. */
    @Override
    public Optional<PackedMatrix> pack(String name, MatrixForm form, long out, long in) {
        if (form.kind() == MatrixForm.Kind.DENSE) {
            return Optional.empty();
        }
        try (Scope scope = Scope.open()) {
            Optional<PackedMatrix> packed =
                    Packing.of(form, out, in, grouped(name, out, in), () -> plain(name, out, in));
            packed.ifPresentOrElse(matrix -> matrices.add(matrix.keep()), () -> notPacked.add(name));
            return packed;
        }
    }

    /** A matrix in the file's type and in memory of the open scope; zeros if it is missing or wrong. */
    private Tensor plain(String name, long out, long in) {
        return find(name, this::copied, out, in)
                .orElseGet(() -> Tensor.zeros(DType.BF16, device, 1).expand(out, in));
    }

    /** Makes a tensor from others and owns it in their place: those that were read meanwhile are let go. */
    @Override
    public Tensor derive(Supplier<Tensor> form) {
        int before = tensors.size();
        try (Scope scope = Scope.open()) {
            Tensor derived = form.get().keep();
            List<Tensor> read = tensors.subList(before, tensors.size());
            read.stream().filter(tensor -> tensor != derived).forEach(Tensor::close);
            read.clear();
            tensors.add(derived);
            return derived;
        }
    }

    @Override
    public void skip(String name) {
        names.locate(name).ifPresent(location -> unused.remove(location.fileName()));
    }

    private Optional<Tensor> find(String name, Loading loading, long... shape) {
        Optional<TensorNames.Location> found = names.locate(name);
        if (found.isEmpty()) {
            problems.put(name, "this format has no such tensor");
            return Optional.empty();
        }
        TensorNames.Location location = found.get();
        StoredTensor stored = file.tensors().get(location.fileName());
        long[] whole = location.wholeShape(shape);
        if (stored == null) {
            problems.put(location.fileName(), "missing, expected shape " + Arrays.toString(whole));
            return Optional.empty();
        }
        unused.remove(location.fileName());
        DType storedType = dtype(stored.type());
        if (storedType == null) {
            problems.put(location.fileName(), "has type " + stored.type() + ", expected F32, F16, BF16 or F64");
            return Optional.empty();
        }
        if (!withoutLeadingOnes(stored.shape()).equals(withoutLeadingOnes(boxed(whole)))) {
            problems.put(location.fileName(), "has shape " + stored.shape() + ", expected " + Arrays.toString(whole));
            return Optional.empty();
        }
        Tensor tensor = loading.load(location.fileName(), storedType, whole);
        long rows = whole[0] / location.parts();
        Tensor part =
                location.parts() == 1 ? tensor : tensor.narrow(0, location.part() * rows, location.count() * rows);
        return Optional.of(part.to(device));
    }

    /** How a tensor of the file gets into memory. */
    @FunctionalInterface
    private interface Loading {
        Tensor load(String fileName, DType dtype, long... shape);
    }

    private Tensor copied(String fileName, DType dtype, long... shape) {
        return Tensor.filled(dtype, memory -> file.read(fileName, memory), shape);
    }

    private Tensor mapped(String fileName, DType dtype, long... shape) {
        TensorBytes bytes = file.bytes(fileName);
        Tensor mapped = Tensor.over(bytes.window(), bytes.position(), dtype, shape);
        return mapped.isAligned() ? mapped : Tensor.of(copy(bytes), dtype, shape);
    }

    private static byte[] copy(TensorBytes bytes) {
        byte[] copy = new byte[bytes.length()];
        bytes.slice().get(copy);
        return copy;
    }

    private static DType dtype(StoredType type) {
        return switch (type) {
            case F64 -> DType.F64;
            case F32 -> DType.F32;
            case F16 -> DType.F16;
            case BF16 -> DType.BF16;
            default -> null;
        };
    }

    /** Norms are stored as [1, 1, D] by some and as [D] by others. */
    private static List<Long> withoutLeadingOnes(List<Long> shape) {
        int first = 0;
        while (first < shape.size() - 1 && shape.get(first) == 1) {
            first++;
        }
        return shape.subList(first, shape.size());
    }

    private static List<Long> boxed(long[] shape) {
        return Arrays.stream(shape).boxed().toList();
    }

    /**
     * Checks that all tensors that were asked for were there and right; logs those of the file that nobody
     * asked for, and matrices that were asked for in few bits and have to stay as they are.
     *
     * @param usedElsewhere tensors of the file that others ask for
     * @throws CheckpointException naming every tensor that is missing, mis-shaped or mis-typed, and those left over
     */
    public void verify(Predicate<String> usedElsewhere) {
        List<String> extra = unused.stream().filter(usedElsewhere.negate()).toList();
        if (!problems.isEmpty()) {
            List<String> lines = new ArrayList<>();
            problems.forEach((name, problem) -> lines.add(name + ": " + problem));
            throw new CheckpointException(
                    "Model file " + file.path() + " does not hold the model that its configuration"
                            + " describes. " + problems.size() + " tensors are wrong: " + listed(lines)
                            + (extra.isEmpty() ? "" : ". Not expected: " + listed(extra))
                            + ". Use the configuration that belongs to this file, or download the file again");
        }
        if (!notPacked.isEmpty()) {
            LOG.log(
                    Level.WARNING,
                    "{0}: {1} matrices are not quantised, because no product takes their sizes or because the file does not"
                            + " quantise them: {2}",
                    file.path(),
                    notPacked.size(),
                    listed(notPacked));
        }
        if (!extra.isEmpty()) {
            LOG.log(Level.WARNING, "{0}: {1} tensors are not used: {2}", file.path(), extra.size(), listed(extra));
        }
    }

    private static String listed(List<String> items) {
        String shown = String.join("; ", items.subList(0, Math.min(items.size(), MAX_LISTED)));
        return items.size() <= MAX_LISTED ? shown : shown + "; and " + (items.size() - MAX_LISTED) + " more";
    }

    /** Frees all tensors and lets the file go. Idempotent. */
    @Override
    public void close() {
        tensors.forEach(Tensor::close);
        tensors.clear();
        matrices.forEach(PackedMatrix::close);
        matrices.clear();
        file.close();
    }
}
