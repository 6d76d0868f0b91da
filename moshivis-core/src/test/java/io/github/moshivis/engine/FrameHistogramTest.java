package io.github.moshivis.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrameHistogramTest {
    @Test
    void quantilesAreAtMostSixPercentTooLarge() {
        Random random = new Random(1);
        FrameHistogram histogram = new FrameHistogram();
        long[] nanos = new long[5000];
        for (int i = 0; i < nanos.length; i++) {
            nanos[i] = (long) (1e8 * Math.exp(2 * random.nextGaussian()));
            histogram.record(nanos[i]);
        }
        Arrays.sort(nanos);
        FrameHistogram.Snapshot snapshot = histogram.snapshot();
        assertThat(snapshot.count()).isEqualTo(nanos.length);
        assertThat(snapshot.total()).isEqualTo(Arrays.stream(nanos).sum());
        assertThat(snapshot.worst()).isEqualTo(nanos[nanos.length - 1]);
        for (double share : new double[] {0, 0.01, 0.5, 0.95, 0.99, 1}) {
            long exact = nanos[(int) Math.max(0, Math.ceil(share * nanos.length) - 1)];
            assertThat((double) snapshot.quantile(share) / exact)
                    .as("quantile " + share)
                    .isCloseTo(1.03, within(0.035));
        }
    }

    @Test
    void takesTheShortestAndTheLongestDurations() {
        FrameHistogram histogram = new FrameHistogram();
        assertThat(histogram.snapshot().quantile(0.5)).isZero();
        histogram.record(0);
        assertThat(histogram.snapshot().quantile(0.5)).isZero();
        histogram.record(Long.MAX_VALUE / 4);
        assertThat(histogram.snapshot().worst()).isEqualTo(Long.MAX_VALUE / 4);
        assertThat(histogram.snapshot().quantile(0)).isLessThan(1100);
        assertThat(histogram.snapshot().quantile(1)).isGreaterThan(60_000_000_000L);
    }
}
