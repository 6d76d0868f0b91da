package io.github.moshivis.transcript;

import java.util.List;

/**
 * Probabilities, after a frame, that the user will not be speaking for some time. They run ahead of the words by the model's delay, and
 * are near 1 in silence before anything was said.
 *
 * @param time seconds from the beginning of the sound
 * @param probabilities one for each pause head of the model; the four of the released models are for {@link #HORIZONS}
 */
public record Pause(double time, List<Double> probabilities) {
    /** Seconds that the probabilities of a model with four heads are for. */
    public static final List<Double> HORIZONS = List.of(0.5, 1.0, 2.0, 3.0);

    /**
     * Copies the list.
     *
     * @param time as it is
     * @param probabilities copied
     */
    public Pause {
        probabilities = List.copyOf(probabilities);
    }
}
