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
public record ChatStatistics(Duration spoken, Duration heard, long pieces, long malformed) {}
