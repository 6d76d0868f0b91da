package io.github.moshivis.audio;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * The encoding of one sample in bytes, little-endian as in WAV files and on sound cards. All conversions between integers and floats are
 * here.
 *
 * <p>An integer of n bits is divided by 2^(n-1): the lowest is exactly -1, the highest just below 1, and up to 24 bits nothing is
 * lost. The inverse multiplies by 2^(n-1), rounds to the nearest integer, and clips; a NaN becomes 0. Floats pass unchanged, also outside
 * [-1, 1]. The two laws of ITU-T G.711 are scaled as the 16-bit integers that they stand for.
 */
public enum PcmEncoding {
    /** 8-bit integers; in WAV files these, and only these, are unsigned, with 128 for silence. */
    UNSIGNED_8(1) {
        @Override
        float get(ByteBuffer bytes, int index) {
            return ((bytes.get(index) & 0xff) - 0x80) / 0x1p7f;
        }

        @Override
        void put(ByteBuffer bytes, float sample) {
            bytes.put((byte) (toInteger(sample, 8) + 0x80));
        }
    },
    /** 16-bit signed integers. */
    SIGNED_16(2) {
        @Override
        float get(ByteBuffer bytes, int index) {
            return bytes.getShort(index) / 0x1p15f;
        }

        @Override
        void put(ByteBuffer bytes, float sample) {
            bytes.putShort((short) toInteger(sample, 16));
        }
    },
    /** 24-bit signed integers in three bytes. */
    SIGNED_24(3) {
        @Override
        float get(ByteBuffer bytes, int index) {
            int low = bytes.getShort(index) & 0xffff;
            return (bytes.get(index + 2) << 16 | low) / 0x1p23f;
        }

        @Override
        void put(ByteBuffer bytes, float sample) {
            int value = toInteger(sample, 24);
            bytes.putShort((short) value).put((byte) (value >> 16));
        }
    },
    /** 32-bit signed integers; a float keeps 24 of their bits. */
    SIGNED_32(4) {
        @Override
        float get(ByteBuffer bytes, int index) {
            return bytes.getInt(index) / 0x1p31f;
        }

        @Override
        void put(ByteBuffer bytes, float sample) {
            bytes.putInt(toInteger(sample, 32));
        }
    },
    /** 32-bit IEEE floats. */
    FLOAT_32(4) {
        @Override
        float get(ByteBuffer bytes, int index) {
            return bytes.getFloat(index);
        }

        @Override
        void put(ByteBuffer bytes, float sample) {
            bytes.putFloat(sample);
        }
    },
    /** 64-bit IEEE floats; read with the precision of 32. */
    FLOAT_64(8) {
        @Override
        float get(ByteBuffer bytes, int index) {
            return (float) bytes.getDouble(index);
        }

        @Override
        void put(ByteBuffer bytes, float sample) {
            bytes.putDouble(sample);
        }
    },
    /** G.711 mu-law, telephony of North America and Japan: one byte for a sample of 14 bits. */
    MU_LAW(1) {
        @Override
        float get(ByteBuffer bytes, int index) {
            return G711.MU_LAW.decode(bytes.get(index)) / 0x1p15f;
        }

        @Override
        void put(ByteBuffer bytes, float sample) {
            bytes.put(G711.MU_LAW.encode(toInteger(sample, 16)));
        }
    },
    /** G.711 A-law, telephony of all other countries: one byte for a sample of 13 bits; it has no code for zero. */
    A_LAW(1) {
        @Override
        float get(ByteBuffer bytes, int index) {
            return G711.A_LAW.decode(bytes.get(index)) / 0x1p15f;
        }

        @Override
        void put(ByteBuffer bytes, float sample) {
            bytes.put(G711.A_LAW.encode(toInteger(sample, 16)));
        }
    };

    private final int bytesPerSample;

    PcmEncoding(int bytesPerSample) {
        this.bytesPerSample = bytesPerSample;
    }

    /**
     * Returns the size of one sample.
     *
     * @return bytes, 1 to 8
     */
    public int bytesPerSample() {
        return bytesPerSample;
    }

    /**
     * Returns whether samples are floats, which may be of any size, infinite, or NaN.
     *
     * @return true for the two IEEE encodings
     */
    public boolean isFloat() {
        return this == FLOAT_32 || this == FLOAT_64;
    }

    /**
     * Reads samples from the buffer's position, and advances it. Sets the buffer's byte order.
     *
     * @param bytes holds {@code length} samples at least
     * @param samples receives them
     * @param offset where in {@code samples} to start
     * @param length how many
     * @throws BufferUnderflowException if the buffer holds fewer samples
     * @throws IndexOutOfBoundsException if they do not fit the array
     */
    public void decode(ByteBuffer bytes, float[] samples, int offset, int length) {
        Objects.requireNonNull(bytes, "bytes");
        Objects.requireNonNull(samples, "samples");
        Objects.checkFromIndexSize(offset, length, samples.length);
        if (bytes.remaining() / bytesPerSample < length) {
            throw new BufferUnderflowException();
        }
        bytes.order(ByteOrder.LITTLE_ENDIAN);
        int index = bytes.position();
        for (int i = 0; i < length; i++) {
            samples[offset + i] = get(bytes, index + i * bytesPerSample);
        }
        bytes.position(index + length * bytesPerSample);
    }

    /**
     * Writes samples at the buffer's position, and advances it. Sets the buffer's byte order.
     *
     * @param samples holds the samples
     * @param offset where in {@code samples} they start
     * @param length how many
     * @param bytes receives them
     * @throws java.nio.BufferOverflowException if they do not fit the buffer
     * @throws IndexOutOfBoundsException if the array holds fewer
     */
    public void encode(float[] samples, int offset, int length, ByteBuffer bytes) {
        Objects.requireNonNull(samples, "samples");
        Objects.requireNonNull(bytes, "bytes");
        Objects.checkFromIndexSize(offset, length, samples.length);
        bytes.order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < length; i++) {
            put(bytes, samples[offset + i]);
        }
    }

    abstract float get(ByteBuffer bytes, int index);

    abstract void put(ByteBuffer bytes, float sample);

    /** Returns the nearest integer of a number of bits; in double precision, in which 32 bits are exact. */
    private static int toInteger(float sample, int bits) {
        long scale = 1L << (bits - 1);
        return (int) Math.max(-scale, Math.min(scale - 1, Math.round((double) sample * scale)));
    }
}
