package io.github.moshivis.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
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

    @Test
    void operatorsRunOneAfterTheOther() {
        int[] numbers = new int[100_000];
        KernelThreads.Operator fill = new KernelThreads.Operator(numbers.length, (from, length) -> {
            for (long i = from; i < from + length; i++) {
                numbers[(int) i] += (int) i;
            }
        });
        long[] sums = new long[3];
        try (KernelThreads threads = KernelThreads.start(3)) {
            for (int round = 1; round <= 50; round++) {
                KernelThreads.run(
                        List.of(fill, sum(numbers, sums, 0), sum(numbers, sums, 1), fill, sum(numbers, sums, 2)));
                long once = (numbers.length - 1L) * numbers.length / 2;
                assertThat(sums).containsExactly((2L * round - 1) * once, (2L * round - 1) * once, 2L * round * once);
            }
        }
    }

    private static KernelThreads.Operator sum(int[] numbers, long[] sums, int place) {
        return new KernelThreads.Operator(
                1,
                (from, length) ->
                        sums[place] = IntStream.of(numbers).asLongStream().sum());
    }

    @Test
    void anOperatorAfterOneThatFailsDoesNotRun() {
        AtomicInteger ran = new AtomicInteger();
        KernelThreads.Operator failing = new KernelThreads.Operator(1, (from, length) -> {
            throw new IllegalStateException("no result");
        });
        KernelThreads.Operator next = new KernelThreads.Operator(10, (from, length) -> ran.incrementAndGet());
        try (KernelThreads threads = KernelThreads.start(2)) {
            assertThatExceptionOfType(IllegalStateException.class)
                    .isThrownBy(() -> KernelThreads.run(List.of(failing, next)))
                    .withMessage("no result");
            assertThat(ran).hasValue(0);
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
