package io.github.moshivis.train.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecentTest {
    private final List<String> made = new ArrayList<>();
    private final Recent<String, byte[]> recent = new Recent<>(10, value -> value.length);

    private void get(String key, int bytes) {
        assertThat(recent.get(key, name -> {
                    made.add(name);
                    return new byte[bytes];
                }))
                .hasSize(bytes);
    }

    @Test
    void whatWasUsedLongestAgoGoesWhenTheMemoryIsFull() {
        get("a", 4);
        get("b", 4);
        get("a", 4);
        get("c", 5);
        get("a", 4);
        assertThat(made).containsExactly("a", "b", "c");
        get("b", 4);
        assertThat(made).containsExactly("a", "b", "c", "b");
        get("c", 5);
        assertThat(made).hasSize(5);
    }

    @Test
    void aResultLargerThanTheMemoryIsNotKept() {
        get("a", 11);
        get("a", 11);
        get("b", 3);
        get("b", 3);
        assertThat(made).containsExactly("a", "a", "b");
    }
}
