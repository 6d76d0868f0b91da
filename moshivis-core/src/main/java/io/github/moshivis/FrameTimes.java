package io.github.moshivis;

import io.github.moshivis.engine.FrameHistogram;
import io.github.moshivis.io.AudioSource;
import java.time.Duration;

/**
 * The model's times for frames of 80 ms. Each frame counts with the duration of the whole step that it was part of, from the sound of all
 * conversations of that step to theirs. Waiting for a step is not included. Quantiles are at most 6 % too large.
 *
 * @param frames how many were measured
 * @param p50 half of the frames took no longer
 * @param p95 95 % of the frames took no longer
 * @param p99 99 % of the frames took no longer
 * @param worst the longest
 * @param realTimeFactor 80 ms divided by the mean: how much faster than speech; 0 without a frame
 */
public record FrameTimes(long frames, Duration p50, Duration p95, Duration p99, Duration worst, double realTimeFactor) {
    static FrameTimes of(FrameHistogram.Snapshot times) {
        return new FrameTimes(
                times.count(),
                Duration.ofNanos(times.quantile(0.5)),
                Duration.ofNanos(times.quantile(0.95)),
                Duration.ofNanos(times.quantile(0.99)),
                Duration.ofNanos(times.worst()),
                times.count() == 0 ? 0 : (double) AudioSource.FRAME_NANOS * times.count() / Math.max(1, times.total()));
    }
}
