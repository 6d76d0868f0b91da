package io.github.moshivis.checkpoint;

import io.github.moshivis.weights.file.StoredType;
import io.github.moshivis.weights.file.TensorSpec;
import io.github.moshivis.weights.file.TensorWriter;
import io.github.moshivis.weights.quant.AffineGroups;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** In MLX's groups: words, scales and offsets are three tensors. */
record GroupStorage(AffineGroups form) implements Storage {
    private static final String WEIGHT = ".weight";

    @Override
    public List<TensorSpec> declare(String name, List<Long> shape) {
        return List.of(
                new TensorSpec(name, StoredType.U32, divided(shape, form.perWord())),
                new TensorSpec(beside(name, ".scales"), StoredType.BF16, divided(shape, form.group())),
                new TensorSpec(beside(name, ".biases"), StoredType.BF16, divided(shape, form.group())));
    }

    private static List<Long> divided(List<Long> shape, int by) {
        List<Long> divided = new ArrayList<>(shape);
        divided.set(shape.size() - 1, shape.get(shape.size() - 1) / by);
        return divided;
    }

    private static String beside(String name, String suffix) {
        return name.substring(0, name.length() - WEIGHT.length()) + suffix;
    }

    @Override
    public void write(TensorWriter out, String name, StoredType type, ByteBuffer rows) {
        float[] values = RowBuffers.finite(name, RowBuffers.values(type, rows));
        ByteBuffer words = RowBuffers.buffer(StoredType.U32.byteLength(values.length / form.perWord()));
        ByteBuffer scales = RowBuffers.buffer(StoredType.BF16.byteLength(values.length / form.group()));
        ByteBuffer offsets = RowBuffers.buffer(scales.capacity());
        form.quantize(values, values.length, words, scales, offsets);
        out.write(name, words.flip());
        out.write(beside(name, ".scales"), scales.flip());
        out.write(beside(name, ".biases"), offsets.flip());
    }
}
