package io.github.moshivis.programs;

import io.github.moshivis.load.CodecWeights;
import io.github.moshivis.load.Quantization;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.TypeConversionException;

/** Conversion of command line arguments by the library's own {@code parse} methods, with their messages. */
public final class ParsedArguments {
    private ParsedArguments() {}

    /**
     * Registers the types of {@link ModelFlags} with a command and all its subcommands.
     *
     * @param command the program, with its subcommands
     * @return the same command
     */
    public static CommandLine register(CommandLine command) {
        register(command, Quantization.class, Quantization::parse);
        return register(command, CodecWeights.class, CodecWeights::parse);
    }

    /**
     * Registers a type with a command and all its subcommands.
     *
     * @param command the program, with its subcommands
     * @param type the type of options
     * @param parse parses an argument; throws an {@link IllegalArgumentException} with a message for users
     * @param <T> the type
     * @return the same command
     */
    public static <T> CommandLine register(CommandLine command, Class<T> type, Function<String, T> parse) {
        return command.registerConverter(type, argument -> {
            try {
                return parse.apply(argument);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        });
    }
}
