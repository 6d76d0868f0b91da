package io.github.moshivis.checkpoint;

import io.github.moshivis.layout.LmConfig;
import io.github.moshivis.weights.WeightPlan;
import java.util.List;
import java.util.Map;

/** Reckons what a planned model takes in memory. */
final class MemoryNeed {
    private static final int F32_BYTES = 4;
    private static final int BF16_BYTES = 2;

    /** 4 bits, and scale and zero in bfloat16 for each group of 32: in bytes for 8 weights. */
    private static final int INT4_BYTES_FOR_8 = 5;

    private MemoryNeed() {}

    static Description.Memory of(ModelPlan plan) {
        long packed = 0;
        long others = 0;
        for (Map.Entry<String, List<Long>> tensor : plan.lm().tensors().entrySet()) {
            long elements = elements(tensor.getValue());
            if (isPacked(tensor.getKey(), tensor.getValue())) {
                packed += elements;
            } else {
                others += elements;
            }
        }
        long codec = F32_BYTES * sum(plan.codec());
        return new Description.Memory(
                F32_BYTES * (packed + others) + codec,
                BF16_BYTES * (packed + others) + codec,
                packed + BF16_BYTES * others + codec,
                packed * INT4_BYTES_FOR_8 / 8 + BF16_BYTES * others + codec,
                conversation(plan.config().lm()));
    }

    /** Embeddings are looked up, not multiplied; what an image passes through runs once a picture. */
    private static boolean isPacked(String ours, List<Long> shape) {
        boolean onceAPicture = ours.startsWith("image.") || ours.equals("cross.keyValue");
        return shape.size() == 2 && !onceAPicture && !ours.contains("embedding");
    }

    /** Keys and values of all layers in bfloat16, as many as a step sees. */
    private static long conversation(LmConfig lm) {
        return 2L * BF16_BYTES * lm.layers() * lm.context() * lm.dim();
    }

    static long sum(WeightPlan plan) {
        return plan.tensors().values().stream().mapToLong(MemoryNeed::elements).sum();
    }

    static long elements(List<Long> shape) {
        return shape.stream().mapToLong(Long::longValue).reduce(1, (a, b) -> a * b);
    }
}
