package io.github.moshivis.cli;

import io.github.moshivis.SessionOptions;
import io.github.moshivis.client.ChatSettings;
import io.github.moshivis.io.Image;
import io.github.moshivis.load.BundledModel;
import io.github.moshivis.load.LoadOptions;
import io.github.moshivis.programs.Demo;
import io.github.moshivis.programs.NanoDemo;
import io.github.moshivis.programs.OptionHeading;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Options for the picture. */
@OptionHeading("Picture")
final class PictureOptions {
    @ArgGroup(exclusive = true)
    private Choice choice = new Choice();

    @Option(
            names = "--image-size",
            paramLabel = "N",
            description =
                    "Side of the resized picture in pixels. Default: the size that the model was trained with; in chat,"
                            + " the server's.")
    private Integer size;

    @Option(
            names = "--center-crop",
            description = "Crop the picture to the square at its center. By default its aspect ratio is not preserved.")
    private boolean centerCrop;

    @Option(
            names = "--xa-start",
            paramLabel = "N",
            description = "Number of steps of 80 ms before the model sees the picture. Default: 0.")
    private long start;

    private static final class Choice {
        @Option(
                names = "--image",
                paramLabel = "FILE",
                description = "A picture: PNG, JPEG, WebP, GIF or BMP. Default: a bundled one.")
        private Path file;

        @Option(
                names = "--picture",
                paramLabel = "TITLE",
                description = "A bundled picture, such as \"a red heart\"; run --list shows all of them.")
        private String title;

        @Option(names = "--no-image", description = "Talk without a picture.")
        private boolean none;
    }

    /** Returns the file of {@code --image}, if given. */
    Optional<Path> file() {
        return Optional.ofNullable(choice.file);
    }

    /** Reads the picture without decoding it; empty for none. */
    Optional<Image> read(Demo demo) {
        if (choice.none) {
            return Optional.empty();
        }
        Path file = file().or(this::bundled).orElseGet(demo::picture);
        try {
            return Optional.of(Image.read(file));
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "Cannot read the picture " + file.toAbsolutePath() + ": found " + e
                            + ", expected a readable file. Check the path given to --image",
                    e);
        }
    }

    private Optional<Path> bundled() {
        return Optional.ofNullable(choice.title)
                .map(title -> BundledModel.nano().picture(title).file());
    }

    /** Describes the picture for people. */
    String describe(Demo demo) {
        if (choice.none) {
            return "none";
        }
        if (choice.title != null) {
            return BundledModel.nano().picture(choice.title).title();
        }
        return file().map(file -> file.getFileName().toString())
                .orElseGet(() -> demo instanceof NanoDemo nano ? nano.shown().title() : "the toy's picture");
    }

    /** Returns load options with room for a picture of the requested size. */
    LoadOptions apply(LoadOptions options) {
        return size == null ? options : options.maxImageSize(size);
    }

    /** Applies size and start to the settings for a server. */
    ChatSettings apply(ChatSettings defaults) {
        ChatSettings settings = defaults.imageStart(start).centerCrop(centerCrop);
        return size == null ? settings : settings.imageResolution(size);
    }

    /** Returns session options with a picture, its size and its start. */
    SessionOptions apply(SessionOptions defaults, Optional<Image> picture) {
        SessionOptions options = defaults.imageStart(start).centerCrop(centerCrop);
        options = size == null ? options : options.imageSize(size);
        return picture.isPresent() ? options.image(picture.get()) : options;
    }
}
