package io.github.moshivis.kernel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.BytePointer;

/** Native memory of a test, at addresses as odd as it wants; freed at its end. */
final class TestMemory implements AutoCloseable {
    private final List<BytePointer> blocks = new ArrayList<>();

    /** Memory at an address that is a multiple of 64, and so many bytes more. */
    Block take(long bytes, int misaligned) {
        BytePointer block = new BytePointer(bytes + 128);
        blocks.add(block);
        long start = (block.address() + 63) / 64 * 64 + misaligned;
        ByteBuffer buffer = block.asByteBuffer()
                .position((int) (start - block.address()))
                .slice()
                .limit((int) bytes)
                .order(ByteOrder.nativeOrder());
        return new Block(start, buffer);
    }

    record Block(long address, ByteBuffer buffer) {
        float floatAt(int index) {
            return buffer.getFloat(index * Float.BYTES);
        }

        /** The first numbers. */
        float[] read(MatrixKernels.Numbers type, int count) {
            float[] values = new float[count];
            for (int i = 0; i < count; i++) {
                values[i] = type == MatrixKernels.Numbers.F32
                        ? floatAt(i)
                        : Float.intBitsToFloat(buffer.getShort(i * Short.BYTES) << 16);
            }
            return values;
        }
    }

    Block floats(float[] values, int misaligned) {
        Block block = take((long) values.length * Float.BYTES, misaligned);
        block.buffer.asFloatBuffer().put(values);
        return block;
    }

    Block bf16(float[] values, int misaligned) {
        Block block = take((long) values.length * Short.BYTES, misaligned);
        for (int i = 0; i < values.length; i++) {
            block.buffer.putShort(i * Short.BYTES, (short) (Float.floatToRawIntBits(values[i]) >> 16));
        }
        return block;
    }

    @Override
    public void close() {
        blocks.forEach(BytePointer::close);
    }
}
