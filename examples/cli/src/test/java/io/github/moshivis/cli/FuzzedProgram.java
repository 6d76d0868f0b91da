package io.github.moshivis.cli;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Entry points of Jazzer in a JVM of its own: see {@link CoverageFuzzTest}. System properties: {@code fuzz.target}, a name of {@link
 * FuzzTarget}, and {@code fuzz.place}, a directory.
 */
public final class FuzzedProgram {
    private static final FuzzTarget TARGET = FuzzTarget.named(System.getProperty("fuzz.target"));
    private static final FuzzPlace PLACE = new FuzzPlace(Path.of(System.getProperty("fuzz.place")));

    private FuzzedProgram() {}

    /** Reads the valid bytes, which loads what the target needs: the limit of time is one for reading mutated ones. */
    public static void fuzzerInitialize() throws IOException {
        for (byte[] seed : TARGET.seeds().get()) {
            TARGET.reader().read(PLACE, seed);
        }
    }

    /** Reads bytes that Jazzer has made from those that reached new code before. */
    public static void fuzzerTestOneInput(byte[] bytes) throws IOException {
        TARGET.reader().read(PLACE, TARGET.repair().apply(bytes));
    }
}
