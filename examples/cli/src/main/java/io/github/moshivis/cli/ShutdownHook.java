package io.github.moshivis.cli;

import io.github.moshivis.programs.Halt;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import java.util.function.IntSupplier;
import picocli.CommandLine.ExitCode;

/**
 * End of the program from outside, by Ctrl-C or SIGTERM: interrupts the command instead of dropping it, so that a conversation writes its
 * file to the end, and a download says that it can be gone on with. A command that takes longer is dropped with the whole process
 * ({@link Halt}).
 */
final class ShutdownHook implements Runnable {
    private final Thread command;
    private final Duration timeout;
    private final IntConsumer halt;
    private final CountDownLatch finished = new CountDownLatch(1);

    /**
     * Prepares it.
     *
     * @param command the thread of the command
     * @param timeout time that it may take to clean up
     * @param halt ends the process with a status
     */
    ShutdownHook(Thread command, Duration timeout, IntConsumer halt) {
        this.command = command;
        this.timeout = timeout;
        this.halt = halt;
    }

    /**
     * Executes the command on its thread. Afterwards nothing is left to wait for.
     *
     * @param execution returns the exit code
     * @return the exit code; that of a failure if an Error ended the command, which is shown
     */
    int watch(IntSupplier execution) {
        try {
            return execution.getAsInt();
        } catch (Throwable e) { // an Error, which commands pass on
            e.printStackTrace();
            return ExitCode.SOFTWARE;
        } finally {
            finished.countDown();
        }
    }

    /** Runs while the process is being ended. */
    @Override
    public void run() {
        if (finished.getCount() == 0) {
            return;
        }
        command.interrupt();
        boolean isOver = false;
        try {
            isOver = finished.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the process ends anyway
        }
        if (!isOver) {
            halt.accept(Halt.TERMINATED);
        }
    }
}
