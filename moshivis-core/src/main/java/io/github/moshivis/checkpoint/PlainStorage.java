package io.github.moshivis.checkpoint;

import io.github.moshivis.weights.file.StoredType;
import io.github.moshivis.weights.file.TensorSpec;
import io.github.moshivis.weights.file.TensorWriter;
import io.github.moshivis.weights.quant.Floats;
import java.nio.ByteBuffer;
import java.util.List;

/** In plain numbers: as they come, if they come in this type. */
record PlainStorage(StoredType as) implements Storage {
    @Override
    public List<TensorSpec> declare(String name, List<Long> shape) {
        return List.of(new TensorSpec(name, as, shape));
    }

    @Override
    public void write(TensorWriter out, String name, StoredType type, ByteBuffer rows) {
        if (type == as) {
            out.write(name, rows);
            return;
        }
        float[] values = RowBuffers.values(type, rows);
        ByteBuffer bytes = RowBuffers.buffer(as.byteLength(values.length));
        Floats.write(as, values, values.length, bytes);
        out.write(name, bytes.flip());
    }
}
