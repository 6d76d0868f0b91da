package io.github.moshivis.server.log;

import java.lang.System.Logger.Level;
import java.util.regex.Pattern;

/** One thing that happened, as one line of the log: {@code event=talk-begins caller=12 picture=true}. Used by one thread. */
public final class Events {
    private static final System.Logger LOG = System.getLogger("io.github.moshivis.server");
    private static final Pattern BARE = Pattern.compile("[\\w.:/@+-]+");

    private final StringBuilder line = new StringBuilder();

    private Events() {}

    /**
     * Begins a line.
     *
     * @param event what happened
     * @return the line so far
     */
    public static Events of(String event) {
        return new Events().with("event", event);
    }

    /**
     * Adds to the line.
     *
     * @param key a word
     * @param value whatever it is; in quotes if it is more than a word
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
                        .replaceAll("[\\p{Cc}\\p{Cf}\\u2028\\u2029]", "?")
                + '"';
    }

    /** Logs the line. */
    public void log() {
        LOG.log(Level.INFO, line.toString());
    }

    /**
     * Logs the line as a cause for concern.
     *
     * @param level how much concern
     * @param cause what went wrong
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
