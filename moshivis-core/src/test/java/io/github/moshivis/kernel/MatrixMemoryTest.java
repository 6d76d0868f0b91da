package io.github.moshivis.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MatrixMemoryTest {
    private static final long SMALL = (3L << 20) + 5;

    @BeforeEach
    void needsKernels() {
        assumeThat(Kernels.available()).isTrue();
    }

    @Test
    void smallMatricesShareAreasThatAreFreedWithTheLastOfThem() {
        int before = MatrixMemory.areas();
        List<Long> matrices = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            matrices.add(MatrixMemory.allocate(SMALL));
        }
        assertThat(MatrixMemory.areas() - before).isBetween(2, 3);
        assertThat(matrices).allMatch(address -> address % 64 == 0);
        List<Long> sorted = matrices.stream().sorted().toList();
        for (int i = 1; i < sorted.size(); i++) {
            assertThat(sorted.get(i) - sorted.get(i - 1)).isGreaterThanOrEqualTo(SMALL);
        }
        for (int i = 0; i < matrices.size(); i += 2) {
            MatrixMemory.release(matrices.get(i));
        }
        for (int i = 1; i < matrices.size(); i += 2) {
            MatrixMemory.release(matrices.get(i));
        }
        assertThat(MatrixMemory.areas()).isLessThanOrEqualTo(before);
        long again = MatrixMemory.allocate(SMALL);
        MatrixMemory.release(again);
    }

    @Test
    void largeMatricesStandAlone() {
        int before = MatrixMemory.areas();
        long large = MatrixMemory.allocate(MatrixMemory.AREA);
        assertThat(large % 64).isZero();
        assertThat(MatrixMemory.areas()).isEqualTo(before);
        MatrixMemory.release(large);
    }
}
