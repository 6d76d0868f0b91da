package io.github.moshivis.tensor;

import java.util.Arrays;
import java.util.Objects;

/** A packed matrix in parts of whole rows, for {@link KernelThreads}. */
final class SharedMatrix implements PackedMatrix {
    /** Parts have multiples of this many rows: what the layouts of LibTorch's kernels interleave at most. */
    private static final long ROWS = 64;

    /** Memory gives up this much in the twenty microseconds that a call costs. */
    private static final long MIN_BYTES = 1 << 19;

    /** Larger matrices are cut into more parts than threads, so that a thread that is held up does fewer. */
    private static final long LARGE = 1 << 23;

    private final PackedMatrix[] parts;
    private final long[] starts;

    private SharedMatrix(PackedMatrix[] parts, long[] starts) {
        this.parts = parts;
        this.starts = starts;
    }

    static PackedMatrix pack(long out, long bytes, Packer packer) {
        long blocks = (out + ROWS - 1) / ROWS;
        long threads = KernelThreads.count();
        long wanted = bytes < LARGE ? threads : 2 * threads;
        int count = (int) Math.max(1, Math.min(Math.min(wanted, bytes / MIN_BYTES), blocks));
        long[] starts = new long[count + 1];
        for (int i = 1; i <= count; i++) {
            starts[i] = Math.min(out, blocks * i / count * ROWS);
        }
        PackedMatrix[] parts = new PackedMatrix[count];
        try {
            KernelThreads.split(count, 1, (from, length) -> {
                for (int i = Math.toIntExact(from); i < from + length; i++) {
                    parts[i] = packer.pack(starts[i], starts[i + 1] - starts[i]);
                }
            });
        } catch (RuntimeException | Error e) {
            Arrays.stream(parts).filter(Objects::nonNull).forEach(PackedMatrix::close);
            throw e;
        }
        return count == 1 ? parts[0] : new SharedMatrix(parts, starts);
    }

    @Override
    public Tensor multiply(Tensor x) {
        Tensor result = Tensor.empty(x.dtype(), x.device(), x.shapeWithLast(out())); // [.., out]
        KernelThreads.split(parts.length, 1, (from, length) -> {
            for (int i = Math.toIntExact(from); i < from + length; i++) {
                result.narrow(-1, starts[i], parts[i].out()).copyFrom(parts[i].multiply(x));
            }
        });
        return result;
    }

    @Override
    public long out() {
        return starts[parts.length];
    }

    @Override
    public long in() {
        return parts[0].in();
    }

    @Override
    public long bytes() {
        return Arrays.stream(parts).mapToLong(PackedMatrix::bytes).sum();
    }

    @Override
    public void close() {
        Arrays.stream(parts).forEach(PackedMatrix::close);
    }
}
