package io.github.moshivis.checkpoint;

import io.github.moshivis.layout.LmConfig;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.KeysValues;
import io.github.moshivis.weights.WeightPlan;
import io.github.moshivis.weights.quant.MatrixForm;

/** Computes the memory that a planned model takes. */
final class MemoryNeed {
    /** Default of 4-bit quantization. */
    private static final MatrixForm INT4 = MatrixForm.int4(32);

    private MemoryNeed() {}

    static Description.Memory of(ModelPlan plan) {
        long codec = bytes(plan.codec());
        return new Description.Memory(
                bytes(plan.lm(DType.F32, MatrixForm.DENSE)) + codec,
                bytes(plan.lm(DType.BF16, MatrixForm.DENSE)) + codec,
                bytes(plan.lm(DType.BF16, MatrixForm.INT8)) + codec,
                bytes(plan.lm(DType.BF16, INT4)) + codec,
                conversation(plan.config().lm()));
    }

    private static long bytes(WeightPlan plan) {
        return plan.entries().values().stream()
                .mapToLong(WeightPlan.Entry::bytes)
                .sum();
    }

    /** Keys and values of all layers in bfloat16, as many as a step sees. */
    private static long conversation(LmConfig lm) {
        return (long) lm.layers() * lm.context() * KeysValues.bytesPerPosition(lm.heads(), lm.headDim(), DType.BF16);
    }
}
