package io.github.moshivis.server.chat;

import io.github.moshivis.client.MalformedMessageException;
import io.github.moshivis.client.Message;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;

/** WebSocket of a caller: decodes frames to messages and encodes messages as frames. Public because Jetty calls it by reflection. */
public final class ChatSocket implements Session.Listener.AutoDemanding, Line {
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
        caller = room.enter(query, this);
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
            caller.leave(CloseReason.TOO_LARGE, e.getMessage());
        } catch (MalformedMessageException e) {
            caller.malformed(e.getMessage());
        }
        callback.succeed();
    }

    @Override
    public void onWebSocketPartialText(String text, boolean last) {
        caller.leave(
                CloseReason.PROTOCOL,
                "Cannot read a text frame: expected binary messages only. Send messages as binary frames");
    }

    @Override
    public void onWebSocketPong(ByteBuffer payload) {
        caller.alive();
    }

    @Override
    public void onWebSocketError(Throwable cause) {
        // Jetty closes the socket; nothing else to do.
    }

    @Override
    public void onWebSocketClose(int code, String reason, Callback callback) {
        assembler.close();
        room.left(caller);
        callback.succeed();
    }

    @Override
    public List<byte[]> encode(Message message) {
        return List.of(message.encode());
    }

    @Override
    public List<byte[]> goodbye(CloseReason closeReason, String reason) {
        return encode(new Message.Error(reason));
    }

    @Override
    public void send(byte[] frame, Runnable sent) {
        session.sendBinary(ByteBuffer.wrap(frame), Callback.from(sent, failure -> session.disconnect()));
    }

    @Override
    public void ping() {
        session.sendPing(ByteBuffer.allocate(0), Callback.NOOP);
    }

    @Override
    public void hangUp(CloseReason closeReason, String reason) {
        session.close(closeReason.code(), CloseReason.shortened(reason), Callback.NOOP);
    }

    @Override
    public void disconnect() {
        session.disconnect();
    }
}
