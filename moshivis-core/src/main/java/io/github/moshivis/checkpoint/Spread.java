package io.github.moshivis.checkpoint;

import io.github.moshivis.weights.file.TensorSpec;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Distribution of a tensor's random values, chosen so that activations keep their size from layer to layer, whatever the width.
 *
 * @param mean of the values
 * @param deviation their standard deviation
 */
record Spread(float mean, float deviation) {
    private record Rule(Pattern ours, Spread spread) {}

    /** By our names; the first that matches counts. */
    private static final List<Rule> RULES = List.of(
            rule(".*_codebook\\._initialized", 1, 0),
            rule(".*_codebook\\.cluster_usage", 2, 0.3),
            rule(".*_codebook\\.embedding_sum", 0, 1),
            rule(".*\\.layer_scale_\\d\\.scale", 0.1, 0.01),
            rule(".*norm\\d?(\\.weight)?", 1, 0.05),
            rule(".*\\.bias", 0, 0.02),
            rule("(text|audio|depth\\.\\d+)\\.embedding(\\.\\d+)?", 0, 1));

    /** The gates' second matrices: the gates stay near the sigmoid of their shift by -4, about 0.018, as in a trained model. */
    private static final Pattern GATE_OUTPUT = Pattern.compile(".*\\.gate\\.output");

    private static final double GATE_GAIN = 0.2;

    private static Rule rule(String ours, double mean, double deviation) {
        return new Rule(Pattern.compile(ours), new Spread((float) mean, (float) deviation));
    }

    /**
     * The spread of a tensor.
     *
     * @param name our name
     * @param spec its shape
     * @return by its name; for matrices and kernels that no rule names, one over the root of the inputs of an output
     */
    static Spread of(String name, TensorSpec spec) {
        for (Rule rule : RULES) {
            if (rule.ours.matcher(name).matches()) {
                return rule.spread;
            }
        }
        double gain = GATE_OUTPUT.matcher(name).matches() ? GATE_GAIN : 1;
        long inputs = spec.shape().entry().elements();
        return new Spread(0, (float) (gain / Math.sqrt(inputs)));
    }
}
