package io.github.moshivis.kernel;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** Tests that call kernels with plain addresses: skipped with the reason where there are none. */
abstract class KernelTest {
    /** Numbers of a test, the same in each run. */
    final Random random = new Random(17);

    TestMemory memory;

    @BeforeAll
    static void needKernels() {
        assumeTrue(Kernels.available(), Kernels::problem);
    }

    @BeforeEach
    void takeMemory() {
        memory = new TestMemory();
    }

    @AfterEach
    void free() {
        memory.close();
    }

    /** Numbers of a normal distribution. */
    final float[] numbers(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    static double[] doubles(float[] values, int from, int count) {
        double[] result = new double[count];
        for (int i = 0; i < count; i++) {
            result[i] = values[from + i];
        }
        return result;
    }
}
