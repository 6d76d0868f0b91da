package io.github.moshivis.tensor;

import io.github.moshivis.kernel.Kernels;
import io.github.moshivis.kernel.MatrixKernels;
import io.github.moshivis.kernel.RowKernel;
import io.github.moshivis.tensor.KernelThreads.Operator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Kernels that follow each other over memory that stays where it is: recorded once, run often. By itself each operator makes a tensor
 * and tells the helpers, code that a frame's weights have driven out of the caches; a program does so once. Results are the same bit for bit.
 *
 * <p>Owns the memory of its {@linkplain #room rooms}; everything else belongs to others and lives longer. Used by one thread at a time.
 */
public final class KernelProgram implements AutoCloseable {
    private final List<Operator> operators = new ArrayList<>();
    private final List<Tensor> rooms = new ArrayList<>();
    private final Map<Object, Tensor> shared;

    /** An empty program. */
    public KernelProgram() {
        shared = new HashMap<>();
    }

    private KernelProgram(Map<Object, Tensor> shared) {
        this.shared = shared;
    }

    /**
     * An empty program that never runs at the same time as this one and shares memory {@linkplain #between between operators} with it: few
     * caches are filled. Not to be used after this one is closed.
     */
    public KernelProgram sibling() {
        return new KernelProgram(shared);
    }

    /** Tells whether programs may be run by this thread now: there are kernels, and no gradients are wanted. */
    public static boolean isUsable() {
        return RowOperators.areUsable();
    }

    /** Memory for inputs, results and what is in between; unspecified content. */
    public Tensor room(DType dtype, long... shape) {
        try (Scope scope = Scope.open()) {
            Tensor room = Tensor.empty(dtype, Device.CPU, shape).keep();
            rooms.add(room);
            return room;
        }
    }

    /** Memory from one operator to the next; the same one for each request of the same type and shape. */
    public Tensor between(DType dtype, long... shape) {
        return shared(List.of(dtype, Arrays.toString(shape)), dtype, shape);
    }

    private Tensor shared(Object key, DType dtype, long... shape) {
        return shared.computeIfAbsent(key, ignored -> {
            try (Scope scope = Scope.open()) {
                return Tensor.empty(dtype, Device.CPU, shape).keep();
            }
        });
    }

    /**
     * Appends {@link RowOperators#normalize}.
     *
     * @param norm which norm
     * @param x [.., D], contiguous, F32 or BF16
     * @param weight [D], F32 or BF16
     * @param bias [D] in the type of weight; null for none
     * @param epsilon added under the root
     * @param y takes the result, of the shape and type of x
     */
    public void normalize(RowOperators.Norm norm, Tensor x, Tensor weight, Tensor bias, double epsilon, Tensor y) {
        RowKernel.Weights weights = RowOperators.weights(norm, weight, bias, epsilon);
        MatrixKernels.Rows rows = Layout.of(x);
        long result = y.address();
        alone(() -> RowKernel.normalize(Kernels.instructionSet(), weights, rows, result));
    }

    /**
     * Appends {@link RowOperators#gate}.
     *
     * @param both [.., 2F], contiguous, F32 or BF16
     * @param y [.., F], takes the result
     */
    public void gate(Tensor both, Tensor y) {
        MatrixKernels.Rows rows = Layout.of(both);
        long hidden = y.size(-1);
        long result = y.address();
        alone(() -> RowKernel.gate(Kernels.instructionSet(), rows, hidden, result));
    }

    /**
     * Appends {@link RowOperators#addGated}.
     *
     * @param y [rows, D], contiguous, F32 or BF16, as all others
     * @param x [rows, D], contiguous
     * @param gates [rows, D], contiguous
     * @param shift added to the gates
     * @param used BOOL, one element for each row, contiguous
     * @param means takes the means of the sigmoids, [rows]
     */
    public void addGated(Tensor y, Tensor x, Tensor gates, double shift, Tensor used, Tensor means) {
        RowKernel.GatedSum sum = RowOperators.gatedSum(y, x, gates, shift, used);
        long target = y.address();
        long shown = means.address();
        alone(() -> RowKernel.addGated(Kernels.instructionSet(), sum, target, shown));
    }

    /**
     * Appends x = max(x, 0).
     *
     * @param x contiguous, F32 or BF16
     */
    public void rectify(Tensor x) {
        MatrixKernels.Numbers type = Layout.numbers(x.dtype());
        long numbers = x.address();
        long count = x.elements();
        alone(() -> RowKernel.rectify(numbers, type, count));
    }

    /**
     * Appends y += x.
     *
     * @param x contiguous, F32 or BF16
     * @param y of the shape and type of x, contiguous
     */
    public void add(Tensor x, Tensor y) {
        MatrixKernels.Numbers type = Layout.numbers(x.dtype());
        long summand = x.address();
        long sum = y.address();
        long count = x.elements();
        alone(() -> RowKernel.add(summand, type, sum, count));
    }

    /**
     * Appends {@link RowOperators#lookUp}.
     *
     * @param table [entries, D], contiguous
     * @param ids I64 [n], contiguous
     * @param y [n, D] in the type of the table
     */
    public void lookUp(Tensor table, Tensor ids, Tensor y) {
        long rowBytes = table.size(1) * table.dtype().bytes();
        long entries = table.size(0);
        long count = ids.elements();
        long from = table.address();
        long which = ids.address();
        long result = y.address();
        alone(() -> RowKernel.lookUp(from, rowBytes, entries, which, count, result));
    }

    /**
     * Appends the choice of the vectors with the largest scores, which are subtracted from the rest.
     *
     * @param scores F32 [B, entries], contiguous
     * @param table F32 [entries, D], contiguous
     * @param rest F32 [B, D], contiguous; takes the difference
     * @param ids I64 [B, K], contiguous
     * @param column of ids, takes the choices
     */
    public void subtractNearest(Tensor scores, Tensor table, Tensor rest, Tensor ids, int column) {
        RowKernel.Scores rows =
                new RowKernel.Scores(scores.address(), scores.size(0), scores.size(1), table.address(), table.size(1));
        long from = rest.address();
        long stride = ids.size(1);
        long chosen = ids.address() + (long) column * Long.BYTES;
        alone(() -> RowKernel.subtractNearest(rows, from, chosen, stride));
    }

    /**
     * Appends y[t, s] = x[t + 1] * present[s] + x[t] * before[s].
     *
     * @param x F32 [B, 1 + T, C], contiguous
     * @param present F32 [S, C], contiguous
     * @param before F32 [S, C], contiguous
     * @param y F32 [B, T S, C], contiguous, takes the result
     */
    public void upsample(Tensor x, Tensor present, Tensor before, Tensor y) {
        long channels = x.size(2);
        RowKernel.Upsampling weights =
                new RowKernel.Upsampling(present.address(), before.address(), present.size(0), channels);
        long steps = x.size(1) - 1;
        for (int row = 0; row < x.size(0); row++) {
            long from = x.address() + row * (1 + steps) * channels * Float.BYTES;
            long to = y.address() + row * y.size(1) * channels * Float.BYTES;
            alone(() -> RowKernel.upsample(weights, from, steps, to));
        }
    }

    /**
     * Appends {@link KeysValues#step}.
     *
     * @param cache keys and values
     * @param projected Q, K, V
     * @param rotations of the new steps; null for none
     * @param window where they go and what they see; its tensors live as long as the program
     * @param y takes the result
     */
    public void attend(KeysValues cache, Tensor projected, Tensor rotations, KeysValues.Window window, Tensor y) {
        append(cache.attention(projected, rotations, window, y));
    }

    /**
     * Appends {@link KeysValues#read}.
     *
     * @param cache keys and values
     * @param query [B, H * D], contiguous, F32 or BF16
     * @param lengths I64 [B], how many positions each row attends to, at least 1
     * @param y takes the result
     */
    public void read(KeysValues cache, Tensor query, Tensor lengths, Tensor y) {
        append(cache.reading(query, lengths, cache.keys().size(2), y));
    }

    /**
     * Appends what puts the past before new steps and remembers the last of them.
     *
     * @param past F32 [B, P, C], contiguous; takes the last P steps of the result
     * @param activation of the new steps
     * @param x F32 [B, T, C], contiguous
     * @return [B, P + T, C]
     */
    public Tensor join(Tensor past, Activation activation, Tensor x) {
        Tensor result = room(DType.F32, x.size(0), past.size(1) + x.size(1), x.size(2));
        long fresh = x.size(1) * x.size(2);
        long kept = past.size(1) * x.size(2);
        for (int row = 0; row < x.size(0); row++) {
            long from = x.address() + row * fresh * Float.BYTES;
            long to = result.address() + (row * (kept + fresh) + kept) * Float.BYTES;
            append(activation.operator(from, to, fresh));
        }
        for (int row = 0; row < x.size(0) && kept > 0; row++) {
            long remembered = past.address() + row * kept * Float.BYTES;
            long start = result.address() + row * (kept + fresh) * Float.BYTES;
            alone(() -> {
                Activation.NONE.byKernel(remembered, start, kept);
                Activation.NONE.byKernel(start + fresh * Float.BYTES, remembered, kept);
            });
        }
        return result;
    }

    /** Appends a product whose x is laid out first, by one thread. */
    void multiply(Runnable layOut, Operator product) {
        alone(layOut);
        append(product);
    }

    /** Memory beside a product's arguments. */
    long scratch(int rows, long in) {
        long bytes = MatrixKernels.scratchBytes(rows, in);
        return shared(bytes, DType.U8, bytes).address();
    }

    private void alone(Runnable work) {
        append(new Operator(1, (from, length) -> work.run()));
    }

    /** Appends an operator; what one thread does alone becomes one with what it did alone before, if nothing comes between. */
    void append(Operator operator) {
        int last = operators.size() - 1;
        if (operator.size() == 1 && last >= 0 && operators.get(last).size() == 1) {
            KernelThreads.Part before = operators.remove(last).part();
            operators.add(new Operator(1, (from, length) -> {
                before.run(from, length);
                operator.part().run(from, length);
            }));
        } else {
            operators.add(operator);
        }
    }

    /** Runs all that was appended, on this thread and its helpers. */
    public void run() {
        KernelThreads.run(operators);
    }

    /** Frees all memory. */
    @Override
    public void close() {
        rooms.forEach(Tensor::close);
        shared.values().forEach(Tensor::close);
        shared.clear();
    }
}
