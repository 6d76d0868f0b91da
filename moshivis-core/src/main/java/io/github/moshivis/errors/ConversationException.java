package io.github.moshivis.errors;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A conversation did not begin, or ended before its source did: {@link #reason} and the cause say whose fault it was. Others go on. */
public final class ConversationException extends MoshiVisException {
    private static final long serialVersionUID = 1L;

    private final EndReason reason;

    /**
     * Creates an exception.
     *
     * @param reason kind of the end
     * @param message what failed, what was found, what was expected, what to do
     */
    public ConversationException(EndReason reason, String message) {
        this(reason, message, null);
    }

    /**
     * Creates an exception with a cause.
     *
     * @param reason kind of the end
     * @param message what failed, what was found, what was expected, what to do
     * @param cause the failure underneath, or null
     */
    public ConversationException(EndReason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = Objects.requireNonNull(reason, "reason");
    }

    /**
     * Kind of the end, for applications that treat ends differently: {@link EndReason#BUSY} becomes HTTP's 503, for example.
     *
     * @return the reason
     */
    public EndReason reason() {
        return reason;
    }
}
