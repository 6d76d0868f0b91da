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
import java.nio.file.Path;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** Options of a command that loads a model: the shared model flags, access to the hub, and compatibility switches. */
@OptionHeading("Model")
final class ModelOptions {
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

    /** The options of loading that were given; all others have their defaults. */
    LoadOptions loadOptions() {
        LoadOptions options = modelFlags.apply(LoadOptions.defaults());
        options = userAlignment == null ? options : options.userAlignment(userAlignment);
        return norms == null ? options : options.norms(norms);
    }

    /** Tells on a terminal that a model will be loaded, before anything is done that takes time. */
    static void announce(StatusLine line) {
        line.update("Loading the model ...", "");
    }

    /**
     * Listens to the loading of a model: shows it on a terminal, and elsewhere if it takes long.
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
     * Loads a model, and shows how that goes.
     *
     * @param path as of {@link #path}
     * @param pictures make room for large pictures
     * @param line shows the progress
     * @return the model, to be closed by the caller
     */
    MoshiVis load(Path path, PictureOptions pictures, StatusLine line) {
        return MoshiVis.load(path, pictures.apply(loadOptions()).progress(progress(line)));
    }

    ModelFlags flags() {
        return modelFlags;
    }

    /**
     * Finds the model that was named, or a bundled one. A model of the hub is fetched, with its progress shown.
     *
     * @param demo holds a bundled model
     * @param command the command that asks
     * @return a directory or a file, as {@link MoshiVis#load(Path, LoadOptions)} takes it
     */
    Path path(Demo demo, CommandSpec command) {
        return modelFlags.model().map(model -> hubOptions.path(model, command)).orElseGet(demo::model);
    }
}
