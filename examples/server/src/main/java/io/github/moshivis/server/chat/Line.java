package io.github.moshivis.server.chat;

import io.github.moshivis.client.Message;
import java.util.List;

/**
 * One caller's connection in its protocol. All protocols use the same {@link Message} types, which a line encodes as frames.
 *
 * <p>Threading: {@link #encode} and {@link #goodbye} are called by one thread at a time, in the order of sending; the others by any.
 */
public interface Line {
    /**
     * Encodes a message.
     *
     * @param message for the client
     * @return the frames in order; none if the protocol has no such message
     */
    List<byte[]> encode(Message message);

    /**
     * Encodes the end of the connection.
     *
     * @param closeReason the reason, for programs
     * @param reason a sentence for people
     * @return the last frames; may be empty
     */
    List<byte[]> goodbye(CloseReason closeReason, String reason);

    /**
     * Sends a frame. Does not block.
     *
     * @param frame the bytes; not used after {@code sent}
     * @param sent run when the frame has been handed to the network
     */
    void send(byte[] frame, Runnable sent);

    /** Sends a ping, which every client answers automatically. */
    void ping();

    /**
     * Closes the connection with a close frame; nothing is sent afterwards.
     *
     * @param closeReason the reason, for programs
     * @param reason a sentence for people
     */
    void hangUp(CloseReason closeReason, String reason);

    /** Drops the connection without a close frame. */
    void disconnect();
}
