package io.github.moshivis.client;

import java.util.OptionalInt;

/**
 * Listener to the messages of a server besides the model's voice. All methods do nothing by default.
 *
 * <p>Called in the order of the messages by one thread of the conversation, which also decodes the voice: a slow listener delays
 * everything, and finally the server. An exception is logged, and the conversation continues.
 */
public interface ChatListener {
    /**
     * The conversation waits in the queue.
     *
     * @param position from 1, which is next
     */
    default void onQueue(int position) {}

    /**
     * The server is ready: it hears the user from now on.
     *
     * @param handshake its versions
     */
    default void onHandshake(Message.Handshake handshake) {}

    /**
     * The model's text.
     *
     * @param text text to append
     * @param level contribution of the picture, 0 to 10; empty if the server does not send it
     */
    default void onText(String text, OptionalInt level) {}

    /**
     * A word of the user, from a server of this project with speech to text; only if {@link ChatSettings#userText()} requests it.
     *
     * @param word replaces an earlier word with the same number
     */
    default void onUserWord(Message.UserWord word) {}

    /**
     * The user has finished a turn, and the words until then are final. Sent by models that detect ends of turns.
     *
     * @param turn time of the end
     */
    default void onUserTurn(Message.UserTurn turn) {}

    /**
     * Metadata of the server.
     *
     * @param json a JSON document, unless the server is broken
     */
    default void onMetadata(String json) {}

    /**
     * An error of the server. If it ends the conversation, {@link ChatClient#join()} also throws it.
     *
     * @param reason for people
     */
    default void onError(String reason) {}

    /** The server sent a ping, which was answered. */
    default void onPing() {}
}
