package io.github.moshivis.server.chat;

import io.github.moshivis.client.MalformedMessageException;
import io.github.moshivis.client.Message;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;

/** A caller's WebSocket: messages out of frames, and frames out of messages. Public because Jetty calls it by reflection. */
public final class ChatSocket implements Session.Listener.AutoDemanding, Outbox.Line {
    /** How much of a reason fits into a frame that closes: RFC 6455, section 5.5. */
    private static final int MOST_REASON_BYTES = 123;

    private final ChatRoom room;
    private final Query query;
    private final Assembler assembler;
    private Session session;
    private Caller caller;

    ChatSocket(ChatRoom room, Query query) {
        this.room = room;
        this.query = query;
        this.assembler = new Assembler(room.options().mostImageBytes(), room.budget());
    }

    @Override
    public void onWebSocketOpen(Session opened) {
        session = opened;
        caller = room.enter(query, this, opened::disconnect);
        caller.begin();
    }

    @Override
    public void onWebSocketPartialBinary(ByteBuffer part, boolean last, Callback callback) {
        try {
            Optional<byte[]> bytes = assembler.add(part, last);
            if (bytes.isPresent()) {
                caller.heard(Message.decode(ByteBuffer.wrap(bytes.get())));
            }
        } catch (Assembler.TooLargeException e) {
            caller.leave(Farewell.TOO_LARGE, e.getMessage());
        } catch (MalformedMessageException e) {
            caller.malformed(e.getMessage());
        }
        callback.succeed();
    }

    @Override
    public void onWebSocketPartialText(String text, boolean last) {
        caller.leave(
                Farewell.PROTOCOL,
                "Cannot read a text frame: expected binary messages only. Send messages as binary frames");
    }

    @Override
    public void onWebSocketPong(ByteBuffer payload) {
        caller.alive();
    }

    @Override
    public void onWebSocketError(Throwable cause) {
        // The socket closes, which is all that matters here.
    }

    @Override
    public void onWebSocketClose(int code, String reason, Callback callback) {
        assembler.close();
        room.left(caller);
        callback.succeed();
    }

    @Override
    public void send(ByteBuffer message, Runnable sent) {
        session.sendBinary(message, Callback.from(sent, failure -> session.disconnect()));
    }

    @Override
    public void ping() {
        session.sendPing(ByteBuffer.allocate(0), Callback.NOOP);
    }

    @Override
    public void hangUp(Farewell farewell, String reason) {
        session.close(farewell.code(), shortened(reason), Callback.NOOP);
    }

    /** As much of a text as fits, in whole characters. */
    private static String shortened(String reason) {
        String text = reason;
        while (text.getBytes(StandardCharsets.UTF_8).length > MOST_REASON_BYTES) {
            text = text.substring(0, text.length() - 1);
        }
        return text;
    }
}
