package io.github.moshivis.server.chat;

/** Messages for callers when the server ends their connection; each says what to do. */
final class Reasons {
    /** The server is stopping. */
    static final String STOPPING = "The server stops. Connect again in a minute";

    /** Other callers need the connection. */
    static final String NO_ROOM =
            "Too many connections: this one has sent neither a picture nor audio. Connect again when you have them";

    /** The maximum duration is reached. */
    static final String LONGEST = "The conversation has reached its longest duration. Connect again for another one";

    /** Others use speech to text. */
    static final String NO_WORDS =
            "Speech to text is in use by others: your words cannot be shown. Try again in a minute, or without user_text";

    /** Something here broke. */
    static final String FAULT = "The conversation broke off because of a fault of the server. Connect again";

    /** A server error while a picture was changed. */
    static final String PICTURE_FAULT =
            "The picture could not be changed because of a fault of the server. Send it again";

    /** More audio than real time, for too long. */
    static final String TOO_MUCH_SOUND =
            "Too much sound at once: found more than can be decoded, expected it as it is spoken. Send it slower";

    /** The client does not read fast enough. */
    static final String TOO_SLOW = "The connection is too slow: found " + Outbox.MAX_HELD
            + " bytes that were not taken, expected a client that reads. Check the network and connect again";

    private final ChatOptions options;

    Reasons(ChatOptions options) {
        this.options = options;
    }

    String queueFull() {
        return "All places are taken, and the queue is full: found " + options.queue()
                + " who wait, which is the most. Try again in a minute";
    }

    /** The conversation did not start in time. */
    String notBegun(Caller.Start start, boolean asked) {
        return start == Caller.Start.AT_ONCE || asked ? noPicture() : noSound();
    }

    private String noPicture() {
        return "No picture came in " + options.imageWait().toMillis()
                + " ms: expected an image message first. Send one, or ask for a server that talks without";
    }

    String noSound() {
        return "No sound came for " + options.idle().toSeconds()
                + " s: expected a microphone's sound all the time, silence too. Connect again";
    }
}
