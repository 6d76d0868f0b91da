package io.github.moshivis.tensor;

import static io.github.moshivis.tensor.BoxedOperator.value;

import java.util.Set;
import org.bytedeco.pytorch.IValue;

/**
 * Weights of few bits that meet vectors as they are: {@code _weight_int4pack_mm} and {@code _weight_int8pack_mm}, which
 * take bfloat16: with float32 the CPU's are scalar code.
 */
final class WeightOnlyMatrix implements PackedMatrix {
    /** Neighbors that may share a scale, on the CPU and on GPUs. */
    static final Set<Integer> GROUPS = Set.of(32, 64, 128, 256);

    /** The GPU's layout has tiles of this many columns: 16 times {@link #INNER_K_TILES_CUDA}. */
    static final int COLUMNS = 128;

    /** The CPU's kernel computes this many results at a time, the GPU's 8. */
    static final int ROWS = 16;

    /** Rows that the CPU's layout interleaves at most; packing some of these blocks is packing some of the matrix. */
    private static final long INTERLEAVED_ROWS = 64;

    /** Values that are unpacked at a time. */
    private static final long VALUES_AT_ONCE = 1 << 20;

    /** The tile size that the GPU's kernel was tuned for. */
    private static final long INNER_K_TILES_CUDA = 8;

    /** The CPU's layout ignores it; the least that is allowed. */
    private static final long INNER_K_TILES_CPU = 2;

    private final BoxedOperator multiply;
    private final Tensor packed;
    private final Tensor scales;
    private final long group;
    private final long out;
    private final long in;

    private WeightOnlyMatrix(BoxedOperator multiply, Tensor packed, Tensor scales, long group, long out, long in) {
        this.multiply = multiply;
        this.packed = packed.keep();
        this.scales = scales.keep();
        this.group = group;
        this.out = out;
        this.in = in;
    }

    static WeightOnlyMatrix int8(Tensor values, Tensor scales) {
        BoxedOperator multiply = BoxedOperator.find("aten::_weight_int8pack_mm", values.device());
        return new WeightOnlyMatrix(multiply, values, scales.to(DType.BF16), 0, values.size(0), values.size(1));
    }

    static WeightOnlyMatrix int4(long out, long in, int group, Int4Source source, Device device) {
        boolean cpu = device.isCpu();
        BoxedOperator multiply =
                BoxedOperator.find(cpu ? "aten::_weight_int4pack_mm_for_cpu" : "aten::_weight_int4pack_mm", device);
        BoxedOperator pack = BoxedOperator.find(
                cpu ? "aten::_convert_weight_to_int4pack_for_cpu" : "aten::_convert_weight_to_int4pack", device);
        Tensor scales = Tensor.empty(DType.BF16, device, in / group, out, 2);
        Tensor packed = Tensor.empty(DType.U8, device, out, in / 2);
        long atOnce = Math.max(1, VALUES_AT_ONCE / in / INTERLEAVED_ROWS) * INTERLEAVED_ROWS;
        for (long first = 0; first < out; first += atOnce) {
            try (Scope scope = Scope.open()) {
                long count = Math.min(atOnce, out - first);
                Int4Rows rows = source.rows(first, count);
                Tensor both = Ops.stack(2, rows.scales(), rows.zeros()); // [n, in / group] -> [n, in / group, 2]
                scales.narrow(1, first, count).copyFrom(both.transpose(0, 1)); // -> [in / group, n, 2]
                packed.narrow(0, first, count).copyFrom(cpu ? packForCpu(pack, rows) : pairs(rows));
            }
        }
        Tensor layout = cpu ? packed : pack.callForTensor(value(packed), value(INNER_K_TILES_CUDA));
        return new WeightOnlyMatrix(multiply, layout, scales, group, out, in);
    }

    private static Tensor packForCpu(BoxedOperator pack, Int4Rows rows) {
        return pack.callForTensor(value(rows.values()), value(INNER_K_TILES_CPU)); // [n, in] -> [n, in / 2]
    }

    /** The GPU's layout mixes all rows, and is made from two values a byte, the first of them in the upper half. */
    private static Tensor pairs(Int4Rows rows) {
        Tensor values = rows.values().view(rows.values().size(0), -1, 2); // [n, in] -> [n, in / 2, 2]
        return values.select(2, 0).mul(16).add(values.select(2, 1)); // -> [n, in / 2]
    }

    @Override
    public Tensor multiply(Tensor x) {
        Tensor vectors = x.to(DType.BF16).contiguous().view(-1, in); // [.., in] -> [n, in]
        IValue[] arguments = group == 0
                ? new IValue[] {value(vectors), value(packed), value(scales)}
                : new IValue[] {value(vectors), value(packed), value(group), value(scales)};
        return multiply.callForTensor(arguments).view(x.shapeWithLast(out)).to(x.dtype()); // [n, out] -> [.., out]
    }

    @Override
    public long out() {
        return out;
    }

    @Override
    public long in() {
        return in;
    }

    @Override
    public long bytes() {
        return packed.bytes() + scales.bytes();
    }

    @Override
    public void close() {
        packed.close();
        scales.close();
    }
}
