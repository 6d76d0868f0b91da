package io.github.moshivis.server.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.github.moshivis.server.chat.Setting;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Settings from the configuration file of a reference server, under the names of this server.
 *
 * @param flags values of command line options, by their names without the dashes
 * @param defaults default settings of callers
 * @param forced settings that override requests of callers
 * @param ignored keys that are not used, such as those that describe the model
 */
public record ConfigFile(
        Map<String, String> flags, Map<Setting, Double> defaults, Map<Setting, Double> forced, List<String> ignored) {
    /** Options that do not exist in the reference servers' files. */
    static final String[] VOICE_FLAGS = {"voices", "voice", "role"};

    private static final String VARIABLE_PREFIX = "MOSHIVIS_";

    /** The settings without a file. */
    public static final ConfigFile NONE = new ConfigFile(Map.of(), Map.of(), Map.of(), List.of());

    /**
     * Reads a file.
     *
     * @param file the Rust server's, which ends in {@code .json}, or the PyTorch server's, which ends in {@code .yaml} or {@code .yml}
     * @param environment for the variables in the Rust server's values
     * @return its settings
     * @throws IllegalArgumentException if it is invalid; says what to do
     */
    public static ConfigFile read(Path file, Map<String, String> environment) {
        String name = file.toString().toLowerCase(Locale.ROOT);
        if (name.endsWith(".json")) {
            return RustConfig.of(tree(new ObjectMapper(), file), file, environment);
        }
        if (name.endsWith(".yaml") || name.endsWith(".yml")) {
            return PytorchConfig.of(tree(new YAMLMapper(), file), file);
        }
        throw new IllegalArgumentException(
                "Cannot use the configuration " + file.toAbsolutePath()
                        + ": found another ending, expected .json (the Rust server's) or .yaml (the PyTorch server's). Rename it");
    }

    /**
     * Returns the defaults of command line options: from the environment, else from this file.
     *
     * @param environment variables, as {@link #variable} names them
     * @return the defaults; null for an option that neither sets
     */
    public IDefaultValueProvider optionDefaults(Map<String, String> environment) {
        return argument -> {
            if (!(argument instanceof OptionSpec option) || option.usageHelp() || option.versionHelp()) {
                return null;
            }
            String name = option.longestName().substring("--".length());
            String set = environment.get(variable(name));
            return set != null && !set.isBlank() ? set : flags.get(name);
        };
    }

    /**
     * Returns the environment variable of an option.
     *
     * @param option its name without the dashes, such as {@code max-duration}
     * @return the variable's name, such as {@code MOSHIVIS_MAX_DURATION}
     */
    public static String variable(String option) {
        return VARIABLE_PREFIX + option.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    private static JsonNode tree(ObjectMapper mapper, Path file) {
        try {
            JsonNode tree = mapper.readTree(file.toFile());
            if (tree.isObject()) {
                return tree;
            }
            throw new IOException("no keys and values");
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "Cannot read the configuration " + file.toAbsolutePath() + ": found " + e.getMessage()
                            + ", expected a file with keys and values. Check its path and its contents",
                    e);
        }
    }
}
