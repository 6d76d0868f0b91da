package io.github.moshivis.train.nano;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.NativeLibrary;

/** Tests that need espeak-ng. */
final class Speech {
    private Speech() {}

    /** Skips the test where its library is not installed. */
    static void assumeInstalled() {
        assumeTrue(isInstalled(), "espeak-ng is not installed");
    }

    private static boolean isInstalled() {
        try {
            NativeLibrary.getInstance("espeak-ng").close();
            return true;
        } catch (UnsatisfiedLinkError e) {
            return false;
        }
    }
}
