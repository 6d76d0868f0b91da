package io.github.moshivis.weights;

import io.github.moshivis.errors.CheckpointException;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.NativeMemory;
import io.github.moshivis.tensor.PackedMatrix;
import io.github.moshivis.tensor.Scope;
import io.github.moshivis.tensor.Tensor;
import io.github.moshivis.tensor.Uploads;
import io.github.moshivis.weights.NamedTensors.Rows;
import io.github.moshivis.weights.file.Shape;
import io.github.moshivis.weights.file.TensorFile;
import io.github.moshivis.weights.names.TensorNames;
import io.github.moshivis.weights.quant.GroupedWeights;
import io.github.moshivis.weights.quant.MatrixForm;
import io.github.moshivis.weights.quant.Packing;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The tensors of a model part, under our names, and the owner of their memory: of the mapped file, whose windows live as long as
 * this object, and of copies where the type or the device differs, a tensor is not aligned or is quantized. On the CPU a tensor in
 * the type of the file is not copied. Quantized tensors become plain numbers as they are read, tensor by tensor: {@code scale * q (+
 * offset)} in float32, rounded to the wanted type. The file must not be replaced or changed while it is open.
 *
 * <p>A tensor that is missing or wrong does not fail at once: it is noted, zeros take its place, and {@link #verify} reports all
 * of them together. Used by one thread at a time.
 */
public final class Weights implements WeightSource, AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Weights.class.getName());

    /** Weights that are packed before freed memory is given back: about one large matrix. */
    private static final long TRIM_EVERY = 64 << 20;

    private final TensorFile file;
    private final TensorNames names;
    private final NamedTensors stored;
    private final Device device;
    /** Adapter that is fused while reading; null for none. */
    private final Adapter adapter;

    private final List<Held> tensors = new ArrayList<>();
    private final List<HeldMatrix> matrices = new ArrayList<>();
    private Uploads uploads;
    private long packedSinceTrim;
    private final List<String> notPacked = new ArrayList<>();
    private final Map<String, String> problems = new LinkedHashMap<>();
    private final TreeSet<String> unused = new TreeSet<>();
    private LongConsumer onUse = bytes -> {};

    private record Held(TensorUse use, Tensor tensor) {}

    private record HeldMatrix(TensorUse use, PackedMatrix matrix) {}

    /**
     * Takes a file over.
     *
     * @param file the file; closed with this object
     * @param names its naming
     * @param device device of the tensors
     */
    public Weights(TensorFile file, TensorNames names, Device device) {
        this(file, names, device, null);
    }

    /**
     * Takes a file over, and an adapter that is fused into its tensors as they are read.
     *
     * @param file the file; closed with this object
     * @param names its naming
     * @param device the device of the tensors
     * @param adapter the adapter; closed with this object; null for none
     */
    public Weights(TensorFile file, TensorNames names, Device device, Adapter adapter) {
        this.adapter = adapter;
        this.file = file;
        this.names = names;
        this.stored = new NamedTensors(file, names);
        this.device = device;
        file.tensors().keySet().stream().filter(name -> !names.isSpare(name)).forEach(unused::add);
    }

    /**
     * Reads tensors as one type.
     *
     * @param dtype a floating type
     * @return a reader of all tensors
     */
    public WeightReader as(DType dtype) {
        return new WeightReader(this, "", dtype, MatrixForm.DENSE, TensorUse.UNSTATED);
    }

    @Override
    public Device device() {
        return device;
    }

    /**
     * Plans what a loader reads from this file: the same code, run on placeholders. Nothing is read but scales and offsets of matrices that the
     * file packs, and nothing is noted as used or wrong.
     *
     * @param loading loads a model part and forgets it
     * @param dtype the type to compute in
     * @return the plan, whose {@link WeightPlan#copiedBytes} is the memory that loading takes beyond the mapped file
     */
    public WeightPlan plan(DType dtype, Consumer<WeightReader> loading) {
        return WeightPlan.of(new Planned(), dtype, MatrixForm.DENSE, loading);
    }

    /** This file, for a plan. */
    private final class Planned implements WeightPlan.Origin {
        @Override
        public Device device() {
            return device;
        }

        @Override
        public boolean has(String name) {
            return Weights.this.has(name);
        }

        @Override
        public boolean isMapped(String name, DType dtype, Shape shape) {
            return device.isCpu()
                    && !isAdapted(name)
                    && stored.find(name, shape, (at, problem) -> {})
                            .filter(part -> part.stored().isReadInPlace(part.first(), part.count(), dtype))
                            .isPresent();
        }

        @Override
        public Optional<Packing> packing(String name, MatrixForm form, long out, long in) {
            return stored.find(name, Shape.of(out, in), (at, problem) -> {})
                    .flatMap(part -> Weights.this.packing(name, part, form));
        }
    }

    /**
     * Returns the memory of the tensors that were asked for, mapped or copied.
     *
     * @return bytes of each tensor that is held, packed ones in their packed form
     */
    public List<TensorUse.Bytes> bytes() {
        return Stream.concat(
                        tensors.stream()
                                .map(held -> new TensorUse.Bytes(
                                        held.use, held.tensor.bytes(), held.tensor.bytes() / held.tensor.size(0))),
                        matrices.stream()
                                .map(held -> new TensorUse.Bytes(
                                        held.use, held.matrix.bytes(), held.matrix.bytes() / held.matrix.out())))
                .toList();
    }

    /**
     * Sets the listener of the progress of reading.
     *
     * @param listener takes the bytes of each tensor of the file when it is asked for first
     */
    public void onUse(LongConsumer listener) {
        onUse = listener;
    }

    @Override
    public boolean has(String name) {
        return stored.has(name);
    }

    @Override
    public Tensor get(String name, TensorUse use, DType dtype, Shape shape) {
        try (Scope scope = Scope.open()) {
            Tensor tensor = find(file, name, shape)
                    .map(part -> uploads().upload(read(name, part, dtype)).to(dtype))
                    .orElseGet(() -> Tensor.zeros(dtype, device, 1).expand(shape.toArray()))
                    .keep();
            tensors.add(new Held(use, tensor));
            return tensor;
        }
    }

    private Tensor read(String name, Rows part, DType dtype) {
        return isAdapted(name)
                ? adapter.apply(name, part.stored().read(part.first(), part.count(), DType.F32))
                        .to(dtype)
                : part.stored().read(part.first(), part.count(), dtype);
    }

    private boolean isAdapted(String name) {
        return adapter != null && adapter.changes(name);
    }

    private Uploads uploads() {
        if (uploads == null) {
            uploads = Uploads.to(device);
        }
        return uploads;
    }

    private void endUploads() {
        if (uploads != null) {
            uploads.close();
            uploads = null;
        }
    }

    @Override
    public Optional<GroupedWeights> grouped(String name, long out, long in) {
        if (isAdapted(name)) {
            return Optional.empty();
        }
        return find(file, name, Shape.of(out, in))
                .flatMap(part -> part.stored().grouped(part.first(), part.count()))
                .map(weights -> weights.to(device));
    }

    /** Reads the source of a packed matrix, unmapped, and frees it at once: at most one exists beside the packed ones. */
    @Override
    public Optional<PackedMatrix> pack(String name, TensorUse use, MatrixForm form, long out, long in) {
        if (form.kind() == MatrixForm.Kind.DENSE) {
            return Optional.empty();
        }
        try (Scope scope = Scope.open()) {
            Optional<PackedMatrix> packed = find(new UnmappedFile(file), name, Shape.of(out, in))
                    .flatMap(part -> packing(name, part, form))
                    .map(Packing::pack);
            packed.ifPresentOrElse(matrix -> matrices.add(new HeldMatrix(use, matrix)), () -> {
                if (form.isQuantizing()) {
                    notPacked.add(name);
                }
            });
            return packed;
        } finally {
            trim(out * in);
        }
    }

    private Optional<Packing> packing(String name, Rows part, MatrixForm form) {
        return Packing.of(
                form,
                isAdapted(name)
                        ? Packing.Source.of(
                                part.count(), part.stored().columns(), device, () -> read(name, part, DType.F32)
                                        .to(device))
                        : part.stored().matrix(part.first(), part.count(), device));
    }

    private void trim(long weights) {
        packedSinceTrim += weights;
        if (packedSinceTrim > TRIM_EVERY) {
            NativeMemory.trim();
            packedSinceTrim = 0;
        }
    }

    /** Makes a tensor from others and owns it in their place: the tensors read for it are freed. */
    @Override
    public Tensor derive(TensorUse use, Supplier<Tensor> form) {
        int before = tensors.size();
        try (Scope scope = Scope.open()) {
            Tensor derived = form.get().keep();
            letGo(before, derived);
            tensors.add(new Held(use, derived));
            return derived;
        }
    }

    @Override
    public Optional<PackedMatrix> layOut(TensorUse use, MatrixForm form, Supplier<Tensor> matrix, Tensor bias) {
        int before = tensors.size();
        try (Scope scope = Scope.open()) {
            Optional<PackedMatrix> packed =
                    Packing.laidOut(form, Packing.Source.of(matrix.get()), bias).map(Packing::pack);
            letGo(before, null);
            packed.ifPresent(laidOut -> matrices.add(new HeldMatrix(use, laidOut)));
            return packed;
        }
    }

    /** Frees the tensors that were read from the given index on, except the one that is needed. */
    private void letGo(int since, Tensor needed) {
        List<Held> read = tensors.subList(since, tensors.size());
        read.stream().map(Held::tensor).filter(tensor -> tensor != needed).forEach(Tensor::close);
        read.clear();
    }

    @Override
    public void skip(String name) {
        names.locate(name).ifPresent(location -> use(location.fileName()));
    }

    /** Removes a tensor, with its scales and offsets, from the list of tensors that were never requested. */
    private void use(String fileName) {
        for (String name : StoredWeights.names(fileName)) {
            if (unused.remove(name)) {
                onUse.accept(file.tensors().get(name).byteLength());
            }
        }
    }

    /** A tensor that is asked for: noted as used, or as missing or wrong. */
    private Optional<Rows> find(TensorFile from, String name, Shape shape) {
        skip(name);
        return new NamedTensors(from, names).find(name, shape, problems::put);
    }

    /**
     * Checks that tensors are there and right, by the file's header alone: before the first is read.
     *
     * @param planned shapes by our names
     * @param usedElsewhere tensors of the file that others ask for, as for {@link #verify}
     * @throws CheckpointException as {@link #verify}
     */
    public void require(Map<String, Shape> planned, Predicate<String> usedElsewhere) {
        List<String> wrong = stored.problems(planned);
        if (!wrong.isEmpty()) {
            planned.keySet().forEach(this::skip);
            throw mismatch(wrong, extra(usedElsewhere), planned.size());
        }
    }

    /**
     * Ends reading: checks that all requested tensors were present and correct; logs those of the file that the model does
     * not use, and matrices that could not be quantized as requested.
     *
     * @param usedElsewhere tensors of the file that others ask for; scales and offsets are asked after by their weights' name
     * @throws CheckpointException naming every tensor that is missing, mis-shaped or mis-typed, and those left over
     */
    public void verify(Predicate<String> usedElsewhere) {
        endUploads();
        if (adapter != null) {
            adapter.verify();
        }
        List<String> extra = extra(usedElsewhere);
        if (!problems.isEmpty()) {
            throw mismatch(NamedTensors.lines(problems), extra, problems.size() + tensors.size() + matrices.size());
        }
        if (!notPacked.isEmpty()) {
            LOG.log(
                    Level.WARNING,
                    "{0}: {1} of {2} matrices are not quantized, because no product takes their sizes or because the file"
                            + " does not quantize them; the first is {3}",
                    file.path(),
                    notPacked.size(),
                    notPacked.size() + matrices.size(),
                    notPacked.get(0));
        }
        if (!extra.isEmpty()) {
            LOG.log(
                    Level.WARNING,
                    "{0}: {1} tensors are not used: {2}",
                    file.path(),
                    extra.size(),
                    Mismatch.listed(extra));
        }
    }

    private List<String> extra(Predicate<String> usedElsewhere) {
        return unused.stream()
                .filter(name -> !usedElsewhere.test(StoredWeights.weightName(name)))
                .toList();
    }

    private CheckpointException mismatch(List<String> lines, List<String> extra, int expected) {
        return Mismatch.failure("Cannot load " + file.path(), lines, extra, expected);
    }

    /**
     * Returns the files that the weights are read from.
     *
     * @return their paths
     */
    public List<Path> paths() {
        return file.paths();
    }

    /** Frees all tensors and closes the file. Idempotent. */
    @Override
    public void close() {
        endUploads();
        tensors.forEach(held -> held.tensor.close());
        tensors.clear();
        matrices.forEach(held -> held.matrix.close());
        matrices.clear();
        file.close();
        if (adapter != null) {
            adapter.close();
        }
    }
}
