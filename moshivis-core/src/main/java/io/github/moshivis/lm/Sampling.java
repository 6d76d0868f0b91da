package io.github.moshivis.lm;

/**
 * How tokens of one kind are chosen.
 *
 * @param temperature divides the logits; 0 takes the most likely token
 * @param topK how many of the most likely tokens take part; 0 is no limit
 */
public record Sampling(double temperature, int topK) {
    /** Always the most likely token. */
    public static final Sampling GREEDY = new Sampling(0, 0);

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if one is negative or not finite
     */
    public Sampling {
        if (!(temperature >= 0) || Double.isInfinite(temperature)) {
            throw new IllegalArgumentException(
                    "Temperature must be a finite number of at least 0 (0 is greedy), found " + temperature);
        }
        if (topK < 0) {
            throw new IllegalArgumentException("Top-k must be at least 0 (0 is no limit), found " + topK);
        }
    }

    boolean isGreedy() {
        return temperature == 0;
    }
}
