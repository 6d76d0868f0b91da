package io.github.moshivis.cli;

import io.github.moshivis.errors.CheckpointException;
import io.github.moshivis.errors.ConversationException;
import io.github.moshivis.errors.MediaException;
import io.github.moshivis.errors.MoshiVisException;
import java.io.PrintWriter;
import java.util.function.BooleanSupplier;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * Prints failures in one line, and chooses the exit code: 2 for errors in the command line or in input files, 1 otherwise.
 */
final class Failures implements IParameterExceptionHandler, IExecutionExceptionHandler {
    private final BooleanSupplier verbose;

    /**
     * Creates the handler.
     *
     * @param verbose whether to print stack traces; evaluated at each failure
     */
    Failures(BooleanSupplier verbose) {
        this.verbose = verbose;
    }

    @Override
    public int handleParseException(ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        String message = e.getMessage().replaceFirst("^Error: ", "");
        say(command, message + ". See: " + command.getCommandSpec().qualifiedName() + " --help", e);
        return ExitCode.USAGE;
    }

    @Override
    public int handleExecutionException(Exception e, CommandLine command, ParseResult parsed) {
        boolean expected = e instanceof MoshiVisException
                || e instanceof IllegalArgumentException
                || e instanceof IllegalStateException;
        say(command, expected ? e.getMessage() : "Unexpected " + e + "; --verbose prints the stack trace", e);
        return isBadInput(e) ? ExitCode.USAGE : ExitCode.SOFTWARE;
    }

    private static boolean isBadInput(Exception e) {
        boolean inConversation = e instanceof ConversationException && e.getCause() != null;
        Throwable reason = inConversation ? e.getCause() : e;
        return reason instanceof IllegalArgumentException
                || reason instanceof CheckpointException
                || reason instanceof MediaException;
    }

    private void say(CommandLine command, String message, Exception e) {
        PrintWriter err = command.getErr();
        err.println("moshivis: " + message.strip().replaceAll("\\s*\\R\\s*", " "));
        if (verbose.getAsBoolean()) {
            e.printStackTrace(err);
        }
        err.flush();
    }
}
