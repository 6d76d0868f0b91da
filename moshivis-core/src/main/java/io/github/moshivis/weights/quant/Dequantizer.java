package io.github.moshivis.weights.quant;

import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.Scope;
import io.github.moshivis.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Makes tensors of quantized rows. Decoding runs on the common pool, some rows at a time, so that beside the result only a few
 * megabytes are taken. Stateless.
 */
public final class Dequantizer {
    /** Elements that are decoded at a time, by one thread: they stay in its cache until they are copied. */
    private static final int CHUNK = 1 << 18;

    /** Writes a row into an array. */
    public interface RowFiller<A> {
        void fill(long row, A out, int to);
    }

    private Dequantizer() {}

    /**
     * Rows in plain numbers.
     *
     * @param decoder the matrix
     * @param first the first row wanted
     * @param rows how many
     * @param dtype the type of the result: float32 numbers are rounded to it
     * @return [rows, columns] on the CPU, in the open scope
     */
    public static Tensor numbers(RowDecoder decoder, long first, long rows, DType dtype) {
        int columns = decoder.columns();
        Tensor result = Tensor.empty(dtype, Device.CPU, rows, columns);
        fill(
                result,
                float[]::new,
                (row, out, to) -> decoder.decode(first + row, out, to),
                values -> Tensor.of(values, Device.CPU, values.length / columns, columns));
        return result;
    }

    /**
     * Rows of unsigned bytes.
     *
     * @param filler gives a row, from 0
     * @param rows how many
     * @param columns elements of a row
     * @return U8 [rows, columns] on the CPU, in the open scope
     */
    public static Tensor bytes(RowFiller<byte[]> filler, long rows, int columns) {
        Tensor result = Tensor.empty(DType.U8, Device.CPU, rows, columns);
        fill(result, byte[]::new, filler, values -> Tensor.of(values, DType.U8, values.length / columns, columns));
        return result;
    }

    private static <A> void fill(
            Tensor matrix, IntFunction<A> allocation, RowFiller<A> filler, Function<A, Tensor> tensor) {
        long rows = matrix.size(0);
        int columns = (int) matrix.size(1);
        int chunk = Math.max(1, CHUNK / columns);
        int threads = Runtime.getRuntime().availableProcessors();
        List<A> buffers = new ArrayList<>();
        for (long start = 0; start < rows; start += (long) chunk * threads) {
            long base = start;
            int busy = (int) Math.min(threads, (rows - base + chunk - 1) / chunk);
            while (buffers.size() < busy) {
                buffers.add(allocation.apply((int) Math.min(chunk, rows) * columns));
            }
            IntStream.range(0, busy).parallel().forEach(t -> {
                long from = base + (long) t * chunk;
                int count = (int) Math.min(chunk, rows - from);
                if (count < Math.min(chunk, rows)) {
                    buffers.set(t, allocation.apply(count * columns));
                }
                for (int r = 0; r < count; r++) {
                    filler.fill(from + r, buffers.get(t), r * columns);
                }
            });
            for (int t = 0; t < busy; t++) {
                try (Scope scope = Scope.open()) {
                    Tensor decoded = tensor.apply(buffers.get(t));
                    matrix.narrow(0, base + (long) t * chunk, decoded.size(0)).copyFrom(decoded);
                }
            }
        }
    }
}
