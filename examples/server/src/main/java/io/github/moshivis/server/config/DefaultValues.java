package io.github.moshivis.server.config;

import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Defaults of command-line options: from the environment, where {@code --max-duration} is
 * {@code MOSHIVIS_MAX_DURATION}, else from the configuration file.
 */
public final class DefaultValues implements IDefaultValueProvider {
    private static final String PREFIX = "MOSHIVIS_";

    private final Map<String, String> environment;
    private final ConfigFile file;

    /**
     * Creates the values.
     *
     * @param environment variables
     * @param file what the configuration file says
     */
    public DefaultValues(Map<String, String> environment, ConfigFile file) {
        this.environment = environment;
        this.file = file;
    }

    @Override
    public String defaultValue(ArgSpec argument) {
        if (!(argument instanceof OptionSpec option) || option.usageHelp() || option.versionHelp()) {
            return null;
        }
        String name = option.longestName().substring("--".length());
        String set = environment.get(variable(name));
        return set != null && !set.isBlank() ? set : file.flags().get(name);
    }

    /**
     * The variable that stands for an option.
     *
     * @param option its name without the dashes
     * @return the variable's name
     */
    public static String variable(String option) {
        return PREFIX + option.toUpperCase(Locale.ROOT).replace('-', '_');
    }
}
