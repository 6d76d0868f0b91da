package io.github.moshivis.server.telephone;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Pieces in, frames out: jitter, running dry, and too much. */
class FrameQueueTest {
    private final FrameQueue queue = new FrameQueue(4, 2, 5);

    private static byte[] piece(int... values) {
        byte[] piece = new byte[values.length];
        for (int i = 0; i < piece.length; i++) {
            piece[i] = (byte) values[i];
        }
        return piece;
    }

    @Test
    void beginsOnceEnoughIsThereAndAgainAfterRunningDry() {
        queue.add(piece(1, 2, 3, 4, 5, 6, 7));
        assertThat(queue.next()).isNull();
        queue.add(piece(8));
        assertThat(queue.next()).containsExactly(1, 2, 3, 4);
        assertThat(queue.next()).as("less than enough, while giving").containsExactly(5, 6, 7, 8);
        assertThat(queue.next()).isNull();
        queue.add(piece(1, 1, 1, 1));
        assertThat(queue.next()).as("waits anew").isNull();
        queue.add(piece(2, 2, 2, 2));
        assertThat(queue.next()).containsExactly(1, 1, 1, 1);
        assertThat(queue.dropped()).isZero();
    }

    @Test
    void theOldestGoesWhenTooMuchIsThere() {
        for (int i = 0; i < 6; i++) {
            queue.add(piece(i, i, i, i));
        }
        assertThat(queue.dropped()).isEqualTo(4);
        assertThat(queue.next()).containsExactly(4, 4, 4, 4);
    }

    @Test
    void clearedItIsEmpty() {
        queue.add(new byte[12]);
        queue.clear();
        assertThat(queue.next()).isNull();
    }
}
