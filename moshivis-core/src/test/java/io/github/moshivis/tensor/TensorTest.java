package io.github.moshivis.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.moshivis.Leaks;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class TensorTest {
    @Test
    void keepsWhatIsKeptAndFreesTheRest() {
        NativeMemory.Snapshot before = NativeMemory.snapshot();
        Tensor kept;
        try (Scope scope = Scope.open()) {
            Tensor a = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, Device.CPU, 2, 3);
            kept = a.mul(2.0).keep();
            a.add(kept);
        }
        assertThat(NativeMemory.snapshot().keptTensors()).isEqualTo(before.keptTensors() + 1);
        assertThat(NativeMemory.snapshot().keptBytes()).isEqualTo(before.keptBytes() + 24);
        assertThat(NativeMemory.snapshot().nativeObjects()).isEqualTo(before.nativeObjects() + 1);
        try (Scope scope = Scope.open()) {
            assertThat(kept.toFloats()).containsExactly(2, 4, 6, 8, 10, 12);
        }
        kept.close();
        kept.close();
        Leaks.assertNone(before);
    }

    @Test
    void nestedScopesFreeInnermostFirst() {
        NativeMemory.Snapshot before = NativeMemory.snapshot();
        try (Scope outer = Scope.open()) {
            Tensor a = Tensor.arange(4, Device.CPU);
            long withA = NativeMemory.snapshot().nativeObjects();
            try (Scope inner = Scope.open()) {
                a.to(DType.F32).add(1.0);
            }
            assertThat(NativeMemory.snapshot().nativeObjects()).isEqualTo(withA);
            assertThat(a.toLongs()).containsExactly(0, 1, 2, 3);
        }
        Leaks.assertNone(before);
    }

    @Test
    void refusesToMakeTensorsOutsideAScope() {
        assertThatIllegalStateException()
                .isThrownBy(() -> Tensor.arange(3, Device.CPU))
                .withMessageContaining("outside any Scope");
    }

    @Test
    void refusesToCloseScopesOutOfOrderOrElsewhere() {
        try (Scope outer = Scope.open();
                Scope inner = Scope.open()) {
            assertThatIllegalStateException().isThrownBy(outer::close).withMessageContaining("innermost first");
            CompletableFuture<Void> elsewhere = CompletableFuture.runAsync(inner::close);
            assertThat(elsewhere).failsWithin(java.time.Duration.ofSeconds(5));
        }
    }

    @Test
    void viewsMemoryWithoutCopying() {
        ByteBuffer memory = ByteBuffer.allocateDirect(32).order(ByteOrder.nativeOrder());
        memory.putFloat(8, 1.5f).putFloat(12, -2f);
        try (Scope scope = Scope.open()) {
            Tensor view = Tensor.over(memory, 8, DType.F32, 2);
            memory.putFloat(12, 7f);
            assertThat(view.toFloats()).containsExactly(1.5f, 7f);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Tensor.over(memory, 28, DType.F32, 2))
                    .withMessageContaining("36 bytes");
        }
    }

    @Test
    void convertsArraysBothWays() {
        try (Scope scope = Scope.open()) {
            assertThat(Tensor.of(new long[] {5, -1}, Device.CPU, 2, 1).shape()).containsExactly(2, 1);
            assertThat(Tensor.of(new boolean[] {true, false}, Device.CPU).toLongs())
                    .containsExactly(1, 0);
            assertThat(Tensor.of(new float[] {1.0000001f}, Device.CPU, 1)
                            .to(DType.BF16)
                            .toFloats())
                    .containsExactly(1f);
            assertThat(Tensor.full(3, DType.I64, Device.CPU, 2).toLongs()).containsExactly(3, 3);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Tensor.of(new float[3], Device.CPU, 2, 2))
                    .withMessageContaining("[2, 2]")
                    .withMessageContaining("3 values");
        }
    }

    @Test
    void rotatesInterleavedPairs() {
        try (Scope scope = Scope.open()) {
            Tensor x = Tensor.of(new float[] {1, 0, 0, 1}, Device.CPU, 1, 4);
            Tensor quarterAndHalf = Tensor.of(new float[] {0, 1, -1, 0}, Device.CPU, 1, 2, 2);
            assertThat(Ops.rotatePairs(x, quarterAndHalf).toFloats()).containsExactly(0, 1, -0f, -1);
        }
    }

    @Test
    void nativeErrorsKeepTheirFirstLine() {
        try (Scope scope = Scope.open()) {
            Tensor a = Tensor.zeros(DType.F32, Device.CPU, 2, 3);
            RuntimeException error =
                    org.assertj.core.api.Assertions.catchThrowableOfType(RuntimeException.class, () -> a.matmul(a));
            assertThat(LibTorch.firstLine(error.getMessage()))
                    .contains("mat1 and mat2")
                    .doesNotContain("\n");
        }
    }

    @Test
    void diagnosesTheMachine() {
        assertThat(LibTorch.findings().toString())
                .contains("platform:", LibTorch.platform(), "pytorch:", "2.10.0", "devices:", "CPU", "memory limit");
        assertThat(LibTorch.devices()).first().isEqualTo(Device.CPU);
        assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> LibTorch.require(Device.cuda(63))))
                .hasMessageContaining("CUDA(63)")
                .hasMessageContaining("reports [CPU");
    }
}
