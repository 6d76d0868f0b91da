package io.github.moshivis.programs;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Member;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Column;
import picocli.CommandLine.Help.Column.Overflow;
import picocli.CommandLine.Help.Layout;
import picocli.CommandLine.Help.TextTable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** Help of commands within the width of the terminal: options under the headings of {@link OptionHeading}, commands in groups. */
public final class GroupedHelp {
    private static final String OPTIONS = "Options";
    private static final String GENERAL = "General";
    private static final Set<String> GENERAL_OPTIONS = Set.of("--help", "--version", "--verbose");

    private static final int INDENT = 2;
    private static final int GAP = 2;

    private GroupedHelp() {}

    /**
     * Configures the help of a command and all its subcommands.
     *
     * @param command the program
     * @param groups headings of its commands, with their names in order; empty for a program without commands
     * @return the program
     * @throws IllegalArgumentException if the groups do not hold each command once
     */
    public static CommandLine apply(CommandLine command, Map<String, List<String>> groups) {
        List<String> grouped =
                groups.values().stream().flatMap(List::stream).sorted().toList();
        List<String> commands =
                command.getSubcommands().keySet().stream().sorted().toList();
        if (!grouped.equals(commands)) {
            throw new IllegalArgumentException("Help groups " + grouped + ", expected " + commands);
        }
        command.setUsageHelpAutoWidth(true);
        command.setColorScheme(Help.defaultColorScheme(Help.Ansi.OFF));
        applyToAll(command);
        if (!groups.isEmpty()) {
            command.getCommandSpec().usageMessage().commandListHeading("");
            command.getHelpSectionMap()
                    .put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST, help -> commandList(help, groups));
        }
        return command;
    }

    private static void applyToAll(CommandLine command) {
        UsageMessageSpec usage = command.getCommandSpec().usageMessage();
        usage.abbreviateSynopsis(true);
        usage.parameterListHeading("%nArguments:%n");
        usage.commandListHeading("%nCommands:%n");
        command.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, GroupedHelp::optionList);
        command.getSubcommands().values().forEach(GroupedHelp::applyToAll);
    }

    private static String optionList(Help help) {
        CommandSpec command = help.commandSpec();
        Map<String, List<OptionSpec>> themes = new LinkedHashMap<>();
        themes.put(OPTIONS, new ArrayList<>());
        List<OptionSpec> general = new ArrayList<>();
        for (OptionSpec option : command.options()) {
            if (GENERAL_OPTIONS.contains(option.longestName())) {
                general.add(option);
            } else if (!option.hidden()) {
                themes.computeIfAbsent(heading(option), theme -> new ArrayList<>())
                        .add(option);
            }
        }
        themes.put(GENERAL, general);
        StringBuilder sections = new StringBuilder();
        themes.forEach((theme, options) -> {
            if (!options.isEmpty()) {
                // A shared layout would repeat earlier options.
                Layout layout =
                        help.createDefaultLayout(command.options(), command.positionalParameters(), help.colorScheme());
                layout.addOptions(options, help.parameterLabelRenderer());
                sections.append(String.format("%n%s:%n", theme)).append(layout);
            }
        });
        return sections.toString();
    }

    private static String heading(OptionSpec option) {
        OptionHeading heading = option.userObject() instanceof AnnotatedElement declared
                ? declared.getAnnotation(OptionHeading.class)
                : null;
        Class<?> type = option.userObject() instanceof Member member ? member.getDeclaringClass() : null;
        for (; heading == null && type != null; type = type.getEnclosingClass()) {
            heading = type.getAnnotation(OptionHeading.class);
        }
        return heading == null ? OPTIONS : heading.value();
    }

    private static String commandList(Help help, Map<String, List<String>> groups) {
        int width = help.commandSpec().usageMessage().width();
        int names = groups.values().stream()
                        .flatMap(List::stream)
                        .mapToInt(String::length)
                        .max()
                        .orElse(0)
                + INDENT
                + GAP;
        StringBuilder sections = new StringBuilder();
        groups.forEach((group, commands) -> {
            TextTable table = TextTable.forColumns(
                    help.colorScheme(),
                    new Column(names, INDENT, Overflow.SPAN),
                    new Column(width - names, 0, Overflow.WRAP));
            for (String command : commands) {
                table.addRowValues(command, firstSentence(help.subcommands().get(command)));
            }
            sections.append(String.format("%n%s:%n", group)).append(table);
        });
        return sections.toString();
    }

    private static String firstSentence(Help command) {
        String description = command.commandSpec().usageMessage().description()[0];
        return description.split("(?<=\\.) ", 2)[0];
    }
}
