package io.github.moshivis.tensor;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class KernelThreadsTest {
    @BeforeAll
    static void load() {
        LibTorch.load();
    }

    @Test
    void anErrorOfAHelperReachesTheCaller() {
        Thread caller = Thread.currentThread();
        try (KernelThreads threads = KernelThreads.start(2)) {
            assertThatExceptionOfType(OutOfMemoryError.class)
                    .isThrownBy(() -> KernelThreads.split(1000, 50, (from, length) -> {
                        if (Thread.currentThread() != caller) {
                            throw new OutOfMemoryError("as JavaCPP throws it");
                        }
                        pause(); // lets the helper take its share
                    }))
                    .withMessage("as JavaCPP throws it");
        }
    }

    @Test
    void anExceptionOfThisThreadReachesTheCaller() {
        try (KernelThreads threads = KernelThreads.start(2)) {
            assertThatExceptionOfType(IllegalStateException.class)
                    .isThrownBy(() -> KernelThreads.run(10, (from, length) -> {
                        throw new IllegalStateException("piece from " + from);
                    }))
                    .withMessageStartingWith("piece from");
        }
    }

    private static void pause() {
        try {
            Thread.sleep(1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
