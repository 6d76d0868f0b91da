package io.github.moshivis.checkpoint;

import io.github.moshivis.errors.CheckpointException;
import io.github.moshivis.weights.StoredWeights;
import io.github.moshivis.weights.file.Shape;
import io.github.moshivis.weights.file.StoredType;
import io.github.moshivis.weights.file.TensorSpec;
import io.github.moshivis.weights.file.TensorWriter;
import io.github.moshivis.weights.quant.AffineGroups;
import io.github.moshivis.weights.quant.Floats;
import io.github.moshivis.weights.quant.Q8Blocks;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** The stored form of a tensor in a file that is written. */
sealed interface Storage {
    /**
     * Returns the declarations of a tensor in the file.
     *
     * @param name its name in the file
     * @param shape its shape in the file
     * @return one or more tensors
     */
    List<TensorSpec> declare(String name, Shape shape);

    /**
     * Writes some rows.
     *
     * @param out the file
     * @param name the tensor's name in the file
     * @param type the stored type of the rows
     * @param rows whole rows
     */
    void write(TensorWriter out, String name, StoredType type, ByteBuffer rows);

    /** Plain numbers of a type; copied unchanged if they have it already. */
    record Plain(StoredType as) implements Storage {
        @Override
        public List<TensorSpec> declare(String name, Shape shape) {
            return List.of(new TensorSpec(name, as, shape));
        }

        @Override
        public void write(TensorWriter out, String name, StoredType type, ByteBuffer rows) {
            if (type == as) {
                out.write(name, rows);
                return;
            }
            float[] values = values(type, rows);
            ByteBuffer bytes = buffer(as.byteLength(values.length));
            Floats.write(as, values, values.length, bytes);
            out.write(name, bytes.flip());
        }
    }

    /** GGUF's blocks of 8 bits. */
    record Blocks() implements Storage {
        @Override
        public List<TensorSpec> declare(String name, Shape shape) {
            return List.of(new TensorSpec(name, StoredType.Q8_0, shape));
        }

        @Override
        public void write(TensorWriter out, String name, StoredType type, ByteBuffer rows) {
            float[] values = finite(name, values(type, rows));
            ByteBuffer blocks = buffer(StoredType.Q8_0.byteLength(values.length));
            Q8Blocks.quantize(values, values.length, blocks);
            out.write(name, blocks.flip());
        }
    }

    /** MLX's groups: words, scales and offsets are three tensors. */
    record Groups(AffineGroups form) implements Storage {
        @Override
        public List<TensorSpec> declare(String name, Shape shape) {
            return List.of(
                    new TensorSpec(name, StoredType.U32, divided(shape, form.perWord())),
                    new TensorSpec(StoredWeights.scales(name), StoredType.BF16, divided(shape, form.group())),
                    new TensorSpec(StoredWeights.offsets(name), StoredType.BF16, divided(shape, form.group())));
        }

        private static Shape divided(Shape shape, int by) {
            int last = shape.rank() - 1;
            return shape.with(last, shape.dimension(last) / by);
        }

        @Override
        public void write(TensorWriter out, String name, StoredType type, ByteBuffer rows) {
            float[] values = finite(name, values(type, rows));
            ByteBuffer words = buffer(StoredType.U32.byteLength(values.length / form.perWord()));
            ByteBuffer scales = buffer(StoredType.BF16.byteLength(values.length / form.group()));
            ByteBuffer offsets = buffer(scales.capacity());
            form.quantize(values, values.length, words, scales, offsets);
            out.write(name, words.flip());
            out.write(StoredWeights.scales(name), scales.flip());
            out.write(StoredWeights.offsets(name), offsets.flip());
        }
    }

    private static float[] values(StoredType type, ByteBuffer rows) {
        float[] values = new float[(int) (rows.remaining() / type.byteLength(1))];
        Floats.read(type, rows, values, values.length);
        return values;
    }

    private static ByteBuffer buffer(long bytes) {
        return ByteBuffer.allocate((int) bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static float[] finite(String name, float[] values) {
        for (float value : values) {
            if (!Float.isFinite(value)) {
                throw new CheckpointException("Cannot quantize tensor '" + name + "': found " + value
                        + ", expected finite numbers. Download the file again, or convert it without quantizing.");
            }
        }
        return values;
    }
}
