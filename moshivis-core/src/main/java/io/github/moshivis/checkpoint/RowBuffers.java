package io.github.moshivis.checkpoint;

import io.github.moshivis.errors.CheckpointException;
import io.github.moshivis.weights.file.StoredType;
import io.github.moshivis.weights.quant.Floats;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Rows on their way from one storage to another. */
final class RowBuffers {
    private RowBuffers() {}

    /** Reads plain numbers. */
    static float[] values(StoredType type, ByteBuffer rows) {
        float[] values = new float[(int) (rows.remaining() / type.byteLength(1))];
        Floats.read(type, rows, values, values.length);
        return values;
    }

    /** An empty little-endian buffer. */
    static ByteBuffer buffer(long bytes) {
        return ByteBuffer.allocate((int) bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Checks numbers that are to be quantized. */
    static float[] finite(String name, float[] values) {
        for (float value : values) {
            if (!Float.isFinite(value)) {
                throw new CheckpointException("Cannot quantize tensor '" + name + "': found " + value
                        + ", expected finite numbers. Download the file again, or convert it without quantizing.");
            }
        }
        return values;
    }
}
