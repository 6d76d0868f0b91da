package io.github.moshivis.examples.cli;

import io.github.moshivis.hub.Hub;
import io.github.moshivis.hub.HubSettings;
import io.github.moshivis.hub.ModelFormat;
import io.github.moshivis.hub.ModelName;
import io.github.moshivis.hub.Snapshot;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/**
 * How to fetch a model from the hub: shared by all commands that may have to. There is no option for the token itself, because
 * other users of a machine can read command lines.
 */
final class HubOptions {
    @Option(
            names = "--revision",
            paramLabel = "REV",
            description = "The branch, tag or commit of a model on the hub, as in OWNER/NAME@REV. Default: main.")
    private String revision;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description =
                    "A file with the hub's access token. Default: HF_TOKEN, else what the hub's own tools stored.")
    private Path tokenFile;

    /**
     * Makes a model's files present, and shows how that goes.
     *
     * @param model {@code OWNER/NAME} or {@code OWNER/NAME@REV}
     * @param format the form of the weights; empty for the best there is
     * @param environment says which hub and which cache
     * @param err where the progress is shown
     */
    Snapshot fetch(String model, Optional<ModelFormat> format, Map<String, String> environment, PrintWriter err) {
        ModelName name = ModelName.parse(model, Optional.ofNullable(revision));
        HubSettings settings = HubSettings.fromEnvironment(environment);
        settings = tokenFile == null ? settings : settings.withToken(token());
        try (Hub hub = Hub.open(settings);
                LoadProgress progress = new LoadProgress(StatusLine.of(err))) {
            return hub.download(name, format, progress);
        }
    }

    private String token() {
        try {
            return Files.readString(tokenFile);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "Cannot read --token-file " + tokenFile.toAbsolutePath() + ": found " + e
                            + ", expected a readable file with one token. Check the path and its permissions",
                    e);
        }
    }
}
