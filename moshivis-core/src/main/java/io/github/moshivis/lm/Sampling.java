package io.github.moshivis.lm;

/**
 * Numbers of the choice of tokens of one kind. A token takes part if both limits let it.
 *
 * @param temperature divides the logits; 0 takes the most likely token, else at least 0.001
 * @param topK number of most likely tokens to sample from; 0 is no limit
 * @param topP probability mass of the most likely tokens to sample from; 1 is no limit, 0 leaves the most likely token
 */
public record Sampling(double temperature, int topK, double topP) {
    /** Always the most likely token. */
    public static final Sampling GREEDY = new Sampling(0, 0, 1);

    boolean isGreedy() {
        return temperature == 0;
    }
}
