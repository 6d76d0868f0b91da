package io.github.moshivis.lm;

/**
 * How tokens of one kind are chosen. A token takes part if both limits let it.
 *
 * @param temperature divides the logits; 0 takes the most likely token
 * @param topK how many of the most likely tokens take part; 0 is no limit
 * @param topP the least mass of the most likely tokens that take part; 1 is no limit, 0 leaves the most likely token
 */
public record Sampling(double temperature, int topK, double topP) {
    /** Always the most likely token. */
    public static final Sampling GREEDY = new Sampling(0, 0, 1);

    /** Logits divided by less overflow float32 when they are large. */
    private static final double LEAST_TEMPERATURE = 0.001;

    /** Everything is about equally likely long before. */
    private static final double MOST_TEMPERATURE = 100;

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if one is out of its range
     */
    public Sampling {
        if (temperature != 0 && !(temperature >= LEAST_TEMPERATURE && temperature <= MOST_TEMPERATURE)) {
            throw new IllegalArgumentException("Temperature must be at least 0 (0 takes the most likely token, else "
                    + LEAST_TEMPERATURE + " to " + MOST_TEMPERATURE + "), found " + temperature + "; correct it");
        }
        if (topK < 0) {
            throw new IllegalArgumentException(
                    "Top-k must be at least 0 (0 is no limit), found " + topK + "; correct it");
        }
        if (!(topP >= 0 && topP <= 1)) {
            throw new IllegalArgumentException(
                    "Top-p must be 0 to 1 (1 is no limit), found " + topP + "; give it as a share, not in percent");
        }
    }

    /** This with another temperature. */
    public Sampling temperature(double value) {
        return new Sampling(value, topK, topP);
    }

    /** This with another top-k. */
    public Sampling topK(int value) {
        return new Sampling(temperature, value, topP);
    }

    /** This with another top-p. */
    public Sampling topP(double value) {
        return new Sampling(temperature, topK, value);
    }

    boolean isGreedy() {
        return temperature == 0;
    }
}
