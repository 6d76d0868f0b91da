package io.github.moshivis.server.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class NewestTest {
    private final List<Runnable> threads = new ArrayList<>();
    private final List<Integer> done = new ArrayList<>();

    @Test
    void aFloodTakesOneThreadAndEndsWithItsLastValue() {
        Newest<Integer> newest = new Newest<>(threads::add, done::add);
        for (int value = 0; value < 100_000; value++) {
            newest.put(value);
        }
        assertThat(threads).hasSize(1);
        threads.remove(0).run();
        assertThat(done).containsExactly(99_999);
        newest.put(1);
        assertThat(threads).hasSize(1);
    }

    @Test
    void valuesThatComeMeanwhileAreTakenInOrder() {
        List<Newest<Integer>> self = new ArrayList<>();
        Newest<Integer> newest = new Newest<>(threads::add, value -> {
            done.add(value);
            if (value < 3) {
                self.get(0).put(value + 10);
                self.get(0).put(value + 1);
            }
        });
        self.add(newest);
        newest.put(1);
        threads.remove(0).run();
        assertThat(done).containsExactly(1, 2, 3);
        assertThat(threads).isEmpty();
    }

    @Test
    void whatThrowsIsNotTheLast() {
        Newest<Integer> newest = new Newest<>(threads::add, value -> {
            done.add(value);
            throw new AssertionError("expected by a test");
        });
        newest.put(1);
        threads.remove(0).run();
        newest.put(2);
        threads.remove(0).run();
        assertThat(done).containsExactly(1, 2);
    }

    @Test
    void anExecutorThatRefusesIsAskedAgain() {
        Newest<Integer> newest = new Newest<>(
                task -> {
                    if (threads.isEmpty()) {
                        threads.add(task);
                        throw new RejectedExecutionException("expected by a test");
                    }
                    threads.add(task);
                },
                done::add);
        assertThatThrownBy(() -> newest.put(1)).isInstanceOf(RejectedExecutionException.class);
        newest.put(2);
        threads.get(1).run();
        assertThat(done).containsExactly(2);
    }
}
