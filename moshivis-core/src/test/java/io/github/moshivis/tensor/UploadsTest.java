package io.github.moshivis.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tensors of all lengths go through two short slabs, none of which is written to while it is being copied from. */
@ExtendWith(InScope.class)
class UploadsTest {
    private static final int SLAB = 64;

    private SlowLanes lanes;

    @BeforeEach
    void open() {
        lanes = new SlowLanes();
    }

    /** Copies as late as possible: when they are waited for. */
    private static final class SlowLanes implements Uploads.Lanes {
        private final List<BytePointer> slabs = List.of(new BytePointer(SLAB), new BytePointer(SLAB));
        private final List<Runnable> pending = new ArrayList<>(List.of(() -> {}, () -> {}));
        private int copies;
        private boolean closed;

        @Override
        public int count() {
            return slabs.size();
        }

        @Override
        public Pointer memory(int lane) {
            return slabs.get(lane);
        }

        @Override
        public void start(int lane, Pointer target, long bytes) {
            assertThat(bytes).isBetween(1L, (long) SLAB);
            copies++;
            pending.set(lane, () -> Pointer.memcpy(target, slabs.get(lane), bytes));
        }

        @Override
        public void await(int lane) {
            pending.get(lane).run();
            pending.set(lane, () -> {});
        }

        @Override
        public void close() {
            await(0);
            await(1);
            closed = true;
        }
    }

    private static Tensor numbers(int count) {
        return Tensor.arange(count, Device.CPU);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 8, 9, 16, 17, 40, 1001})
    void everyLengthArrivesWhole(int count) {
        Tensor arrived;
        try (Uploads uploads = new Uploads(Device.CPU, SLAB, lanes)) {
            arrived = uploads.upload(numbers(count));
        }
        assertThat(lanes.closed).isTrue();
        assertThat(lanes.copies).isEqualTo((count * Long.BYTES + SLAB - 1) / SLAB);
        assertThat(arrived.toLongs()).isEqualTo(numbers(count).toLongs());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 100})
    void oneAfterAnotherArriveInTheirShapes(int rows) {
        List<Tensor> arrived = new ArrayList<>();
        try (Uploads uploads = new Uploads(Device.CPU, SLAB, lanes)) {
            for (int i = 1; i < 4; i++) {
                Tensor whole = numbers(rows * i).view(rows, i);
                arrived.add(uploads.upload(whole.transpose(0, 1))); // not contiguous
            }
        }
        for (int i = 1; i < 4; i++) {
            Tensor expected = numbers(rows * i).view(rows, i).transpose(0, 1);
            assertThat(arrived.get(i - 1).shape()).isEqualTo(expected.shape());
            assertThat(arrived.get(i - 1).toLongs()).isEqualTo(expected.toLongs());
        }
    }

    @Test
    void onTheCpuNothingIsCopied() {
        try (Uploads uploads = Uploads.to(Device.CPU)) {
            Tensor tensor = numbers(5);
            assertThat(uploads.upload(tensor)).isSameAs(tensor);
        }
    }
}
