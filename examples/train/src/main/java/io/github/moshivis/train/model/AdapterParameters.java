package io.github.moshivis.train.model;

import io.github.moshivis.weights.names.MoshiNames;
import io.github.moshivis.weights.names.TensorNames;
import java.util.Optional;

/**
 * The pairs of matrices of a low-rank adapter, by the names that plain Moshi's fine-tuning gives them whatever the form of the model: one
 * pair for each matrix product of plain Moshi, none for embeddings and for what sees the picture.
 */
public final class AdapterParameters {
    private static final String WEIGHT = ".weight";

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
     * The stem of the names of a matrix's pair.
     *
     * @param names plain Moshi's table
     * @param name our name of the matrix
     * @return empty if it has none
     */
    static Optional<String> stem(TensorNames names, String name) {
        return names.locate(name)
                .map(TensorNames.Location::fileName)
                .filter(file -> file.endsWith(WEIGHT))
                .map(file -> file.substring(0, file.length() - WEIGHT.length()));
    }

    /** The pair of the matrix [out, in] of our name; null if it has none. */
    LowRank pair(String name, long out, long in) {
        return stem(names, name)
                .map(stem -> new LowRank(
                        parameters.get(stem + ".lora_A.weight", rank, in),
                        parameters.get(stem + ".lora_B.weight", out, rank),
                        scaling))
                .orElse(null);
    }
}
