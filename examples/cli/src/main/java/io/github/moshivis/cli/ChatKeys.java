package io.github.moshivis.cli;

import io.github.moshivis.client.ChatClient;
import io.github.moshivis.errors.ConversationException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.lang.System.Logger.Level;

/** Keyboard input during a conversation: a number rates it, Enter ends it. */
final class ChatKeys {
    static final String HINT = "Press Enter to end; 1 to 5 and Enter rates the conversation and ends it.";

    private static final System.Logger LOG = System.getLogger(ChatKeys.class.getName());

    private ChatKeys() {}

    /** Handles input on its own thread, until the end of the program. */
    static void obey(Reader typed, ChatClient chat) {
        Thread thread = new Thread(() -> read(typed, chat), "moshivis-keys");
        thread.setDaemon(true);
        thread.start();
    }

    private static void read(Reader typed, ChatClient chat) {
        try {
            String line = new BufferedReader(typed).readLine();
            if (line != null) {
                if (line.strip().matches("[1-5]")) {
                    chat.rate(Integer.parseInt(line.strip()));
                }
                chat.stop();
            }
        } catch (IOException | ConversationException e) {
            LOG.log(Level.DEBUG, "Keyboard input came too late", e);
        }
    }
}
