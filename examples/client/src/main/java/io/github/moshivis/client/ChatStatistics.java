package io.github.moshivis.client;

import java.time.Duration;

/**
 * Traffic of a conversation so far.
 *
 * @param spoken duration of the sent audio
 * @param heard duration of the received audio
 * @param pieces number of text messages
 * @param malformed number of malformed messages, which were ignored
 */
public record ChatStatistics(Duration spoken, Duration heard, long pieces, long malformed) {
    /** Maximum unanswered audio of servers that keep up: some frames of 80 ms. */
    private static final Duration USUAL_DELAY = Duration.ofSeconds(1);

    /**
     * Returns whether the server has answered all sent audio: models answer each frame with one frame.
     *
     * @return false if more than a second of the answer is missing
     */
    public boolean isAnswered() {
        return spoken.minus(heard).compareTo(USUAL_DELAY) <= 0;
    }
}
