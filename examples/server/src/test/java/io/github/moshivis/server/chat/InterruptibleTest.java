package io.github.moshivis.server.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who leaves ends the work that is done for it, and no other. */
@Timeout(60)
class InterruptibleTest {
    private final Interruptible work = new Interruptible();

    @Test
    void theRunningWorkIsInterruptedAndItsThreadIsNotAfterwards() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        List<Boolean> afterwards = new ArrayList<>();
        Thread thread = new Thread(() -> {
            work.run(() -> {
                begun.countDown();
                while (!Thread.currentThread().isInterrupted()) {
                    Thread.onSpinWait();
                }
            });
            afterwards.add(Thread.currentThread().isInterrupted());
        });
        thread.start();
        begun.await();
        work.end();
        thread.join();
        assertThat(afterwards).containsExactly(false);
    }

    @Test
    void laterWorkIsInterruptedFromItsBeginning() {
        work.end();
        List<Boolean> seen = new ArrayList<>();
        work.run(() -> seen.add(Thread.currentThread().isInterrupted()));
        assertThat(seen).containsExactly(true);
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void aChangeOfPictureEndsWithItsCaller() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        Pictures pictures = new Pictures(new ByteBudget(100), task -> new Thread(task).start(), null);
        pictures.follow(picture -> {
            begun.countDown();
            try {
                TimeUnit.HOURS.sleep(1);
            } catch (InterruptedException e) {
                ended.countDown();
            }
        });
        pictures.take(new byte[] {1});
        begun.await();
        pictures.close();
        ended.await();
    }
}
