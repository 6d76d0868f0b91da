package io.github.moshivis.weights.quant;

import io.github.moshivis.weights.file.StoredType;
import java.nio.ByteBuffer;

/** Floating-point numbers as files store them. */
public final class Floats {
    /** Bits of a single's significand that a bfloat16 lacks. */
    private static final int BFLOAT16_SHIFT = 16;

    private Floats() {}

    /** Rounds to the nearest bfloat16, ties to even; the number is finite. */
    public static short bfloat16(float value) {
        int bits = Float.floatToRawIntBits(value);
        return (short) (bits + 0x7FFF + (bits >>> BFLOAT16_SHIFT & 1) >>> BFLOAT16_SHIFT);
    }

    /** The largest bfloat16 that is not above a finite number. */
    static float bfloat16Below(float value) {
        return -bfloat16Above(-value);
    }

    /** The smallest bfloat16 that is not below a finite number. */
    static float bfloat16Above(float value) {
        int bits = Float.floatToRawIntBits(value);
        int cut = bits & -1 << BFLOAT16_SHIFT;
        boolean up = cut != bits && bits > 0;
        return Float.intBitsToFloat(up ? cut + (1 << BFLOAT16_SHIFT) : cut);
    }

    /**
     * Reads numbers.
     *
     * @param type BF16, F16, F32 or F64; a double is rounded to the nearest
     * @param bytes little-endian; read from its position
     * @param values takes them
     * @param count how many
     * @throws IllegalArgumentException for another type
     */
    public static void read(StoredType type, ByteBuffer bytes, float[] values, int count) {
        switch (type) {
            case BF16 -> {
                short[] stored = shorts(bytes, count);
                for (int i = 0; i < count; i++) {
                    values[i] = Float.intBitsToFloat(stored[i] << BFLOAT16_SHIFT);
                }
            }
            case F16 -> {
                short[] stored = shorts(bytes, count);
                for (int i = 0; i < count; i++) {
                    values[i] = HalfFloat.toFloat(stored[i]);
                }
            }
            case F32 -> {
                bytes.asFloatBuffer().get(values, 0, count);
                bytes.position(bytes.position() + count * Float.BYTES);
            }
            case F64 -> {
                for (int i = 0; i < count; i++) {
                    values[i] = (float) bytes.getDouble();
                }
            }
            default ->
                throw new IllegalArgumentException("Cannot read numbers of type " + type
                        + ": expected BF16, F16, F32 or F64. Ask for another tensor.");
        }
    }

    /** All at once: the fast way out of a mapped file. */
    private static short[] shorts(ByteBuffer bytes, int count) {
        short[] stored = new short[count];
        bytes.asShortBuffer().get(stored);
        bytes.position(bytes.position() + count * Short.BYTES);
        return stored;
    }

    /**
     * Writes numbers.
     *
     * @param type BF16 or F32
     * @param values finite, those of a bfloat16 rounded to the nearest
     * @param count how many
     * @param bytes takes them from its position; little-endian
     * @throws IllegalArgumentException for another type
     */
    public static void write(StoredType type, float[] values, int count, ByteBuffer bytes) {
        for (int i = 0; i < count; i++) {
            switch (type) {
                case BF16 -> bytes.putShort(bfloat16(values[i]));
                case F32 -> bytes.putFloat(values[i]);
                default ->
                    throw new IllegalArgumentException(
                            "Cannot write numbers of type " + type + ": expected BF16 or F32. Ask for another type.");
            }
        }
    }
}
