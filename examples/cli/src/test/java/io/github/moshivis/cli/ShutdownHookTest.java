package io.github.moshivis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The end of the program from outside. */
@Timeout(60)
class ShutdownHookTest {
    private final List<Integer> halted = new ArrayList<>();
    private final CountDownLatch interrupted = new CountDownLatch(1);

    private Thread command(Runnable afterInterrupt) {
        Thread command = new Thread(() -> {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
                afterInterrupt.run();
            }
        });
        command.setDaemon(true);
        command.start();
        return command;
    }

    @Test
    void aCommandThatFinishesInTimeLetsTheProcessEndInOrder() throws InterruptedException {
        ShutdownHook[] hook = new ShutdownHook[1];
        Thread command = command(() -> hook[0].watch(() -> 0));
        hook[0] = new ShutdownHook(command, Duration.ofMinutes(1), halted::add);

        hook[0].run();

        interrupted.await();
        assertThat(halted).isEmpty();
    }

    @Test
    void aCommandThatComputesOnIsDroppedWithTheProcess() throws InterruptedException {
        ShutdownHook hook = new ShutdownHook(command(() -> {}), Duration.ofMillis(10), halted::add);

        hook.run();

        interrupted.await();
        assertThat(halted).containsExactly(143);
    }

    @Test
    void aCommandThatHasFinishedIsNotWaitedFor() {
        ShutdownHook hook = new ShutdownHook(command(() -> {}), Duration.ofMinutes(1), halted::add);
        assertThat(hook.watch(() -> 2)).isEqualTo(2);

        hook.run();

        assertThat(halted).isEmpty();
        assertThat(interrupted.getCount()).as("no interrupt").isEqualTo(1);
    }

    @Test
    void aCommandThatAnErrorEndsHasFailedAndIsNotWaitedFor() {
        ShutdownHook hook = new ShutdownHook(command(() -> {}), Duration.ofMinutes(1), halted::add);
        assertThat(hook.watch(() -> {
                    throw new OutOfMemoryError("on purpose");
                }))
                .isEqualTo(1);

        hook.run();

        assertThat(halted).isEmpty();
    }
}
