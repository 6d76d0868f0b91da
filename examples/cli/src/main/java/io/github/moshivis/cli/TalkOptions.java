package io.github.moshivis.cli;

import io.github.moshivis.SessionOptions;
import io.github.moshivis.programs.OptionHeading;
import io.github.moshivis.programs.Seconds;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Options of a conversation, shared by commands: duration, recording, voice, role. */
@OptionHeading("Conversation")
final class TalkOptions {
    @Option(
            names = "--max-duration",
            paramLabel = "SECONDS",
            description = "Maximum length of the user's audio, in whole frames of 80 ms. Default: no limit.")
    private Double maxDuration;

    @Option(
            names = "--record",
            paramLabel = "FILE.wav",
            description =
                    "Record both sides to a WAV file, the user on the left, with a transcript (.json) and all tokens"
                            + " (.safetensors) beside it.")
    private Path record;

    @Option(
            names = "--voice",
            paramLabel = "NAME|FILE",
            description = "Voice of a PersonaPlex model: a released voice such as NATF2, a .pt file, or a recording.")
    private String voice;

    @Option(names = "--role", paramLabel = "TEXT", description = "Role of a PersonaPlex model, as text.")
    private String role;

    /**
     * Checks what can be checked without a model.
     *
     * @param others files of the same command, which the recording must not replace
     */
    void check(Collection<Path> others) {
        if (maxDuration != null) {
            Seconds.positive("--max-duration", maxDuration);
        }
        if (record != null) {
            OutputFiles.check("--record", record, others);
        }
    }

    /** Returns the smaller of a duration and the maximum. */
    Duration limit(Duration duration) {
        Duration limit = maxDuration == null ? duration : Seconds.positive("--max-duration", maxDuration);
        return limit.compareTo(duration) < 0 ? limit : duration;
    }

    /** Sets the default file of the recording. */
    void recordTo(Path file) {
        record = record == null ? file : record;
    }

    /** Returns the file of the recording, if there is one. */
    Optional<Path> recording() {
        return Optional.ofNullable(record);
    }

    /** Applies the given options. */
    SessionOptions apply(SessionOptions defaults) {
        SessionOptions options =
                maxDuration == null ? defaults : defaults.maxDuration(Seconds.positive("--max-duration", maxDuration));
        options = voice == null ? options : options.voice(voice);
        options = role == null ? options : options.role(role);
        return record == null ? options : options.record(record);
    }
}
