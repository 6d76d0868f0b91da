package io.github.moshivis.cli;

import io.github.moshivis.MoshiVis;
import io.github.moshivis.io.ProgressListener;
import io.github.moshivis.io.ProgressListener.State;
import io.github.moshivis.load.LoadOptions;
import io.github.moshivis.load.Norms;
import io.github.moshivis.load.UserAlignment;
import io.github.moshivis.programs.Demo;
import io.github.moshivis.programs.ModelFlags;
import io.github.moshivis.programs.OptionHeading;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** Options of a command that loads a model: the shared model flags, access to the hub, and compatibility switches. */
@OptionHeading("Model")
final class ModelOptions {
    private static final Pattern MODEL_FILE =
            Pattern.compile(".*\\.(safetensors|gguf|model|ya?ml|index\\.json)|(.*_)?config\\.json");

    @Mixin
    private ModelFlags modelFlags;

    @Mixin
    private HubOptions hubOptions;

    @Option(
            names = "--user-alignment",
            paramLabel = "pytorch|moshi|rust",
            description =
                    "Back end whose alignment of the user's frames is used; moshi is moshi's own server, which resets"
                            + " its codec after the first frame. Default: pytorch.")
    private UserAlignment userAlignment;

    @Option(
            names = "--norms",
            paramLabel = "pytorch|rust",
            description = "Back end whose norms are used. Default: pytorch; rust for plain Moshi.")
    private Norms norms;

    /** Returns load options with the given flags; all others have their defaults. */
    LoadOptions loadOptions() {
        LoadOptions options = modelFlags.apply(LoadOptions.defaults());
        options = userAlignment == null ? options : options.userAlignment(userAlignment);
        return norms == null ? options : options.norms(norms);
    }

    /** Shows on a terminal that a model will be loaded, before slow work starts. */
    static void announce(StatusLine line) {
        line.update("Loading the model ...", "");
    }

    /**
     * Returns a listener that shows the loading of a model on a terminal, and elsewhere if it takes long.
     *
     * @param line shows the progress
     */
    static ProgressListener progress(StatusLine line) {
        LoadProgress progress = new LoadProgress(line);
        return file -> {
            if (line.isVisible() || file.state() != State.DONE) {
                progress.advanced(file);
            }
        };
    }

    /**
     * Loads a model, with progress.
     *
     * @param path as of {@link #path}
     * @param pictures size of pictures
     * @param line shows the progress
     * @return the model, to be closed by the caller
     */
    MoshiVis load(Path path, PictureOptions pictures, StatusLine line) {
        return MoshiVis.load(path, pictures.apply(loadOptions()).progress(progress(line)));
    }

    ModelFlags flags() {
        return modelFlags;
    }

    /** Returns the files of a model on the disk, by their names, which no output may replace. */
    List<Path> files() {
        Optional<Path> model = modelFlags.model().flatMap(HubOptions::onDisk);
        if (model.isEmpty()) {
            return List.of();
        }
        Path path = model.get().toAbsolutePath();
        try (Stream<Path> beside = Files.list(Files.isDirectory(path) ? path : path.getParent())) {
            return beside.filter(file ->
                            MODEL_FILE.matcher(file.getFileName().toString()).matches())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot list the model's files beside " + path, e);
        }
    }

    /**
     * Locates the named model, or a bundled one. Downloads a model on the hub, with progress.
     *
     * @param demo a bundled model
     * @param command the command that asks
     * @return a directory or a file, as {@link MoshiVis#load(Path, LoadOptions)} takes it
     */
    Path path(Demo demo, CommandSpec command) {
        return modelFlags.model().map(model -> hubOptions.path(model, command)).orElseGet(demo::model);
    }
}
