package io.github.moshivis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The help of all commands: within the terminal, complete, and under headings. */
class HelpTest {
    private static List<CommandLine> commands(int width) {
        PrintWriter nowhere = new PrintWriter(new StringWriter());
        CommandLine root = Main.commandLine(Map.of(), nowhere, nowhere)
                .setUsageHelpAutoWidth(false)
                .setUsageHelpWidth(width);
        List<CommandLine> commands = new ArrayList<>();
        collect(root, commands);
        return commands;
    }

    private static void collect(CommandLine command, List<CommandLine> commands) {
        commands.add(command);
        command.getSubcommands().values().forEach(each -> collect(each, commands));
    }

    @Test
    void noLineIsWiderThanTheTerminal() {
        for (int width : List.of(80, 60)) {
            List<CommandLine> commands = commands(width);
            assertThat(commands).hasSizeGreaterThan(20);
            for (CommandLine command : commands) {
                assertThat(command.getUsageMessage().lines())
                        .as("%s at %d columns", command.getCommandSpec().qualifiedName(), width)
                        .allMatch(line -> line.length() <= width);
            }
        }
    }

    @Test
    void eachOptionIsListedOnce() {
        for (CommandLine command : commands(80)) {
            String help = command.getUsageMessage();
            command.getCommandSpec().options().forEach(option -> assertThat(help.lines())
                    .as(command.getCommandSpec().qualifiedName())
                    .filteredOn(line -> line.matches("  (    |-\\w, )\\Q" + option.longestName() + "\\E([ =].*)?"))
                    .hasSize(option.negatable() ? 0 : 1));
        }
    }

    @Test
    void optionsStandUnderTheirThemes() {
        assertThat(Cli.run("run", "--help").out())
                .containsSubsequence(
                        "moshivis run [OPTIONS]",
                        "\nOptions:\n",
                        "--out",
                        "\nModel:\n",
                        "--quantize",
                        "--norms",
                        "\nModels of the hub:\n",
                        "--revision",
                        "\nPicture:\n",
                        "--no-image",
                        "\nUser's voice:\n",
                        "--tail",
                        "\nSampling:\n",
                        "--text-top-k",
                        "\nConversation:\n",
                        "--role",
                        "\nGeneral:\n",
                        "--verbose",
                        "--help")
                .doesNotContain("\u001b");
        assertThat(Cli.run("chat", "--help").out())
                .containsSubsequence("\nServer:\n", "--token", "\nGeneral:\n")
                .contains("\nArguments:\n", "\nConversation:\n", "\nMicrophone and speaker:\n");
    }

    @Test
    void commandsStandInGroupsWithTheirFirstSentence() {
        assertThat(Cli.run("--help").out())
                .containsSubsequence(
                        "\nConversations:\n",
                        "  run ",
                        "  talk ",
                        "  chat ",
                        "\nModels:\n",
                        "  download ",
                        "\nThis machine:\n")
                .doesNotContain("Use headphones");
    }
}
