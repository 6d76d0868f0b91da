package io.github.moshivis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.SamplingSetting;
import io.github.moshivis.client.ChatSettings;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The flags are those of the list, and a server is asked by the list's names. */
class SamplingFlagsTest {
    @Command(name = "command")
    private static final class Flags {
        @Mixin
        private ServerSamplingOptions sampling;
    }

    @Command(name = "local")
    private static final class LocalFlags {
        @Mixin
        private SamplingOptions sampling;
    }

    private final Flags flags = new Flags();
    private final CommandLine line = new CommandLine(flags);

    @Test
    void everySettingHasItsFlagWhichReachesTheClientsQuery() {
        List<String> arguments = new ArrayList<>();
        for (SamplingSetting setting : SamplingSetting.values()) {
            arguments.add(setting.flag());
            arguments.add(setting.format(setting.range().max()));
        }
        line.parseArgs(arguments.toArray(String[]::new));
        ChatSettings settings = flags.sampling.apply(ChatSettings.defaults());
        for (SamplingSetting setting : SamplingSetting.values()) {
            assertThat(settings.parameters())
                    .containsEntry(
                            setting.wireName(), setting.format(setting.range().max()));
        }
        line.parseArgs();
        assertThat(flags.sampling.apply(ChatSettings.defaults()).parameters()).isEmpty();
    }

    @Test
    void helpTellsRangeAndDefault() {
        assertThat(help(new CommandLine(new LocalFlags())))
                .contains("--text-top-k=N", "at least 0. Default: 25.", "0 or 0.001 to 100. Default: 0.7.");
        assertThat(help(line))
                .contains(
                        "at least 0. Default: the server's, 25 with this project's.",
                        "Default: the server's, 0.45 with this project's.");
    }

    private static String help(CommandLine line) {
        return line.getUsageMessage().replaceAll("\\s+", " ");
    }
}
