package io.github.moshivis.errors;

/** A conversation ended before its source did: the cause says whose fault it was. Others go on. */
public final class ConversationException extends MoshiVisException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message what failed, what was found, what was expected, what to do
     */
    public ConversationException(String message) {
        super(message);
    }

    /**
     * Creates an exception with a cause.
     *
     * @param message what failed, what was found, what was expected, what to do
     * @param cause the failure underneath, or null
     */
    public ConversationException(String message, Throwable cause) {
        super(message, cause);
    }
}
