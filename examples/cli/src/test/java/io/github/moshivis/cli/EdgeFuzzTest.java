package io.github.moshivis.cli;

import static org.assertj.core.api.Assertions.fail;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Files of all formats, mutated with a seed, through the API's entry points: each is read, or refused with an exception of this library. The
 * number of mutations of the long part is the system property {@code fuzz.tries}. {@link CoverageFuzzTest} goes further.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EdgeFuzzTest {
    private static final int FEW = 25;
    private static final int MANY = Integer.getInteger("fuzz.tries", 2000);

    /** Numbers at which sizes and counts break. */
    private static final int[] EDGES = {0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0x80000000, -1};

    private FuzzPlace place;

    @BeforeAll
    void prepare(@TempDir Path directory) {
        place = new FuzzPlace(directory);
    }

    @AfterAll
    void close() {
        place.close();
    }

    /** One to four changes: flipped bits, numbers at the edges of their ranges, cuts, repetitions, pieces moved. */
    private static byte[] mutated(byte[] original, Random random) {
        byte[] bytes = original.clone();
        for (int change = 1 + random.nextInt(4); change > 0 && bytes.length > 8; change--) {
            // headers are where sizes are
            int at = random.nextInt(random.nextBoolean() ? Math.min(64, bytes.length - 4) : bytes.length - 4);
            switch (random.nextInt(5)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> {
                    int number = EDGES[random.nextInt(EDGES.length)];
                    boolean littleEndian = random.nextBoolean();
                    for (int i = 0; i < 4; i++) {
                        bytes[at + i] = (byte) (number >>> 8 * (littleEndian ? i : 3 - i));
                    }
                }
                case 2 -> bytes = Arrays.copyOf(bytes, at + 1);
                case 3 -> {
                    ByteArrayOutputStream twice = new ByteArrayOutputStream();
                    twice.write(bytes, 0, at);
                    twice.write(bytes, at / 2, bytes.length - at / 2);
                    bytes = twice.toByteArray();
                }
                default -> System.arraycopy(bytes, at / 2, bytes, at, Math.min(16, bytes.length - at));
            }
        }
        return bytes;
    }

    private void fuzz(FuzzTarget target, int tries) throws IOException {
        List<byte[]> seeds = target.seeds().get();

        for (byte[] seed : seeds) {

            target.reader().read(place, seed);
        }
        for (int seed = 0; seed < tries; seed++) {
            byte[] bytes = mutated(seeds.get(seed % seeds.size()), new Random(seed));
            try {
                target.reader().read(place, target.repair().apply(bytes));
            } catch (Throwable e) {
                fail("seed " + seed + " of " + target, e);
            }
        }
    }

    static Stream<FuzzTarget> targets() {
        return FuzzTarget.ALL.stream();
    }

    @ParameterizedTest
    @Timeout(120)
    @MethodSource("targets")
    void aMutatedFileIsReadOrRefused(FuzzTarget target) throws IOException {
        fuzz(target, FEW);
    }

    @ParameterizedTest
    @Tag("stress")
    @MethodSource("targets")
    void manyMutatedFilesAreReadOrRefused(FuzzTarget target) throws IOException {
        fuzz(target, MANY);
    }
}
