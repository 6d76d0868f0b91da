package io.github.moshivis;

import io.github.moshivis.errors.MediaException;
import io.github.moshivis.io.AudioSink;
import io.github.moshivis.io.AudioSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Check that a conversation does not write over a file that it reads or writes otherwise: opening would destroy it. */
final class DistinctFiles {
    private DistinctFiles() {}

    /**
     * Checks before anything is opened.
     *
     * @param recording files of the recording
     * @param model files of the model
     * @throws MediaException naming the file
     */
    static void check(AudioSource source, AudioSink sink, List<Path> recording, List<Path> model) {
        Optional<Path> read = Objects.requireNonNull(source.file(), "AudioSource.file");
        Optional<Path> written = Objects.requireNonNull(sink.file(), "AudioSink.file");
        if (read.isPresent() && written.isPresent()) {
            require(read.get(), "the user's voice is read from", written.get(), "the sink writes");
        }
        for (Path file : model) {
            written.ifPresent(other -> require(file, "the model is read from", other, "the sink writes"));
            recording.forEach(other -> require(file, "the model is read from", other, "the recording writes"));
        }
        for (Path file : recording) {
            read.ifPresent(other -> require(other, "the user's voice is read from", file, "the recording writes"));
            written.ifPresent(other -> require(other, "the sink writes", file, "the recording writes"));
        }
    }

    private static void require(Path first, String firstUse, Path second, String secondUse) {
        if (isSame(first, second)) {
            throw new MediaException("Cannot use one file twice in a conversation: found that " + firstUse + " " + first
                    + ", and " + secondUse + " " + second
                    + ", expected two files. Choose another name for what is written");
        }
    }

    /** Pipes and devices are no files that could be destroyed. */
    private static boolean isSame(Path first, Path second) {
        try {
            if (Files.exists(first) && Files.exists(second)) {
                return Files.isRegularFile(first) && Files.isSameFile(first, second);
            }
        } catch (IOException e) {
            // not to be told apart by the file system: names decide
        }
        return first.toAbsolutePath().normalize().equals(second.toAbsolutePath().normalize());
    }
}
