package io.github.moshivis.checkpoint;

import io.github.moshivis.weights.file.StoredType;
import io.github.moshivis.weights.file.TensorSpec;
import io.github.moshivis.weights.file.TensorWriter;
import io.github.moshivis.weights.quant.Q8Blocks;
import java.nio.ByteBuffer;
import java.util.List;

/** In GGUF's blocks of 8 bits. */
record BlockStorage() implements Storage {
    @Override
    public List<TensorSpec> declare(String name, List<Long> shape) {
        return List.of(new TensorSpec(name, StoredType.Q8_0, shape));
    }

    @Override
    public void write(TensorWriter out, String name, StoredType type, ByteBuffer rows) {
        float[] values = RowBuffers.finite(name, RowBuffers.values(type, rows));
        ByteBuffer blocks = RowBuffers.buffer(StoredType.Q8_0.byteLength(values.length));
        Q8Blocks.quantize(values, values.length, blocks);
        out.write(name, blocks.flip());
    }
}
