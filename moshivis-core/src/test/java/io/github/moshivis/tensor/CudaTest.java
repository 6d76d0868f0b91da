package io.github.moshivis.tensor;

import static io.github.moshivis.tensor.BoxedOperator.none;
import static io.github.moshivis.tensor.BoxedOperator.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.moshivis.tensor.GraphRecorder.Recording;
import java.lang.System.Logger.Level;
import java.util.function.Supplier;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.global.torch_cuda;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** What a first run on a GPU has to show, in this order; see docs/gpu.md. */
@Tag("gpu")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class CudaTest {
    private static final System.Logger LOG = System.getLogger(CudaTest.class.getName());
    private static final Device GPU = Device.cuda(0);

    /** Beyond this many replays nothing may grow. */
    private static final int REPLAYS = 10_000;

    private Scope scope;
    private DeviceStream stream;
    private GraphRecorder recorder;

    @BeforeEach
    void enter() {
        LibTorch.load();
        assertThat(LibTorch.devices()).as(LibTorch.findings().toString()).contains(GPU);
        scope = Scope.open();
        stream = DeviceStream.enter(GPU);
        recorder = stream.newRecorder();
    }

    @AfterEach
    void leave() {
        recorder.close();
        stream.close();
        scope.close();
    }

    private static Tensor numbers(long... shape) {
        long count = Tensor.elements(shape);
        float[] values = new float[(int) count];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) Math.sin(1.7 * i + 0.3);
        }
        return Tensor.of(values, GPU, shape);
    }

    /** Records work after it was done three times, as ticks are. */
    private Recording rehearsed(Supplier<Tensor> work) {
        for (int i = 0; i < 3; i++) {
            work.get();
        }
        return recorder.record(work);
    }

    @Test
    @Order(1)
    void inputsAndWeightsArrive() {
        try (Inputs inputs = Inputs.packed(GPU);
                Uploads uploads = Uploads.to(GPU)) {
            inputs.begin();
            Input floats = inputs.add(new float[] {1, 2, 3}, 3);
            Input flags = inputs.add(new boolean[] {true, false}, 2, 1);
            inputs.upload();
            assertThat(floats.tensor().toFloats()).containsExactly(1, 2, 3);
            assertThat(flags.tensor().toLongs()).containsExactly(1, 0);
            Tensor large = Tensor.arange(50_000_000, Device.CPU); // six slabs
            assertThat(uploads.upload(large).toLongs()).isEqualTo(large.toLongs());
        }
    }

    @Test
    @Order(2)
    void aCapturedProductFollowsItsInputs() {
        Tensor x = numbers(4, 64);
        Tensor weight = numbers(32, 64);
        Tensor bias = numbers(32);
        try (Recording recording = rehearsed(() -> Ops.linear(x, weight, bias))) {
            for (double scale : new double[] {1, -2, 0.5}) {
                x.copyFrom(numbers(4, 64).mul(scale));
                float[] expected = Ops.linear(x, weight, bias).toFloats();
                assertThat(recording.replay().toFloats()).isEqualTo(expected);
            }
        }
    }

    private static long reserved() {
        return torch_cuda
                .getAllocator()
                .getDeviceStats((byte) 0)
                .reserved_bytes()
                .current();
    }

    @Test
    @Order(3)
    void memoryStaysFlatOverManyReplaysAndIsGivenBack() {
        Tensor x = numbers(64, 1024);
        Tensor weight = numbers(1024, 1024);
        stream.synchronize();
        long before = reserved();
        Recording recording = rehearsed(() -> Ops.softmax(Ops.linear(x, weight)).add(x));
        recording.replay().toFloats();
        long flat = reserved();
        long start = System.nanoTime();
        for (int i = 0; i < REPLAYS; i++) {
            recording.replay();
            if (i % 1000 == 0) {
                System.gc();
            }
        }
        stream.synchronize();
        LOG.log(
                Level.INFO,
                "{0} microseconds a replay of three operators",
                (System.nanoTime() - start) / REPLAYS / 1000.0);
        assertThat(reserved()).isEqualTo(flat);
        recording.close();
        torch_cuda.getAllocator().emptyCache();
        assertThat(reserved()).isLessThanOrEqualTo(Math.max(before, flat));
    }

    @Test
    @Order(4)
    void aFailedCaptureLeavesTheProcessUsable() {
        Tensor x = numbers(8);
        assertThatThrownBy(() -> recorder.record(() -> x.add(x.toFloats()[0]))) // waits for the device
                .isInstanceOf(RuntimeException.class);
        assertThatThrownBy(() -> recorder.record(() -> {
                    throw new IllegalStateException("in the middle of a capture");
                }))
                .hasMessageContaining("in the middle");
        assertThat(x.add(1).sub(x).toFloats()).containsOnly(1);
        try (Recording recording = rehearsed(() -> x.mul(2))) {
            assertThat(recording.replay().toFloats()).isEqualTo(x.mul(2).toFloats());
        }
        torch_cuda.getAllocator().emptyCache(); // dies if a pool was left open
    }

    @Test
    @Order(5)
    void masksHideKeysInAllKernelsAlike() {
        for (DType dtype : new DType[] {DType.F32, DType.BF16}) {
            for (long length : new long[] {256, 1000, 3000}) {
                Tensor query = numbers(2, 4, 1, 64).to(dtype);
                Tensor keys = numbers(2, 4, length, 64).to(dtype);
                Tensor seen = Ops.less(Tensor.arange(length, GPU), Tensor.of(new long[] {1, length - 1}, GPU, 2, 1))
                        .view(2, 1, 1, length);
                float[] masked = Ops.attention(query, keys, keys, Ops.additiveMask(seen, dtype))
                        .toFloats();
                assertThat(Ops.attention(query, keys, keys, seen).toFloats()).isEqualTo(masked);
                float[] cut = Ops.attention(
                                query.narrow(0, 1, 1),
                                keys.narrow(0, 1, 1).narrow(2, 0, length - 1),
                                keys.narrow(0, 1, 1).narrow(2, 0, length - 1),
                                null)
                        .toFloats();
                for (int i = 0; i < cut.length; i++) {
                    assertThat(masked[cut.length + i]).isCloseTo(cut[i], within(dtype == DType.F32 ? 1e-5f : 2e-2f));
                }
            }
        }
    }

    /** Not in use: whether attention could take a length for each row in place of masks and window buckets. */
    @Test
    @Order(6)
    void flashAttentionTakesALengthForEachRow() {
        long rows = 3;
        long heads = 4;
        long capacity = 300;
        long[] lengths = {1, capacity - 1, capacity};
        Tensor query = numbers(rows, heads, 64).to(DType.BF16);
        Tensor keys = numbers(rows * capacity, heads, 64).to(DType.BF16);
        Tensor starts = Tensor.arange(rows + 1, GPU);
        Tensor attended = BoxedOperator.find("aten::_flash_attention_forward", GPU)
                .callForTensor(
                        value(query),
                        value(keys),
                        value(keys),
                        value(starts.to(DType.I32)),
                        value(starts.mul((double) capacity).to(DType.I32)),
                        value(1),
                        value(capacity),
                        new IValue(0.0),
                        new IValue(false),
                        new IValue(false),
                        none(),
                        none(),
                        none(),
                        value(Tensor.of(lengths, GPU, rows).to(DType.I32)),
                        none());
        float[] all = attended.toFloats();
        for (int row = 0; row < rows; row++) {
            Tensor seen =
                    keys.narrow(0, row * capacity, lengths[row]).transpose(0, 1).unsqueeze(0); // [1, H, T, D]
            float[] expected = Ops.attention(query.narrow(0, row, 1).unsqueeze(2), seen, seen, null)
                    .toFloats();
            for (int i = 0; i < expected.length; i++) {
                assertThat(all[row * expected.length + i]).isCloseTo(expected[i], within(2e-2f));
            }
        }
    }
}
