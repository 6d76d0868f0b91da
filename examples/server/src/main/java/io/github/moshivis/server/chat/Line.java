package io.github.moshivis.server.chat;

import io.github.moshivis.client.Message;
import java.util.List;

/**
 * One caller's connection in the dialect of its protocol. The dialogue itself is the same for all protocols: {@link Message} is the
 * vocabulary, and a line puts it into frames.
 *
 * <p>Threading: {@link #encode} and {@link #goodbye} are called by one thread at a time, in the order of sending; the others by any.
 */
public interface Line {
    /**
     * Encodes a message.
     *
     * @param message for the client
     * @return the frames that say it, in their order; none if the protocol has no word for it
     */
    List<byte[]> encode(Message message);

    /**
     * Encodes the end of the connection.
     *
     * @param farewell the kind of reason
     * @param reason a sentence for people
     * @return the last frames, maybe none
     */
    List<byte[]> goodbye(Farewell farewell, String reason);

    /**
     * Sends a frame. Does not wait.
     *
     * @param frame the bytes; not kept after {@code sent}
     * @param sent run when the frame has been handed to the network
     */
    void send(byte[] frame, Runnable sent);

    /** Asks the other side, by a frame that every client answers by itself, whether it is there. */
    void ping();

    /**
     * Closes the connection in good order; nothing is sent afterwards.
     *
     * @param farewell the kind of reason
     * @param reason a sentence for people
     */
    void hangUp(Farewell farewell, String reason);

    /** Drops the connection without a word. */
    void disconnect();
}
