package io.github.moshivis;

/**
 * Counts of how often the conversations of a model with live sources have fallen behind since it was loaded.
 *
 * @param late events of {@link Lag.Kind#LATE}
 * @param underruns events of {@link Lag.Kind#UNDERRUN}
 * @param skipped frames of {@link Lag.Kind#SKIPPED}
 */
public record LagCounts(long late, long underruns, long skipped) {}
