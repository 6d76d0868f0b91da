package io.github.moshivis.client;

import java.util.OptionalInt;

/**
 * Hears what a server says besides the model's voice. All methods do nothing by default.
 *
 * <p>Called in the order of the messages by one thread of the conversation, which also decodes the voice: who takes long makes all
 * wait, in the end the server. An exception is logged, and the conversation goes on.
 */
public interface ChatListener {
    /**
     * The conversation waits for its turn.
     *
     * @param position from 1, which is next
     */
    default void onQueue(int position) {}

    /**
     * The server is ready: from now on it hears the user.
     *
     * @param handshake its versions
     */
    default void onHandshake(Message.Handshake handshake) {}

    /**
     * The model said something.
     *
     * @param text to be put behind what came before
     * @param level how much it looked at the picture, 0 to 10; empty if the server does not tell
     */
    default void onText(String text, OptionalInt level) {}

    /**
     * The user said a word, as far as a server of ours with speech to text has understood it; only where {@link
     * ChatSettings#userText()} asks for it.
     *
     * @param word takes the place of the word with the same number, if there was one
     */
    default void onUserWord(Message.UserWord word) {}

    /**
     * The user has finished, and the words until then are final. Told by models that know ends of turns.
     *
     * @param turn when that was
     */
    default void onUserTurn(Message.UserTurn turn) {}

    /**
     * The server told about itself.
     *
     * @param json a JSON document, unless the server is broken
     */
    default void onMetadata(String json) {}

    /**
     * Something went wrong at the server. If it ends the conversation for that, {@link ChatClient#join()} throws it too.
     *
     * @param reason for people
     */
    default void onError(String reason) {}

    /** The server asked whether somebody is there, and was answered. */
    default void onPing() {}
}
