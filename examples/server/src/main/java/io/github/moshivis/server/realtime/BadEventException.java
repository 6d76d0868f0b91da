package io.github.moshivis.server.realtime;

/** An event of the client is invalid; the conversation continues. */
final class BadEventException extends Exception {
    private static final long serialVersionUID = 1L;
    private static final int SHOWN = 60;

    private final String code;

    BadEventException(String code, String message) {
        super(message);
        this.code = code;
    }

    /** A member of an event has an invalid value. */
    static BadEventException value(String name, String found, String expected) {
        String shown = found.length() > SHOWN ? found.substring(0, SHOWN) + "…" : found;
        return new BadEventException(
                "invalid_value",
                "Cannot use " + name + ": found '" + shown + "', expected " + expected + ". Correct it");
    }

    /** Returns the error code, for programs. */
    String code() {
        return code;
    }
}
