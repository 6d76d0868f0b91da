package io.github.moshivis.weights;

import io.github.moshivis.errors.CheckpointException;
import io.github.moshivis.layout.AdapterFiles;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Tensor;
import io.github.moshivis.weights.file.SafetensorsFile;
import io.github.moshivis.weights.file.Shape;
import io.github.moshivis.weights.file.TensorFile;
import io.github.moshivis.weights.names.MoshiNames;
import io.github.moshivis.weights.names.PytorchNames;
import io.github.moshivis.weights.names.TensorNames;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * A low-rank adapter that is fused into a language model as it is read: {@code W' = W + scaling * (B A)}, computed in float32 and rounded
 * once (the reference's {@code moshi/modules/lora.py} rounds each of the three results). Adapters are named as plain Moshi's tensors,
 * whatever the form of the base; whole embedding tables in the adapter's file replace the base's, and so do whole tensors of the part that
 * sees pictures, which are named as in MoshiVis's PyTorch form. Used by one thread at a time.
 */
public final class Adapter implements AutoCloseable {
    private static final String DOWN = ".lora_A.weight";
    private static final String UP = ".lora_B.weight";
    private static final String WEIGHT = ".weight";

    private final AdapterFiles source;
    private final TensorFile file;
    private final TensorNames split;
    private final TensorNames stacked;
    private final TensorNames seeing;
    private final TreeSet<String> unused;
    private final Map<String, String> problems = new LinkedHashMap<>();

    private Adapter(AdapterFiles source, int codebooks) {
        this.source = source;
        this.file = SafetensorsFile.open(source.weights());
        this.split = MoshiNames.split(codebooks);
        this.stacked = MoshiNames.stacked(codebooks, codebooks);
        this.seeing = PytorchNames.sight();
        this.unused = new TreeSet<>(file.tensors().keySet());
    }

    /**
     * Opens an adapter.
     *
     * @param source its files
     * @param codebooks depth steps of the base
     * @return the adapter, to be closed by the caller
     * @throws CheckpointException if the file is missing or damaged
     */
    public static Adapter open(AdapterFiles source, int codebooks) {
        return new Adapter(source, codebooks);
    }

    /** Rows of a pair of matrices: a stem, and which of several equal blocks of rows belong to a tensor. */
    private record Pair(String stem, int block, int blocks) {
        TensorNames.Location at(String ending) {
            return new TensorNames.Location(stem + ending, block, 1, blocks, 0);
        }
    }

    /**
     * Returns whether a tensor is another one with this adapter.
     *
     * @param name our name
     * @return false if the base's tensor is to be used as it is
     */
    boolean changes(String name) {
        return replacement(name).isPresent() || pair(name).isPresent();
    }

    /**
     * A tensor with the adapter.
     *
     * @param name our name
     * @param base the base's tensor, floating, on the CPU
     * @return F32 of the same shape, in the open scope; the base itself where the adapter is wrong, which {@link #verify} reports
     */
    Tensor apply(String name, Tensor base) {
        Optional<TensorNames.Location> replacement = replacement(name);
        return replacement.isPresent()
                ? read(replacement.get(), Shape.of(base.shape())).orElse(base)
                : pair(name).map(pair -> fused(pair, base)).orElse(base);
    }

    private Tensor fused(Pair pair, Tensor base) {
        long out = base.size(0);
        long in = base.size(1);
        Optional<Tensor> down = read(pair.at(DOWN), Shape.of(source.rank(), in));
        Optional<Tensor> up = read(pair.at(UP), Shape.of(out, source.rank()));
        return down.isPresent() && up.isPresent()
                ? base.to(DType.F32).add(up.get().matmul(down.get()).mul(source.scaling()))
                : base;
    }

    /** Rows of a tensor of the adapter in F32, or empty after noting why not. */
    private Optional<Tensor> read(TensorNames.Location at, Shape shape) {
        unused.remove(at.fileName());
        Shape whole = at.wholeShape(shape);
        StoredWeights stored = new StoredWeights(file, at.fileName(), whole);
        Optional<String> problem = stored.problem();
        if (problem.isPresent()) {
            problems.put(at.fileName(), problem.get());
            return Optional.empty();
        }
        long first = whole.dimension(0) / at.parts() * at.part();
        return Optional.of(stored.read(first, shape.dimension(0), DType.F32).to(DType.F32));
    }

    /** The place of the tensor in the adapter's file that is used instead of the base's. */
    private Optional<TensorNames.Location> replacement(String name) {
        return split.locate(name).or(() -> seeing.locate(name)).filter(at -> file.tensors()
                .containsKey(at.fileName()));
    }

    /** The pair of a matrix: every matrix of plain Moshi but embeddings has one. */
    private Optional<Pair> pair(String name) {
        Optional<TensorNames.Location> found = split.locate(name);
        if (source.rank() == 0
                || found.isEmpty()
                || !found.get().fileName().endsWith(WEIGHT)
                || name.contains("embedding")) {
            return Optional.empty();
        }
        TensorNames.Location older = stacked.locate(name).orElseThrow();
        String olderStem = older.fileName().replaceFirst("[._]weight$", "");
        if (file.tensors().containsKey(olderStem + DOWN)) {
            return Optional.of(new Pair(olderStem, older.part(), older.parts()));
        }
        String stem = found.get().fileName().substring(0, found.get().fileName().length() - WEIGHT.length());
        return Optional.of(new Pair(stem, 0, 1));
    }

    /**
     * Ends reading: checks that every matrix of the model had its pair, in the stated rank, and that nothing is left over.
     *
     * @throws CheckpointException naming the tensors that are missing, wrong, or not of this model
     */
    void verify() {
        List<String> lines = new ArrayList<>(NamedTensors.lines(problems));
        unused.stream()
                .filter(name -> !split.isSpare(name.replaceFirst("\\.lora_[AB]\\.weight$", WEIGHT)))
                .forEach(name -> lines.add(name + ": the model has no such tensor"));
        if (!lines.isEmpty()) {
            throw new CheckpointException("Cannot fuse the adapter " + source.weights() + " of rank " + source.rank()
                    + ": " + lines.size() + " tensors do not fit the model: " + Mismatch.listed(lines)
                    + ". Use the adapter with the model and the config.json that it was trained with");
        }
    }

    @Override
    public void close() {
        file.close();
    }
}
