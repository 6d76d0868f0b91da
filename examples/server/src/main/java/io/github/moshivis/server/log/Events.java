package io.github.moshivis.server.log;

import java.lang.System.Logger.Level;
import java.util.regex.Pattern;

/** One event, as one line of the log: {@code event=talk-begins caller=12 picture=true}. Used by one thread. */
public final class Events {
    private static final System.Logger LOG = System.getLogger("io.github.moshivis.server");
    /** Control characters, those that change the direction of text, and separators of lines. */
    static final String INVISIBLE = "[\\p{Cc}\\p{Cf}\\u2028\\u2029]";

    private static final Pattern BARE = Pattern.compile("[\\w.:/@+-]+");

    private final StringBuilder line = new StringBuilder();

    private Events() {}

    /**
     * Starts a line.
     *
     * @param event what happened
     * @return the line
     */
    public static Events of(String event) {
        return new Events().with("event", event);
    }

    /**
     * Adds a value.
     *
     * @param key a word
     * @param value any value; quoted if it is not a single word
     * @return this
     */
    public Events with(String key, Object value) {
        String text = String.valueOf(value);
        boolean bare = BARE.matcher(text).matches();
        line.append(line.length() == 0 ? "" : " ").append(key).append('=').append(bare ? text : quoted(text));
        return this;
    }

    private static String quoted(String text) {
        return '"'
                + text.replace("\\", "\\\\")
                        .replace("\"", "\\\"")
                        .replace("\n", "\\n")
                        .replaceAll(INVISIBLE, "?")
                + '"';
    }

    /** Logs the line. */
    public void log() {
        LOG.log(Level.INFO, line.toString());
    }

    /**
     * Logs the line at a level.
     *
     * @param level the level
     * @param cause the failure; may be null
     */
    public void log(Level level, Throwable cause) {
        LOG.log(level, line.toString(), cause);
    }

    /** The line. */
    @Override
    public String toString() {
        return line.toString();
    }
}
