package io.github.moshivis.server.transcription;

import io.github.moshivis.SpeechToText;
import io.github.moshivis.server.chat.BadQueryException;
import io.github.moshivis.server.chat.ChatRoom;
import io.github.moshivis.server.chat.Daemons;
import io.github.moshivis.server.chat.Protocol;
import io.github.moshivis.server.log.Events;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.websocket.server.ServerUpgradeRequest;
import org.eclipse.jetty.websocket.server.ServerUpgradeResponse;

/** Protocol at {@code /api/asr-streaming}. */
public final class AsrProtocol implements Protocol, AutoCloseable {
    /** Path of the protocol. */
    public static final String PATH = "/api/asr-streaming";

    static final long PING_SECONDS = 10;

    private final ChatRoom room;
    private final ScheduledExecutorService clock = Daemons.clock("moshivis-asr-clock");

    /**
     * Creates the protocol.
     *
     * @param room the room whose model transcribes
     */
    public AsrProtocol(ChatRoom room) {
        this.room = room;
    }

    @Override
    public Object socket(
            ServerUpgradeRequest request, ServerUpgradeResponse response, Map<String, List<String>> parameters) {
        return new AsrSocket(stt(room), this);
    }

    /** Returns the speech-to-text model. */
    static SpeechToText stt(ChatRoom room) {
        return room.speechToText()
                .orElseThrow(() -> new BadQueryException("This server has no speech to text: it was started without a"
                        + " model for it. Start it with --stt, such as --stt kyutai/stt-1b-en_fr-candle"));
    }

    /** Checks a connection periodically, until its end. */
    void watch(AsrSocket socket) {
        clock.schedule(
                () -> {
                    if (goesOn(socket)) {
                        watch(socket);
                    }
                },
                PING_SECONDS,
                TimeUnit.SECONDS);
    }

    static boolean goesOn(AsrSocket socket) {
        try {
            return socket.tick();
        } catch (Throwable e) { // the next look must come: nobody else drops a client that is gone
            Events.of("transcription-tick-failed").log(Level.WARNING, e);
            return true;
        }
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
