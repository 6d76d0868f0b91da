package io.github.moshivis.train.nano;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;

/** Tests that need the program espeak-ng. */
final class Speech {
    private Speech() {}

    /** Skips the test where the program is not installed. */
    static void assumeInstalled() {
        assumeTrue(isInstalled(), "the program espeak-ng is not installed");
    }

    private static boolean isInstalled() {
        try {
            return new ProcessBuilder("espeak-ng", "--version").start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
