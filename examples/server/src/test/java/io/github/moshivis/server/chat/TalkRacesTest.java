package io.github.moshivis.server.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.client.VoiceFormat;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a caller does in the middle of its talk's begin, on the very thread that begins it. */
@Timeout(60)
class TalkRacesTest {
    /** Held, as loggers that nobody holds forget their handlers. */
    private static final Logger LOG = Logger.getLogger("io.github.moshivis.server");

    private final TestRoom room = new TestRoom();
    private final AtomicReference<Caller> caller = new AtomicReference<>();

    /** Does something while a talk is there and its caller does not know it yet. */
    private Runnable whileBeginning = () -> {};

    private final CompletableFuture<Throwable> failedWork = new CompletableFuture<>();
    private final Handler watch = new Handler() {
        @Override
        public void publish(LogRecord logged) {
            if (logged.getMessage().startsWith("event=talk-begins")) {
                whileBeginning.run();
            } else if (logged.getMessage().startsWith("event=work-failed")) {
                failedWork.complete(logged.getThrown());
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void watch() {
        LOG.addHandler(watch);
    }

    @AfterEach
    void close() {
        LOG.removeHandler(watch);
        room.close();
    }

    private TestRoom.Ends begin(Query query) {
        TestRoom.Ends line = new TestRoom.Ends();
        caller.set(room.room.enter(query, line));
        caller.get().begin();
        return line;
    }

    /** Settings that no conversation takes, so that it can be seen whether they reach it. */
    private static Query impossible(Query query) {
        Map<Setting, Double> values = new EnumMap<>(query.values());
        values.put(Setting.TEXT_TEMPERATURE, -1.0);
        return new Query(
                values,
                query.clamped(),
                query.centerCrop(),
                query.textSeed(),
                query.audioSeed(),
                query.voicePrompt(),
                query.textPrompt(),
                query.maxDuration(),
                query.voice(),
                query.plainText(),
                query.userWords());
    }

    @Test
    void settingsThatChangeWhileATalkBeginsReachIt() throws Exception {
        Query query = room.query();
        whileBeginning = () -> caller.get().configure(impossible(query));
        begin(query);
        assertThat(failedWork.get(30, TimeUnit.SECONDS))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("temperature");
    }

    @Test
    void aCallerWhoLeavesWhileItsTalkBeginsLeavesNoTalkBehind() throws Exception {
        whileBeginning = () -> room.room.left(caller.get());
        begin(room.query());
        room.awaitFreeSlot();
    }

    @Test
    void aCallerWhoLeavesAsItsVoiceIsOpenedLeavesNoTalkBehind() throws Exception {
        CompletableFuture<Void> closed = new CompletableFuture<>();
        VoiceFormat leaves = new VoiceFormat() {
            @Override
            public Encoder encoder() {
                return VoiceFormat.PCM.encoder();
            }

            @Override
            public Decoder decoder() {
                room.room.left(caller.get());
                return new Decoder() {
                    @Override
                    public float[] decode(byte[] bytes) {
                        return new float[0];
                    }

                    @Override
                    public void close() {
                        closed.complete(null);
                    }
                };
            }
        };
        begin(room.query().voice(leaves));
        closed.get(30, TimeUnit.SECONDS);
        room.awaitFreeSlot();
    }
}
