package io.github.moshivis.server.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.client.Message;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is sent to a caller that reads at once, or late, or never. */
class OutboxTest {
    private final TestLine line = new TestLine();
    private int overflows;
    private final Outbox outbox = new Outbox(line, () -> overflows++);

    /** A line on which messages are on their way until {@link #deliver}; or not at all, if it is quick. */
    private static final class TestLine implements Line {
        private final List<String> sent = new ArrayList<>();
        private final Deque<Runnable> onTheirWay = new ArrayDeque<>();
        private boolean quick;

        @Override
        public List<byte[]> encode(Message message) {
            return List.of(message.encode());
        }

        @Override
        public List<byte[]> goodbye(CloseReason farewell, String reason) {
            return encode(new Message.Error(reason));
        }

        @Override
        public void send(byte[] frame, Runnable done) {
            Message read = Message.decode(ByteBuffer.wrap(frame));
            sent.add(
                    read instanceof Message.Text text
                            ? text.text()
                            : read.getClass().getSimpleName());
            if (quick) {
                done.run();
            } else {
                onTheirWay.add(done);
            }
        }

        void deliver() {
            onTheirWay.remove().run();
        }

        @Override
        public void ping() {
            sent.add("ping frame");
        }

        @Override
        public void hangUp(CloseReason farewell, String reason) {
            sent.add("hung up: " + farewell + " " + reason);
        }

        @Override
        public void disconnect() {
            sent.add("disconnected");
        }
    }

    @Test
    void oneMessageIsOnItsWayAtATime() {
        for (String text : List.of("a", "b", "c")) {
            outbox.send(new Message.Text(text));
        }
        assertThat(line.sent).containsExactly("a");
        line.deliver();
        assertThat(line.sent).containsExactly("a", "b");
        line.deliver();
        line.deliver();
        assertThat(line.sent).containsExactly("a", "b", "c");
    }

    @Test
    void aQuickLineNeedsNoStack() {
        for (int i = 0; i < 20_000; i++) {
            outbox.send(new Message.Text("x"));
        }
        line.quick = true;
        line.deliver();
        assertThat(line.sent).hasSize(20_000);
        assertThat(overflows).isZero();
    }

    @Test
    void theReasonIsSentAfterWhatWaitsAndThenNothing() {
        outbox.send(new Message.Text("a"));
        outbox.close(CloseReason.FINISHED, "over");
        outbox.close(CloseReason.FAILURE, "twice");
        outbox.send(new Message.Text("too late"));
        assertThat(line.sent).containsExactly("a");
        line.deliver();
        line.deliver();
        assertThat(line.sent).containsExactly("a", "Error", "hung up: FINISHED over");
    }

    @Test
    void whoDoesNotReadIsReportedOnceAndWhatWaitedIsForgotten() {
        for (int i = 0; i < 10; i++) {
            outbox.send(new Message.Audio(new byte[60_000]));
        }
        assertThat(overflows).isEqualTo(1);
        outbox.close(CloseReason.TIMEOUT, "slow");
        line.deliver();
        line.deliver();
        assertThat(line.sent).containsExactly("Audio", "Error", "hung up: TIMEOUT slow");
    }
}
