package io.github.moshivis.nn;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.KernelThreads;
import io.github.moshivis.tensor.Ops;
import io.github.moshivis.tensor.Scope;
import io.github.moshivis.tensor.Tensor;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RowAttentionTest {
    private static final int[] LENGTHS = {5, 700, 1, 88};
    private static final int LONGEST = 700;
    private static final int HEADS = 2;

    private static Tensor noise(Random random, long... shape) {
        int count = 1;
        for (long size : shape) {
            count *= (int) size;
        }
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return Tensor.of(values, Device.CPU, shape);
    }

    @Test
    void threadsShareTheHeadsWithoutChangingABit() {
        try (Scope scope = Scope.open()) {
            Random random = new Random(3);
            int heads = 5;
            Tensor query = noise(random, 1, heads, 2, 64);
            Tensor keys = noise(random, 1, heads, 1024, 64);
            Tensor values = noise(random, 1, heads, 1024, 64);
            float[] alone = RowAttention.attend(query, keys, values, null, new int[] {1024})
                    .toFloats();
            assertThat(alone).isEqualTo(Ops.attention(query, keys, values, null).toFloats());
            try (KernelThreads kernelThreads = KernelThreads.start(3)) {
                assertThat(RowAttention.attend(query, keys, values, null, new int[] {1024})
                                .toFloats())
                        .isEqualTo(alone);
            }
        }
    }

    @Test
    void aRowAttendsBitForBitAsIfItWereAlone() {
        for (int dim : new int[] {16, 64, 128}) {
            try (Scope scope = Scope.open()) {
                Random random = new Random(dim);
                int rows = LENGTHS.length;
                Tensor query = noise(random, rows, HEADS, 1, dim);
                Tensor keys = noise(random, rows, HEADS, LONGEST, dim);
                Tensor values = noise(random, rows, HEADS, LONGEST, dim);
                boolean[] seen = new boolean[rows * LONGEST];
                for (int i = 0; i < seen.length; i++) {
                    seen[i] = i % LONGEST < LENGTHS[i / LONGEST];
                }
                Tensor mask = Tensor.of(seen, Device.CPU).view(rows, 1, 1, LONGEST);
                Tensor all = RowAttention.attend(query, keys, values, mask, LENGTHS);
                for (int row = 0; row < rows; row++) {
                    Tensor alone = Ops.attention(
                            query.narrow(0, row, 1),
                            keys.narrow(0, row, 1).narrow(2, 0, LENGTHS[row]),
                            values.narrow(0, row, 1).narrow(2, 0, LENGTHS[row]),
                            null);
                    assertThat(all.narrow(0, row, 1).toFloats())
                            .as("row " + row + " of width " + dim)
                            .isEqualTo(alone.toFloats());
                }
            }
        }
    }
}
