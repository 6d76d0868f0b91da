package io.github.moshivis.lm;

/**
 * How a conversation's tokens are chosen: all that may change while it goes on. The modifiers of text are those of the Rust
 * reference, which applies them in this order: repetition penalty on logits, gate influence on the temperature, pad multiplier on
 * probabilities. A greedy choice knows the repetition penalty only.
 *
 * @param text how text tokens are chosen
 * @param audio how codes are chosen
 * @param repetitionPenalty divides logits of at least 0, and multiplies others, of text tokens said lately; 1 changes nothing
 * @param repetitionContext how many of the last text tokens count as said lately; padding does not count
 * @param padMultiplier the probability of padding is multiplied by the exponential of this; 0 changes nothing
 * @param gateInfluence how much a look at the picture cools the text's temperature; 0 changes nothing
 */
public record Controls(
        Sampling text,
        Sampling audio,
        double repetitionPenalty,
        int repetitionContext,
        double padMultiplier,
        double gateInfluence) {
    /** Always the most likely, nothing modified. */
    public static final Controls GREEDY = of(Sampling.GREEDY, Sampling.GREEDY);

    /** The web page's default (its range ends at 200). */
    private static final int REPETITION_CONTEXT = 64;

    private static final double LEAST_PENALTY = 0.01;
    private static final double MOST_PENALTY = 100;

    /** exp(30) is 1e13: padding is certain, or excluded. */
    private static final double MOST_PAD_MULTIPLIER = 30;

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if one is out of its range
     */
    public Controls {
        check(
                "The repetition penalty",
                repetitionPenalty,
                LEAST_PENALTY,
                MOST_PENALTY,
                "1 changes nothing, more avoids what was said");
        check("The repetition context", repetitionContext, 0, TextHistory.LENGTH, "0 changes nothing");
        check("The pad multiplier", padMultiplier, -MOST_PAD_MULTIPLIER, MOST_PAD_MULTIPLIER, "0 changes nothing");
        check("The gate influence", gateInfluence, 0, 1, "0 changes nothing");
    }

    /** Nothing but samplings. */
    public static Controls of(Sampling text, Sampling audio) {
        return new Controls(text, audio, 1, REPETITION_CONTEXT, 0, 0);
    }

    private static void check(String what, double value, double least, double most, String meaning) {
        if (!(value >= least && value <= most)) {
            throw new IllegalArgumentException(what + " must be " + number(least) + " to " + number(most) + " ("
                    + meaning + "), found " + number(value) + "; correct it");
        }
    }

    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < Integer.MAX_VALUE
                ? String.valueOf((int) value)
                : String.valueOf(value);
    }

    /** This with another way to choose text tokens. */
    public Controls text(Sampling value) {
        return new Controls(value, audio, repetitionPenalty, repetitionContext, padMultiplier, gateInfluence);
    }

    /** This with another way to choose codes. */
    public Controls audio(Sampling value) {
        return new Controls(text, value, repetitionPenalty, repetitionContext, padMultiplier, gateInfluence);
    }

    /** This with another repetition penalty. */
    public Controls repetitionPenalty(double value) {
        return new Controls(text, audio, value, repetitionContext, padMultiplier, gateInfluence);
    }

    /** This with another repetition context. */
    public Controls repetitionContext(int value) {
        return new Controls(text, audio, repetitionPenalty, value, padMultiplier, gateInfluence);
    }

    /** This with another pad multiplier. */
    public Controls padMultiplier(double value) {
        return new Controls(text, audio, repetitionPenalty, repetitionContext, value, gateInfluence);
    }

    /** This with another gate influence. */
    public Controls gateInfluence(double value) {
        return new Controls(text, audio, repetitionPenalty, repetitionContext, padMultiplier, value);
    }
}
