package io.github.moshivis.server.chat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;

/**
 * WebSocket of a caller in a protocol of JSON texts: joins frames to texts, within the limits of the reference's protocol, and sends texts
 * as frames. Public because Jetty calls it by reflection.
 */
public abstract class JsonSocket implements Session.Listener.AutoDemanding, Line {
    /** Maximum characters of a text without a picture: more than a second of audio in any format. */
    private static final int MAX_SMALL_TEXT = 256 << 10;

    private final ChatRoom room;
    private final int maxText;
    private final StringBuilder text = new StringBuilder();
    private long charged;
    private boolean refused;
    private Session session;
    private Caller caller;

    /**
     * Creates a socket.
     *
     * @param room state shared by all callers
     * @param withPictures whether a text may be as long as the largest picture in Base64
     */
    protected JsonSocket(ChatRoom room, boolean withPictures) {
        this.room = room;
        this.maxText = MAX_SMALL_TEXT
                + (withPictures ? Math.toIntExact(4L * room.options().mostImageBytes() / 3) : 0);
    }

    /**
     * Creates the caller of this connection, which is started next.
     *
     * @return the caller
     */
    protected abstract Caller enter();

    /**
     * Handles a text of the client. Must not throw because of its content.
     *
     * @param message a whole text
     */
    protected abstract void read(String message);

    /**
     * Returns the caller of this connection.
     *
     * @return null before the connection is open
     */
    protected final Caller caller() {
        return caller;
    }

    /**
     * Returns the state shared by all callers.
     *
     * @return the room
     */
    protected final ChatRoom room() {
        return room;
    }

    @Override
    public final void onWebSocketOpen(Session opened) {
        session = opened;
        caller = enter();
        caller.begin();
    }

    @Override
    public final void onWebSocketPartialText(String part, boolean last) {
        if (refused || !hasRoom(part.length())) {
            return;
        }
        text.append(part);
        if (last) {
            caller.alive();
            String message = text.toString();
            release();
            read(message);
        }
    }

    private boolean hasRoom(int count) {
        int length = text.length() + count;
        if (length > maxText) {
            refuse("A message is too large: found more than " + maxText + " characters, expected at most that many. "
                    + "Send a smaller picture, or audio in smaller pieces");
        } else if (length > MAX_SMALL_TEXT) {
            boolean taken = room.budget().take(count);
            charged += taken ? count : 0;
            if (!taken) {
                refuse("There is no room for another picture now: too many are here already. Send a smaller one, or try"
                        + " again later");
            }
        }
        return !refused;
    }

    private void refuse(String reason) {
        refused = true;
        release();
        caller.leave(CloseReason.TOO_LARGE, reason);
    }

    private void release() {
        text.setLength(0);
        text.trimToSize();
        room.budget().giveBack(charged);
        charged = 0;
    }

    @Override
    public final void onWebSocketPartialBinary(ByteBuffer part, boolean last, Callback callback) {
        caller.leave(
                CloseReason.PROTOCOL,
                "Cannot read a binary frame: expected JSON texts only. Send audio in Base64 within them");
        callback.succeed();
    }

    @Override
    public final void onWebSocketPong(ByteBuffer payload) {
        caller.alive();
    }

    @Override
    public final void onWebSocketError(Throwable cause) {
        // Jetty closes the socket; nothing else to do.
    }

    @Override
    public void onWebSocketClose(int code, String reason, Callback callback) {
        release();
        room.left(caller);
        callback.succeed();
    }

    @Override
    public final void send(byte[] frame, Runnable sent) {
        session.sendText(
                new String(frame, StandardCharsets.UTF_8), Callback.from(sent, failure -> session.disconnect()));
    }

    @Override
    public final void ping() {
        session.sendPing(ByteBuffer.allocate(0), Callback.NOOP);
    }

    @Override
    public final void hangUp(CloseReason closeReason, String reason) {
        session.close(closeReason.code(), CloseReason.shortened(reason), Callback.NOOP);
    }

    @Override
    public final void disconnect() {
        session.disconnect();
    }
}
