package io.github.moshivis.train.model;

import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.Scope;
import io.github.moshivis.tensor.Tensor;
import io.github.moshivis.weights.names.MoshiNames;
import io.github.moshivis.weights.names.TensorNames;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * The pairs of matrices of a low-rank adapter, by the names that plain Moshi's fine-tuning gives them whatever the form of the model: one
 * pair for each matrix product of plain Moshi, none for embeddings and for what sees the picture.
 */
public final class AdapterParameters {
    private static final String WEIGHT = ".weight";
    private static final String DOWN = ".lora_A.weight";
    private static final String UP = ".lora_B.weight";

    private final Parameters parameters;
    private final TensorNames names;
    private final int rank;
    private final double scaling;

    /**
     * Says what an adapter is.
     *
     * @param parameters its matrices, for a model of {@code codebooks}; not owned
     * @param codebooks depth steps of the model
     * @param rank inner width of the pairs
     * @param scaling factor of their products, not divided by the rank
     */
    public AdapterParameters(Parameters parameters, int codebooks, int rank, double scaling) {
        this.parameters = parameters;
        this.names = MoshiNames.split(codebooks);
        this.rank = rank;
        this.scaling = scaling;
    }

    /**
     * A model's tensors with the adapter's products added: {@code W + scaling * (B A)}.
     *
     * @param model whose layers have asked for their matrices
     * @return all of its tensors, by the file's names; those that are changed belong to the open scope
     */
    public Map<String, Tensor> merged(Parameters model) {
        Map<String, Tensor> tensors = new LinkedHashMap<>(model.all());
        model.matrices().forEach((name, shape) -> {
            LowRank pair = pair(name, shape.dimension(0), shape.dimension(1));
            if (pair != null) {
                model.change(
                        tensors,
                        name,
                        rows -> rows.addInPlace(
                                pair.up().value().matmul(pair.down().value()).mul(scaling)));
            }
        });
        return tensors;
    }

    /**
     * Makes the pairs of a new adapter, which changes nothing yet: A is uniform within one over the root of its inputs, B is zero.
     *
     * @param model a model without an adapter, which has asked for its matrices
     * @param codebooks depth steps of the model
     * @param rank inner width of the pairs
     * @param random source of A
     * @return the pairs by their names, owned by the caller
     */
    public static Parameters create(Parameters model, int codebooks, int rank, RandomGenerator random) {
        TensorNames names = MoshiNames.split(codebooks);
        Map<String, Tensor> pairs = new LinkedHashMap<>();
        model.matrices().forEach((name, shape) -> stem(names, name).ifPresent(stem -> {
            pairs.put(stem + DOWN, uniform(random, model.device(), rank, shape.dimension(1)));
            try (Scope scope = Scope.open()) {
                pairs.put(
                        stem + UP,
                        Tensor.zeros(DType.F32, model.device(), shape.dimension(0), rank)
                                .keep());
            }
        }));
        return Parameters.of(pairs);
    }

    private static Tensor uniform(RandomGenerator random, Device device, long rank, long inputs) {
        float[] values = new float[(int) (rank * inputs)];
        double limit = 1 / Math.sqrt(inputs);
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) ((2 * random.nextDouble() - 1) * limit);
        }
        try (Scope scope = Scope.open()) {
            return Tensor.of(values, device, rank, inputs).keep();
        }
    }

    /**
     * The stem of the names of a matrix's pair.
     *
     * @param names plain Moshi's table
     * @param name our name of the matrix
     * @return empty if it has none
     */
    private static Optional<String> stem(TensorNames names, String name) {
        return names.locate(name)
                .map(TensorNames.Location::fileName)
                .filter(file -> file.endsWith(WEIGHT) && !name.contains("embedding"))
                .map(file -> file.substring(0, file.length() - WEIGHT.length()));
    }

    /** The pair of the matrix [out, in] of our name; null if it has none. */
    LowRank pair(String name, long out, long in) {
        return stem(names, name)
                .map(stem -> new LowRank(
                        parameters.get(stem + DOWN, rank, in), parameters.get(stem + UP, out, rank), scaling))
                .orElse(null);
    }
}
