package io.github.moshivis.client;

import java.time.Duration;

/**
 * Traffic of a conversation so far.
 *
 * @param spoken how much of the user's voice was sent
 * @param heard how much of the model's voice came
 * @param pieces how many messages of text came
 * @param malformed how many messages came that were none, and were passed over
 */
public record ChatStatistics(Duration spoken, Duration heard, long pieces, long malformed) {
    /** Delay of servers that keep up, in what they have not answered yet: some frames of 80 ms. */
    private static final Duration USUAL_DELAY = Duration.ofSeconds(1);

    /**
     * Tells whether the server has answered all that was spoken: models answer each frame with one of their own.
     *
     * @return false if more than a second of the answer is missing
     */
    public boolean isAnswered() {
        return spoken.minus(heard).compareTo(USUAL_DELAY) <= 0;
    }
}
