package io.github.moshivis.server;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Random;

/** Changes bytes: flipped bits, numbers at edges of their ranges, cuts, repetitions, bytes put in. */
final class ByteMutator {
    private static final int[] EDGES = {0, 1, 0x7f, 0x80, 0xc1, 0xdd, 0xdf, 0xff};

    private final Random random;

    ByteMutator(Random random) {
        this.random = random;
    }

    /** Bytes like the given ones, one to four changes away. */
    byte[] mutated(byte[] original) {
        byte[] bytes = original.clone();
        for (int changes = random.nextInt(4); changes >= 0; changes--) {
            bytes = changed(bytes);
        }
        return bytes;
    }

    private byte[] changed(byte[] bytes) {
        if (bytes.length == 0) {
            return new byte[] {(byte) random.nextInt()};
        }
        int at = random.nextInt(random.nextBoolean() ? Math.min(24, bytes.length) : bytes.length);
        switch (random.nextInt(5)) {
            case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> bytes[at] = (byte) EDGES[random.nextInt(EDGES.length)];
            case 2 -> Arrays.fill(bytes, at, Math.min(bytes.length, at + 4), (byte) 0xff);
            case 3 -> {
                return Arrays.copyOf(bytes, at);
            }
            default -> {
                ByteArrayOutputStream more = new ByteArrayOutputStream();
                more.write(bytes, 0, at);
                more.write(random.nextInt());
                more.write(bytes, at / 2, bytes.length - at / 2);
                return more.toByteArray();
            }
        }
        return bytes;
    }
}
