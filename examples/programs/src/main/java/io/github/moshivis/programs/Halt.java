package io.github.moshivis.programs;

/** End of a process at once, for shutdown hooks: an orderly exit would unload LibTorch while it computes, and crash. */
public final class Halt {
    /** Exit status after SIGTERM. */
    public static final int TERMINATED = 143;

    private Halt() {}

    /**
     * Deletes temporary directories, as their own hook may have done before a command had written all, and ends the process.
     *
     * @param status the exit status
     */
    public static void now(int status) {
        TemporaryDirectories.delete();
        Runtime.getRuntime().halt(status);
    }
}
