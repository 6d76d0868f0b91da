package io.github.moshivis.server.chat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * Joins the parts of one caller's messages and limits their size on arrival: pictures may be large, within the budget of all callers; other
 * messages must be small. Used by one thread at a time.
 */
final class Assembler {
    /** The kind of an image message. */
    static final byte IMAGE = 8;

    /** One second of PCM, or ten of Opus. */
    static final int MAX_BYTES = 64 << 10;

    private static final int FIRST_BYTES = 512;

    private final int mostImageBytes;
    private final ByteBudget budget;
    private byte[] bytes = {};
    private int length;
    private boolean refused;

    /**
     * Creates an assembler.
     *
     * @param mostImageBytes maximum size of a picture
     * @param budget budget of all pictures; whoever receives a picture returns its bytes
     */
    Assembler(int mostImageBytes, ByteBudget budget) {
        this.mostImageBytes = mostImageBytes;
        this.budget = budget;
    }

    /** A message is too large; the exception message is for its sender. */
    static final class TooLargeException extends Exception {
        private static final long serialVersionUID = 1L;

        TooLargeException(String message) {
            super(message);
        }
    }

    /**
     * Takes a part; must not be called after a part was refused.
     *
     * @param part copied
     * @param last whether it is the last part of the message
     * @return the message, if it is complete; a picture's bytes (all but the first) are taken from the budget
     * @throws TooLargeException if it is too large
     */
    Optional<byte[]> add(ByteBuffer part, boolean last) throws TooLargeException {
        if (refused) {
            return Optional.empty();
        }
        int count = part.remaining();
        boolean image = length > 0 ? bytes[0] == IMAGE : count > 0 && part.get(part.position()) == IMAGE;
        int limit = image ? 1 + mostImageBytes : MAX_BYTES;
        if (count > limit - length) {
            refuse("A message is too large: found more than " + (limit - 1) + " bytes, expected at most that many in "
                    + (image ? "a picture. Send a smaller one" : "a message of this kind. Send smaller pieces"));
        }
        int charged = image && length == 0 ? count - 1 : count;
        if (image && !budget.take(charged)) {
            refuse(
                    "There is no room for another picture now: too many are here already. Send a smaller one, or try again later");
        }
        append(part, count);
        if (!last) {
            return Optional.empty();
        }
        byte[] message = Arrays.copyOf(bytes, length);
        bytes = new byte[0];
        length = 0;
        return Optional.of(message);
    }

    private void refuse(String why) throws TooLargeException {
        close();
        throw new TooLargeException(why);
    }

    private void append(ByteBuffer part, int count) {
        if (length + count > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(Math.max(FIRST_BYTES, length + count), 2 * length));
        }
        part.get(bytes, length, count);
        length += count;
    }

    /** Drops an incomplete message. */
    void close() {
        if (length > 1 && bytes[0] == IMAGE) {
            budget.giveBack(length - 1L);
        }
        bytes = new byte[0];
        length = 0;
        refused = true;
    }
}
