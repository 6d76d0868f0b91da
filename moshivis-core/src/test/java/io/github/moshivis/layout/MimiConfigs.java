package io.github.moshivis.layout;

import java.nio.file.Path;

/** Reads a codec's sizes alone, where a test has no whole model directory. */
public final class MimiConfigs {
    private MimiConfigs() {}

    /** The sizes in a file of the form of {@code mimi_config.json}. */
    public static MimiConfig read(Path file) {
        return MimiConfigReader.read(ConfigFile.read(file));
    }
}
