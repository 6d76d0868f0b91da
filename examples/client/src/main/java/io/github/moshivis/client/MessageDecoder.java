package io.github.moshivis.client;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Decodes messages: strict about invalid ones, tolerant of differences between the references. */
final class MessageDecoder {
    /** The Rust server's form: two 32-bit numbers. */
    private static final int LONG_HANDSHAKE = 2 * Integer.BYTES;
    /** The form of the web client's encoder: two bytes. */
    private static final int SHORT_HANDSHAKE = 2;

    private MessageDecoder() {}

    static Message decode(ByteBuffer bytes) {
        if (!bytes.hasRemaining()) {
            throw new MalformedMessageException(
                    "Cannot read a message of 0 bytes: expected a byte that says which kind."
                            + " The other side must send one");
        }
        ByteBuffer payload = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
        byte kind = payload.get();
        try {
            return switch (kind) {
                case MessageKind.HANDSHAKE -> handshake(payload);
                case MessageKind.AUDIO -> new Message.Audio(rest(payload));
                case MessageKind.TEXT -> new Message.Text(text(payload));
                case MessageKind.CONTROL -> new Message.Control(action(number(payload)));
                case MessageKind.METADATA -> new Message.Metadata(text(payload));
                case MessageKind.ERROR -> new Message.Error(text(payload));
                case MessageKind.PING -> new Message.Ping();
                case MessageKind.COLORED_TEXT -> new Message.ColoredText(number(payload), text(payload));
                case MessageKind.IMAGE -> new Message.Image(rest(payload));
                case MessageKind.RATING -> new Message.Rating(number(payload));
                case MessageKind.USER_WORD -> userWord(payload);
                case MessageKind.USER_TURN ->
                    new Message.UserTurn(whole(payload, Float.BYTES).getFloat());
                default -> new Message.Unknown(Byte.toUnsignedInt(kind), rest(payload));
            };
        } catch (IllegalArgumentException | CharacterCodingException e) {
            throw new MalformedMessageException(
                    String.format(
                            "Cannot read a message of kind 0x%02X and %d bytes: %s",
                            kind, bytes.remaining(), problem(e)),
                    e);
        }
    }

    private static String problem(Exception e) {
        return e instanceof CharacterCodingException
                ? "found bytes that are no text, expected UTF-8. The other side must send whole characters"
                : e.getMessage();
    }

    private static Message handshake(ByteBuffer payload) {
        int length = payload.remaining();
        if (length == 0) {
            return Message.Handshake.CURRENT; // PyTorch and MLX servers
        }
        if (length == SHORT_HANDSHAKE) {
            return new Message.Handshake(number(payload), number(payload));
        }
        if (length < LONG_HANDSHAKE) {
            throw new IllegalArgumentException("found " + length
                    + " bytes of version numbers, expected 0, 2 or 8. The other side must send whole numbers");
        }
        return new Message.Handshake(payload.getInt(), payload.getInt());
    }

    private static Message userWord(ByteBuffer payload) throws CharacterCodingException {
        whole(payload, 1 + Integer.BYTES + Float.BYTES);
        boolean isFinal = payload.get() != 0;
        int number = payload.getInt();
        return new Message.UserWord(number, isFinal, payload.getFloat(), text(payload));
    }

    /** Returns the payload, which must have a minimum number of bytes. */
    private static ByteBuffer whole(ByteBuffer payload, int bytes) {
        if (payload.remaining() < bytes) {
            throw new IllegalArgumentException("found " + payload.remaining() + " bytes after the kind, expected "
                    + bytes + " at least. The other side must send whole numbers");
        }
        return payload;
    }

    private static Message.Control.Action action(int number) {
        Message.Control.Action[] actions = Message.Control.Action.values();
        if (number >= actions.length) {
            throw new IllegalArgumentException("found control " + number + ", expected 0 to " + (actions.length - 1)
                    + ". The other side must send one of these");
        }
        return actions[number];
    }

    private static int number(ByteBuffer payload) {
        if (!payload.hasRemaining()) {
            throw new IllegalArgumentException(
                    "found nothing after the kind, expected a number. The other side must send one");
        }
        return Byte.toUnsignedInt(payload.get());
    }

    private static String text(ByteBuffer payload) throws CharacterCodingException {
        return StandardCharsets.UTF_8.newDecoder().decode(payload).toString();
    }

    private static byte[] rest(ByteBuffer payload) {
        byte[] bytes = new byte[payload.remaining()];
        payload.get(bytes);
        return bytes;
    }
}
