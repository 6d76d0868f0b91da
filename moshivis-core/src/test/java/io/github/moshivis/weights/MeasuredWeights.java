package io.github.moshivis.weights;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.tensor.Addresses;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.NativeMemory;
import io.github.moshivis.tensor.PackedMatrix;
import io.github.moshivis.tensor.Scope;
import io.github.moshivis.tensor.Tensor;
import io.github.moshivis.weights.file.Shape;
import io.github.moshivis.weights.file.TensorFile;
import io.github.moshivis.weights.quant.GroupedWeights;
import io.github.moshivis.weights.quant.MatrixForm;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Weights that are loaded, with the memory of each tensor and matrix that the loader is given: what a plan has to say before. */
public final class MeasuredWeights implements WeightSource {
    private final Weights weights;
    private final TensorFile file;
    private long mapped;
    private long copied;
    private int deriving;

    private MeasuredWeights(Weights weights, TensorFile file) {
        this.weights = weights;
        this.file = file;
    }

    /**
     * Loads a part, and compares its memory with that of its plan.
     *
     * @param file the weights' file
     * @param loading loads the part
     * @return bytes that were copied
     */
    public static long assertPlanned(
            String what, Weights weights, TensorFile file, DType dtype, Consumer<WeightReader> loading) {
        WeightPlan plan = weights.plan(dtype, loading);
        MeasuredWeights measured = new MeasuredWeights(weights, file);
        long before = NativeMemory.snapshot().keptBytes();
        try (Scope scope = Scope.open()) {
            loading.accept(new WeightReader(measured, "", dtype, MatrixForm.DENSE, TensorUse.UNSTATED));
        }
        assertThat(plan.bytes())
                .as("%s: bytes that are kept", what)
                .isEqualTo(NativeMemory.snapshot().keptBytes() - before);
        assertThat(plan.copiedBytes()).as("%s: bytes that are copied", what).isEqualTo(measured.copied);
        assertThat(plan.bytes() - plan.copiedBytes())
                .as("%s: bytes that stay in the mapped file", what)
                .isEqualTo(measured.mapped);
        return measured.copied;
    }

    private Tensor measure(Tensor tensor) {
        if (deriving == 0 && Addresses.isMapped(tensor, file)) {
            mapped += tensor.bytes();
        } else if (deriving == 0) {
            copied += tensor.bytes();
        }
        return tensor;
    }

    private Optional<PackedMatrix> measure(Optional<PackedMatrix> matrix) {
        matrix.ifPresent(packed -> copied += packed.bytes());
        return matrix;
    }

    /** What a form reads is let go. */
    private Supplier<Tensor> deriving(Supplier<Tensor> form) {
        return () -> {
            deriving++;
            try {
                return form.get();
            } finally {
                deriving--;
            }
        };
    }

    @Override
    public boolean has(String name) {
        return weights.has(name);
    }

    @Override
    public Tensor get(String name, TensorUse use, DType dtype, Shape shape) {
        return measure(weights.get(name, use, dtype, shape));
    }

    @Override
    public Optional<GroupedWeights> grouped(String name, long out, long in) {
        return weights.grouped(name, out, in);
    }

    @Override
    public Optional<PackedMatrix> pack(String name, TensorUse use, MatrixForm form, long out, long in) {
        return measure(weights.pack(name, use, form, out, in));
    }

    @Override
    public Optional<PackedMatrix> layOut(TensorUse use, MatrixForm form, Supplier<Tensor> matrix, Tensor bias) {
        return measure(weights.layOut(use, form, deriving(matrix), bias));
    }

    @Override
    public Tensor derive(TensorUse use, Supplier<Tensor> form) {
        return measure(weights.derive(use, deriving(form)));
    }

    @Override
    public void skip(String name) {
        weights.skip(name);
    }

    @Override
    public Device device() {
        return weights.device();
    }
}
