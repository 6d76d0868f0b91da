package io.github.moshivis.errors;

/**
 * Reasons for which a conversation ends, or does not begin. The first four are ends that an application intends:
 * waiting for the end of a conversation returns. With the others it throws a {@link ConversationException}.
 */
public enum EndReason {
    /** The source came to its end, and all of it was answered. */
    SOURCE_ENDED,
    /** The application stopped the conversation; what had been heard was answered. */
    STOPPED,
    /** The application closed the conversation. */
    CLOSED,
    /** The maximum duration of the conversation was reached; see {@code SessionOptions.maxDuration}. */
    MAX_DURATION,
    /** All conversations of the model are in use, and waiting was not asked for or lasted too long. HTTP's 503. */
    BUSY,
    /** The application cancelled the wait for a free conversation. */
    WAIT_CANCELLED,
    /** A thread that waited for the conversation was interrupted. */
    INTERRUPTED,
    /** The source of the user's voice could not be opened or read. */
    SOURCE_FAILED,
    /** The sink of the model's voice could not be opened, written or completed. */
    SINK_FAILED,
    /** The recording could not be written. */
    RECORDING_FAILED,
    /** The connection to a server that holds the conversation could not be made, or was lost. */
    CONNECTION_FAILED,
    /** The application closed the model. */
    MODEL_CLOSED,
    /** A step of the model failed. */
    MODEL_FAILED;

    /**
     * Tells ends that an application intends from failures.
     *
     * @return true for the first four
     */
    public boolean isIntended() {
        return compareTo(MAX_DURATION) <= 0;
    }
}
