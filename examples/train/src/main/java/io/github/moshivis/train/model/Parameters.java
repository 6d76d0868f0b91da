package io.github.moshivis.train.model;

import io.github.moshivis.errors.CheckpointException;
import io.github.moshivis.tensor.Autograd;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.Ops;
import io.github.moshivis.tensor.Scope;
import io.github.moshivis.tensor.Tensor;
import io.github.moshivis.weights.Weights;
import io.github.moshivis.weights.file.Shape;
import io.github.moshivis.weights.file.StoredTensor;
import io.github.moshivis.weights.file.TensorFile;
import io.github.moshivis.weights.names.TensorNames;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The tensors of one file as numbers that can be trained, by the names and in the shapes of the file. Layers ask for them by our
 * names; a tensor that layers share is one tensor here. Owns their memory. Used by one thread at a time; {@link #replica} is for another.
 */
public final class Parameters implements AutoCloseable {
    private final Path file;
    private final TensorNames names;
    private final Map<String, Tensor> leaves;
    /** The tensors that layers have asked for, by our names. */
    private final Map<String, Asked> asked = new TreeMap<>();

    /** Makes tensors that layers ask for and that are not there; null if all must be there. */
    private final Initializer initializer;

    private record Asked(TensorNames.Location at, Shape shape) {}

    /** First values of tensors that are trained from scratch. */
    @FunctionalInterface
    public interface Initializer {
        /**
         * Values of one tensor.
         *
         * @param name our name
         * @param shape of the whole tensor in the file
         * @return a value for each element
         */
        float[] values(String name, Shape shape);
    }

    private Parameters(Path file, TensorNames names, Map<String, Tensor> leaves, Initializer initializer) {
        this.file = file;
        this.names = names;
        this.leaves = leaves;
        this.initializer = initializer;
    }

    /**
     * Begins a model from scratch: each tensor is made when the first layer asks for it.
     *
     * @param names of the file that it will be written to
     * @param initializer of its tensors
     * @return parameters without a tensor, owned by the caller; on the CPU
     */
    public static Parameters fresh(TensorNames names, Initializer initializer) {
        return new Parameters(null, names, new LinkedHashMap<>(), initializer);
    }

    /**
     * Copies the tensors of a file in float32 and closes it; none of them is trained until {@link #train} says so.
     *
     * @param file an open file, closed by this call
     * @param names its naming
     * @param device where the copies live
     * @return as {@link #read(TensorFile, TensorNames, Device, Predicate)}
     */
    public static Parameters read(TensorFile file, TensorNames names, Device device) {
        return read(file, names, device, name -> true);
    }

    /**
     * Copies the tensors of a file and closes it; none of them is trained until {@link #train} says so.
     *
     * @param file an open file, closed by this call
     * @param names its naming
     * @param device where the copies live
     * @param exact true for the file's names of tensors that are held in float32, as all must be that are trained; the others keep the
     *     type of the file
     * @return the tensors, owned by the caller; the open scope must be one for training
     * @throws CheckpointException if the file holds quantized tensors, which have no gradients
     */
    public static Parameters read(TensorFile file, TensorNames names, Device device, Predicate<String> exact) {
        Map<String, Tensor> leaves = new LinkedHashMap<>();
        try (Weights weights = new Weights(file, TensorNames.SAME, Device.CPU)) {
            for (StoredTensor stored : file.tensors().values()) {
                leaves.put(stored.name(), copy(file.path(), weights, stored, exact.test(stored.name()), device));
            }
        } catch (RuntimeException | Error e) {
            leaves.values().forEach(Tensor::close);
            throw e;
        }
        return new Parameters(file.path(), names, leaves, null);
    }

    private static Tensor copy(Path file, Weights weights, StoredTensor stored, boolean exact, Device device) {
        if (!stored.type().isFloating()) {
            throw new CheckpointException("Cannot train on " + file + ": its tensor " + stored.name()
                    + " has type " + stored.type() + ", expected F32, BF16, F16 or F64. Take the model before it was"
                    + " quantized");
        }
        long[] shape = stored.shape().toArray();
        try (Scope scope = Scope.open()) {
            DType dtype = exact ? DType.F32 : DType.valueOf(stored.type().name());
            Tensor read = weights.as(dtype).tensor(stored.name(), shape);
            Tensor own = Tensor.empty(dtype, device, shape);
            return own.copyFrom(read.view(shape)).keep();
        }
    }

    /**
     * Takes tensors over that belong to no file yet, such as those of a new adapter.
     *
     * @param tensors kept tensors in float32 by name; owned by the result
     * @return the parameters, under their own names
     */
    public static Parameters of(Map<String, Tensor> tensors) {
        return new Parameters(null, TensorNames.SAME, new LinkedHashMap<>(tensors), null);
    }

    /**
     * The same memory for another thread, with gradients of its own: changes of the numbers are seen by all.
     *
     * @return parameters without a gradient, owned by the caller
     */
    public Parameters replica() {
        Map<String, Tensor> views = new LinkedHashMap<>();
        try (Scope scope = Scope.open()) {
            leaves.forEach((name, leaf) -> views.put(
                    name,
                    Autograd.requireGradient(Autograd.detach(leaf), Autograd.requiresGradient(leaf))
                            .keep()));
        }
        return new Parameters(file, names, views, null);
    }

    /**
     * A tensor for a layer.
     *
     * @param name our name
     * @param shape the shape that it must have
     * @return where it is
     * @throws CheckpointException if the file has no such tensor or has it in another shape
     */
    Parameter get(String name, long... shape) {
        return get(name, Shape.of(shape));
    }

    private Parameter get(String name, Shape shape) {
        TensorNames.Location at = names.locate(name).orElseThrow(() -> missing(name, shape));
        if (initializer != null && !leaves.containsKey(at.fileName())) {
            leaves.put(at.fileName(), made(name, at, shape));
        }
        Tensor leaf = leaves.get(at.fileName());
        if (leaf == null) {
            throw missing(at.fileName(), shape);
        }
        Shape whole = at.wholeShape(shape);
        Shape found = Shape.of(leaf.shape());
        if (!whole.withoutLeadingOnes().equals(found.withoutLeadingOnes())) {
            throw new CheckpointException("Cannot train on " + file + ": its tensor " + at.fileName() + " has shape "
                    + found + ", expected " + whole
                    + ". Use the configuration that belongs to this file");
        }
        asked.put(name, new Asked(at, shape));
        return new Parameter(leaf, whole.dimension(0) / at.parts() * at.part(), shape);
    }

    private Tensor made(String name, TensorNames.Location at, Shape shape) {
        float[] values = initializer.values(name, at.wholeShape(shape));
        try (Scope scope = Scope.open()) {
            return Tensor.of(values, Device.CPU, at.shapeInFile(shape).toArray())
                    .keep();
        }
    }

    private CheckpointException missing(String name, Shape shape) {
        return new CheckpointException("Cannot train on " + file + ": found no tensor " + name
                + ", expected one of shape " + shape
                + ". Use the configuration that belongs to this file");
    }

    /** Tells whether the file has a tensor of our name. */
    boolean has(String name) {
        return names.locate(name).map(at -> leaves.containsKey(at.fileName())).orElse(false);
    }

    /**
     * Chooses the tensors to train among those that layers have asked for.
     *
     * @param ours true for our names of tensors that are trained
     * @return this
     */
    public Parameters train(Predicate<String> ours) {
        TreeSet<String> chosen = new TreeSet<>();
        asked.forEach((our, each) -> {
            if (ours.test(our)) {
                chosen.add(each.at.fileName());
            }
        });
        leaves.forEach((name, leaf) -> Autograd.requireGradient(leaf, chosen.contains(name)));
        return this;
    }

    /** Shapes of the matrices that layers have asked for, by our names. */
    Map<String, Shape> matrices() {
        Map<String, Shape> matrices = new TreeMap<>();
        asked.forEach((name, each) -> {
            if (each.shape.rank() == 2) {
                matrices.put(name, each.shape);
            }
        });
        return matrices;
    }

    /**
     * Changes the rows of one of our tensors in a map of all tensors: in a copy, which takes the tensor's place there.
     *
     * @param tensors by the file's names; belongs to the caller
     * @param name our name of a tensor that a layer has asked for
     * @param change changes the rows in place
     */
    void change(Map<String, Tensor> tensors, String name, Consumer<Tensor> change) {
        Asked one = asked.get(name);
        String theirs = one.at.fileName();
        Tensor own =
                tensors.get(theirs) == leaves.get(theirs) ? leaves.get(theirs).copy() : tensors.get(theirs);
        tensors.put(theirs, own);
        Parameter part = get(name, one.shape);
        change.accept(new Parameter(own, part.first(), part.shape()).value());
    }

    /** The device of the tensors. */
    Device device() {
        return leaves.values().iterator().next().device();
    }

    /**
     * The trained tensors as another form names them: of each of our tensors that layers have asked for, and that the form has, the
     * rows that are ours.
     *
     * @param form the other form's table
     * @return views by the form's names, in the open scope; tensors that the form stacks are put together
     */
    public Map<String, Tensor> trainedAs(TensorNames form) {
        Map<String, TreeMap<Integer, Tensor>> parts = new TreeMap<>();
        asked.forEach((name, each) -> {
            Tensor leaf = leaves.get(each.at.fileName());
            if (Autograd.requiresGradient(leaf)) {
                Tensor rows = Autograd.detach(get(name, each.shape).value());
                form.locate(name).ifPresent(at -> parts.computeIfAbsent(at.fileName(), file -> new TreeMap<>())
                        .put(at.part(), rows));
            }
        });
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        parts.forEach((file, rows) -> tensors.put(file, Ops.cat(0, rows.values().toArray(Tensor[]::new))));
        return tensors;
    }

    /**
     * All tensors, by the file's names.
     *
     * @return an unmodifiable view
     */
    public Map<String, Tensor> all() {
        return Collections.unmodifiableMap(leaves);
    }

    /**
     * The tensors that are trained, by the file's names in the file's order.
     *
     * @return a new map
     */
    public Map<String, Tensor> trained() {
        Map<String, Tensor> trained = new LinkedHashMap<>();
        leaves.forEach((name, leaf) -> {
            if (Autograd.requiresGradient(leaf)) {
                trained.put(name, leaf);
            }
        });
        return trained;
    }

    /** Forgets all gradients. */
    public void clearGradients() {
        leaves.values().forEach(Autograd::clearGradient);
    }

    @Override
    public void close() {
        leaves.values().forEach(Tensor::close);
        leaves.clear();
    }
}
