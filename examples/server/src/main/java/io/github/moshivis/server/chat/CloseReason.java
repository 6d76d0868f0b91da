package io.github.moshivis.server.chat;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** The reason for which the server ends a connection, with the code of RFC 6455, section 7.4.1, that a WebSocket closes with. */
public enum CloseReason {
    /** The conversation is over. */
    FINISHED(1000),
    /** The server stops. */
    STOPPING(1001),
    /** A message that the protocol does not allow. */
    PROTOCOL(1003),
    /** The caller sent nothing for too long, or reads too slowly. */
    TIMEOUT(1008),
    /** The requested settings cannot be used. */
    BAD_SETTINGS(1008),
    /** Audio that cannot be decoded. */
    BAD_MEDIA(1008),
    /** No token, or not the right one. */
    REFUSED(1008),
    /** A message is larger than allowed. */
    TOO_LARGE(1009),
    /** The server failed. */
    FAILURE(1011),
    /** The queue is full. */
    BUSY(1013);

    /** Maximum UTF-8 bytes of a reason in a frame that closes: RFC 6455, section 5.5. */
    private static final int MAX_REASON_BYTES = 123;

    private final int code;

    CloseReason(int code) {
        this.code = code;
    }

    /**
     * The WebSocket's close code.
     *
     * @return 1000 to 1015
     */
    public int code() {
        return code;
    }

    /**
     * The name in logs and metrics.
     *
     * @return in lower case
     */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Shortens a reason to the size of a WebSocket's close frame, in whole characters.
     *
     * @param reason a sentence
     * @return the sentence or its beginning
     */
    public static String shortened(String reason) {
        String text = reason;
        while (text.getBytes(StandardCharsets.UTF_8).length > MAX_REASON_BYTES) {
            text = text.substring(0, text.offsetByCodePoints(text.length(), -1));
        }
        return text;
    }
}
