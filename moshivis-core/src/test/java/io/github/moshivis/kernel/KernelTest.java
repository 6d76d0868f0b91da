package io.github.moshivis.kernel;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** Tests that call kernels with plain addresses: skipped with the reason where there are none. */
abstract class KernelTest {
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
}
