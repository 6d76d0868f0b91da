package io.github.moshivis.tensor;

import io.github.moshivis.kernel.AttentionKernel;
import io.github.moshivis.kernel.Kernels;
import io.github.moshivis.tensor.KernelThreads.Operator;

/**
 * Keys and values of the past, for each slot and head: [slots, H, capacity, D]. In 8 bits each position of a head has a scale. Owns its
 * memory until it is closed. Used by one thread at a time.
 */
public final class KeysValues implements AutoCloseable {
    /** Fewer bytes are read sooner than another thread has begun. */
    private static final long SHARED = 1 << 17;

    private static final double LARGEST = 127;

    private final Tensor keys;
    private final Tensor values;
    private final Tensor keyScales;
    private final Tensor valueScales;

    /**
     * Allocates; nothing is written, so that on the CPU memory is taken as it is used.
     *
     * @param slots rows
     * @param heads H
     * @param capacity positions
     * @param headDim D
     * @param dtype F32, BF16, F16, or I8 where {@link #hasKernel} says that there is a kernel
     * @param device where they live
     */
    public KeysValues(int slots, int heads, long capacity, int headDim, DType dtype, Device device) {
        try (Scope scope = Scope.open()) {
            keys = Tensor.empty(dtype, device, slots, heads, capacity, headDim).keep();
            values =
                    Tensor.empty(dtype, device, slots, heads, capacity, headDim).keep();
            boolean scaled = dtype == DType.I8;
            keyScales = scaled
                    ? Tensor.empty(DType.F32, device, slots, heads, capacity).keep()
                    : null;
            valueScales = scaled
                    ? Tensor.empty(DType.F32, device, slots, heads, capacity).keep()
                    : null;
        }
    }

    /**
     * Returns whether there is a native kernel for attention to keys and values of these sizes.
     *
     * @param headDim D
     * @param device where they live
     * @return whether
     */
    public static boolean hasKernel(int headDim, Device device) {
        return device.isCpu() && headDim % 2 == 0 && headDim <= AttentionKernel.MAX_HEAD && Kernels.available();
    }

    /** The keys, [slots, H, capacity, D]. */
    public Tensor keys() {
        return keys;
    }

    /** The values, [slots, H, capacity, D]. */
    public Tensor values() {
        return values;
    }

    /** Sets all positions of all slots to zero, in huge pages where the system has them; takes all memory at once. */
    public void clearAll() {
        if (hasKernel((int) keys.size(3), keys.device())) {
            AttentionKernel.useSoon(keys.address(), keys.bytes());
            AttentionKernel.useSoon(values.address(), values.bytes());
        }
        clear(0, keys.size(2));
    }

    /** Sets some positions of all slots to zero. */
    public void clear(long first, long count) {
        keys.narrow(2, first, count).fill(0);
        values.narrow(2, first, count).fill(0);
        if (keyScales != null) {
            keyScales.narrow(2, first, count).fill(0);
            valueScales.narrow(2, first, count).fill(0);
        }
    }

    /** Bytes of one position of a slot in a type. */
    public static long bytesPerPosition(long heads, long headDim, DType dtype) {
        long scale = dtype == DType.I8 ? DType.F32.bytes() : 0;
        return 2 * heads * (headDim * dtype.bytes() + scale);
    }

    /**
     * Writes the first positions of a slot.
     *
     * @param slot which
     * @param newKeys floating [H, N, D]
     * @param newValues floating [H, N, D]
     */
    public void write(int slot, Tensor newKeys, Tensor newValues) {
        write(keys, keyScales, slot, newKeys);
        write(values, valueScales, slot, newValues);
    }

    private static void write(Tensor all, Tensor scales, int slot, Tensor source) {
        long count = source.size(1);
        Tensor target = all.select(0, slot).narrow(1, 0, count);
        if (scales == null) {
            target.copyFrom(source);
            return;
        }
        Tensor numbers = source.to(DType.F32);
        Tensor scale = Ops.max(Ops.abs(numbers), 2).mul(1 / LARGEST); // [H, N, D] -> [H, N, 1]
        scales.select(0, slot).narrow(1, 0, count).copyFrom(scale.view(scale.size(0), count));
        target.copyFrom(Ops.round(numbers.div(Ops.clampMin(scale, Float.MIN_NORMAL))));
    }

    /**
     * Positions that new steps take and see.
     *
     * @param ring the first position follows the one before this one
     * @param positions I64 [B, N], where each key goes
     * @param starts I64 [B, N], the first position that each step attends to; null for the first of all
     * @param lengths I64 [B, N], how many positions from there on, around the ring, those of the call included that are not later
     * @param longest about how many they are
     */
    public record Window(long ring, Tensor positions, Tensor starts, Tensor lengths, long longest) {}

    /**
     * Attention of new steps: rotates queries and new keys, remembers new keys and values, attends.
     *
     * @param projected [B, N, 3 * H * D] or, for one step, [B, 3 * H * D], Q, K, V, F32 or BF16, contiguous
     * @param rotations F32 [B, .., N, D / 2, 2], contiguous, or null for none
     * @param window where they go and what they see
     * @return [B, N, H * D] or [B, H * D] in the type of projected
     */
    public Tensor step(Tensor projected, Tensor rotations, Window window) {
        Tensor result = result(projected);
        KernelThreads.run(attention(projected, rotations, window, result));
        return result;
    }

    /** Computation of {@link #step} into a given tensor. */
    Operator attention(Tensor projected, Tensor rotations, Window window, Tensor y) {
        long width = keys.size(1) * keys.size(3);
        long start = projected.address();
        long bytes = width * projected.dtype().bytes();
        return attention(
                new AttentionKernel.Step(
                        projected.dim() == 2 ? 1 : projected.size(1),
                        start,
                        start + bytes,
                        start + 2 * bytes,
                        Layout.numbers(projected.dtype()),
                        3 * width,
                        rotations == null ? 0 : rotations.address(),
                        window.positions.address(),
                        window.starts == null ? 0 : window.starts.address(),
                        window.lengths.address()),
                projected.size(0),
                window,
                y);
    }

    /**
     * Attention to what is there.
     *
     * @param query [B, H * D], F32 or BF16, contiguous
     * @param lengths I64 [B], how many positions each row attends to, at least 1
     * @param longest about how many they are
     * @return [B, H * D] in the type of query
     */
    public Tensor read(Tensor query, Tensor lengths, long longest) {
        Tensor result = result(query);
        KernelThreads.run(reading(query, lengths, longest, result));
        return result;
    }

    /** Computation of {@link #read} into a given tensor. */
    Operator reading(Tensor query, Tensor lengths, long longest, Tensor y) {
        long width = keys.size(1) * keys.size(3);
        return attention(
                new AttentionKernel.Step(
                        1, query.address(), 0, 0, Layout.numbers(query.dtype()), width, 0, 0, 0, lengths.address()),
                query.size(0),
                new Window(keys.size(2), null, null, lengths, longest),
                y);
    }

    private Tensor result(Tensor x) {
        return Tensor.empty(x.dtype(), Device.CPU, x.shapeWithLast(keys.size(1) * keys.size(3)));
    }

    private Operator attention(AttentionKernel.Step step, long rows, Window window, Tensor y) {
        long heads = keys.size(1);
        AttentionKernel.Cache cache = new AttentionKernel.Cache(
                keys.address(),
                values.address(),
                keyScales == null ? 0 : keyScales.address(),
                valueScales == null ? 0 : valueScales.address(),
                held(),
                keys.size(2),
                window.ring,
                heads,
                (int) keys.size(3));
        long result = y.address();
        return Operator.of(
                rows * heads,
                (from, length) ->
                        AttentionKernel.attend(Kernels.instructionSet(), step, cache, result, from, from + length),
                rows * window.longest * bytesPerPosition(heads, keys.size(3), keys.dtype()) >= SHARED);
    }

    private AttentionKernel.Held held() {
        return switch (keys.dtype()) {
            case F32 -> AttentionKernel.Held.F32;
            case BF16 -> AttentionKernel.Held.BF16;
            case I8 -> AttentionKernel.Held.INT8;
            default -> throw new IllegalStateException("No kernel attends to keys of type " + keys.dtype());
        };
    }

    @Override
    public void close() {
        keys.close();
        values.close();
        if (keyScales != null) {
            keyScales.close();
            valueScales.close();
        }
    }
}
