package io.github.moshivis.train.data;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A stretch of a recording that is trained on as one row.
 *
 * @param sound a WAV file, the model's voice left and the user's right
 * @param start seconds from its beginning
 * @param image the picture that is talked about
 */
public record Stretch(Path sound, double start, Optional<Path> image) {
    /** The words of the recording: a file of the same name that ends in {@code .json}. */
    Path words() {
        String name = sound.getFileName().toString();
        int dot = name.lastIndexOf('.');
        return sound.resolveSibling((dot < 0 ? name : name.substring(0, dot)) + ".json");
    }
}
