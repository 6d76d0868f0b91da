package io.github.moshivis.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Checks of options shared by commands. */
final class Checks {
    private Checks() {}

    /** Refuses a number below the minimum. */
    static void atLeast(CommandSpec command, String option, int value, int least) {
        if (value < least) {
            throw new ParameterException(
                    command.commandLine(),
                    "Invalid value for " + option + ": found " + value + ", expected at least " + least);
        }
    }
}
