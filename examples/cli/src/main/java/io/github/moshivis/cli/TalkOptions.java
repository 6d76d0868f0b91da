package io.github.moshivis.cli;

import io.github.moshivis.SessionOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import picocli.CommandLine.Option;

/** How long a conversation lasts and what is kept of it: shared by the commands that hold one. */
final class TalkOptions {
    private static final double NANOS_PER_SECOND = 1e9;

    @Option(
            names = "--max-duration",
            paramLabel = "SECONDS",
            description = "End after this much of what the user says, whole frames of 80 ms. Default: no limit.")
    private Double maxDuration;

    @Option(
            names = "--record",
            paramLabel = "FILE.wav",
            description =
                    "Write both sides to a WAV file, the user on the left, and beside it a transcript (.json) and all tokens"
                            + " (.safetensors).")
    private Path record;

    /**
     * Checks what can be checked without a model.
     *
     * @param others files of the same command, which the recording must not replace
     */
    void check(Collection<Path> others) {
        if (maxDuration != null && !(maxDuration > 0)) {
            throw new IllegalArgumentException("--max-duration is a length in seconds: found " + maxDuration
                    + ", expected a number of more than 0. Correct it");
        }
        if (record != null) {
            OutputFiles.check("--record", record, others);
        }
    }

    /** The options with what was given. */
    SessionOptions apply(SessionOptions defaults) {
        SessionOptions options = maxDuration == null ? defaults : defaults.maxDuration(duration(maxDuration));
        return record == null ? options : options.record(record);
    }

    static Duration duration(double seconds) {
        return Duration.ofNanos(Math.round(seconds * NANOS_PER_SECOND));
    }
}
