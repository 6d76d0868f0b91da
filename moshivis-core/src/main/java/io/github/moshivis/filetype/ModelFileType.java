package io.github.moshivis.filetype;

import io.github.moshivis.errors.CheckpointException;
import java.nio.file.Path;
import java.util.Optional;

/** Refusal of files that are given as a part of a model and are something else. */
public final class ModelFileType {
    private ModelFileType() {}

    /**
     * Refuses a file that cannot be what it is given as.
     *
     * @param file the file
     * @param expected its part in a model, with its article, such as {@code a safetensors file}
     * @throws CheckpointException naming the file's type and the remedy, if it is a type that is known
     */
    public static void refuseForeign(Path file, String expected) {
        Optional<FileType> type = FileType.of(file).filter(found -> !found.isModel());
        if (type.isPresent()) {
            throw refusal(file, type.get(), expected);
        }
    }

    /**
     * Refuses a file that stands in the place of another: for files that may be JSON or text themselves.
     *
     * @param file the file
     * @param expected its part in a model, with its article
     * @throws CheckpointException naming the file's type and the remedy
     */
    public static void refuseForeignText(Path file, String expected) {
        Optional<FileType> type = FileType.of(file).filter(found -> found != FileType.JSON && found != FileType.TEXT);
        if (type.isPresent()) {
            throw refusal(file, type.get(), expected);
        }
    }

    /**
     * Refusal of a file.
     *
     * @param file the file
     * @param type what it is
     * @param expected its part in a model, with its article
     * @return the exception
     */
    public static CheckpointException refusal(Path file, FileType type, String expected) {
        return new CheckpointException("Cannot use " + file.toAbsolutePath() + " as a part of a model: found "
                + type.description() + ", expected " + expected + ". " + remedy(type) + ".");
    }

    private static String remedy(FileType type) {
        return type.remedy("file").orElseGet(() -> {
            if (type.isPicture()) {
                return "Give the picture to MoshiVis.session, and the model's directory or file here";
            }
            return type.isSound()
                    ? "Give the sound to WavFile.source or SoundFile.source, and the model's directory or file here"
                    : "Give the model's own file of that name";
        });
    }
}
