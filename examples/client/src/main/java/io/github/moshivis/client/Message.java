package io.github.moshivis.client;

import io.github.moshivis.TextPiece;
import io.github.moshivis.transcript.Word;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * One binary WebSocket message between a client and a server: a kind byte, then the payload. Integers are little endian, texts UTF-8.
 * Source: {@code rust/protocol.md} of Moshi, and MoshiVis' web client and servers, which add colored text, images and ratings.
 *
 * <p>Immutable except for the byte arrays inside, which are never copied and must not be changed. A constructor given what the protocol
 * cannot say throws {@link IllegalArgumentException}.
 */
public sealed interface Message {
    /** Path of the WebSocket on all servers. */
    String PATH = "/api/chat";

    /** Header in which a server of this project repeats the reason for a refused upgrade. */
    String REASON_HEADER = "X-Reason";

    /**
     * Encodes the message.
     *
     * @return a new array: the kind's byte and the payload
     */
    byte[] encode();

    /**
     * Decodes a message.
     *
     * @param bytes a whole message, from the buffer's position to its limit; neither changed nor kept
     * @return the message; {@link Unknown} for unknown kinds, which should be ignored
     * @throws MalformedMessageException if there is no kind, or the payload is invalid for it
     */
    static Message decode(ByteBuffer bytes) {
        return MessageDecoder.decode(bytes);
    }

    /**
     * From the server: it is ready for audio. The Rust server sends the versions, the others the kind alone.
     *
     * @param protocolVersion as an unsigned 32-bit number; 0 today
     * @param modelVersion as an unsigned 32-bit number; 0 today
     */
    record Handshake(int protocolVersion, int modelVersion) implements Message {
        /** Handshake of all current servers. */
        public static final Handshake CURRENT = new Handshake(0, 0);

        @Override
        public byte[] encode() {
            return ByteBuffer.allocate(1 + 2 * Integer.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .put(MessageKind.HANDSHAKE)
                    .putInt(protocolVersion)
                    .putInt(modelVersion)
                    .array();
        }
    }

    /**
     * In both directions: a part of the sender's audio stream, split anywhere.
     *
     * @param bytes of an Ogg stream with Opus, unless both sides agreed on another format
     */
    record Audio(byte[] bytes) implements Message {
        @Override
        public byte[] encode() {
            return MessageKind.message(MessageKind.AUDIO, bytes);
        }
    }

    /**
     * From the server: text that the model said.
     *
     * @param text whole characters, a leading space kept
     */
    record Text(String text) implements Message {
        @Override
        public byte[] encode() {
            return MessageKind.message(MessageKind.TEXT, text);
        }
    }

    /**
     * From the client: keys of terminal clients. All reference servers ignore it.
     *
     * @param action what to do
     */
    record Control(Action action) implements Message {
        /** Requests of a client; the byte is the {@link #ordinal()}. */
        public enum Action {
            /** Start. */
            START,
            /** The user's turn has ended. */
            END_TURN,
            /** Pause. */
            PAUSE,
            /** Restart. */
            RESTART
        }

        /**
         * Checks the action.
         *
         * @param action what to do
         */
        public Control {
            Objects.requireNonNull(action, "action");
        }

        @Override
        public byte[] encode() {
            return MessageKind.message(MessageKind.CONTROL, action.ordinal());
        }
    }

    /**
     * From the server: its settings, or the position in its queue.
     *
     * @param json a JSON document
     */
    record Metadata(String json) implements Message {
        @Override
        public byte[] encode() {
            return MessageKind.message(MessageKind.METADATA, json);
        }
    }

    /**
     * From the server: reason for closing the connection, or an error. No reference server sends it.
     *
     * @param reason for people
     */
    record Error(String reason) implements Message {
        @Override
        public byte[] encode() {
            return MessageKind.message(MessageKind.ERROR, reason);
        }
    }

    /** In both directions: answered by another ping. No reference server sends it. */
    record Ping() implements Message {
        @Override
        public byte[] encode() {
            return new byte[] {MessageKind.PING};
        }
    }

    /**
     * From the server: text of the model, with the contribution of the picture.
     *
     * @param level 0, general knowledge, to 10, the picture
     * @param text whole characters, a leading space kept
     */
    record ColoredText(int level, String text) implements Message {
        private static final int HIGHEST_LEVEL = 10;

        /**
         * Checks the level.
         *
         * @param level 0 to 10
         * @param text whole characters
         */
        public ColoredText {
            if (level < 0 || level > HIGHEST_LEVEL) {
                throw new IllegalArgumentException("Colored text has a level: found " + level + ", expected 0 to "
                        + HIGHEST_LEVEL + ". Clamp it, as TextPiece.level() does");
            }
            Objects.requireNonNull(text, "text");
        }

        /**
         * Returns the message for a piece of text.
         *
         * @param piece the model's text
         * @return its text with its {@linkplain TextPiece#level() level}
         */
        public static ColoredText of(TextPiece piece) {
            return new ColoredText(piece.level(), piece.text());
        }

        @Override
        public byte[] encode() {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            return ByteBuffer.allocate(2 + utf8.length)
                    .put(MessageKind.COLORED_TEXT)
                    .put((byte) level)
                    .put(utf8)
                    .array();
        }
    }

    /**
     * From the client: the picture. Reference servers accept it only as the first message.
     *
     * @param bytes an encoded picture
     */
    record Image(byte[] bytes) implements Message {
        @Override
        public byte[] encode() {
            return MessageKind.message(MessageKind.IMAGE, bytes);
        }
    }

    /**
     * From the client: the user's rating of the conversation.
     *
     * @param stars 1 to 5
     */
    record Rating(int stars) implements Message {
        private static final int MAX_STARS = 5;

        /**
         * Checks the number.
         *
         * @param stars 1 to 5
         */
        public Rating {
            if (stars < 1 || stars > MAX_STARS) {
                throw new IllegalArgumentException("A rating is a number of stars: found " + stars + ", expected 1 to "
                        + MAX_STARS + ". Correct it");
            }
        }

        @Override
        public byte[] encode() {
            return MessageKind.message(MessageKind.RATING, stars);
        }
    }

    /**
     * From a server of this project, to clients with {@code user_text=1}: a word of the user, which may not be final.
     *
     * @param number number of the word in the conversation, from 0; a later message with the same number replaces it
     * @param isFinal whether it does not change any more
     * @param start approximate seconds from the user's first sample
     * @param text the word, punctuation included
     */
    record UserWord(int number, boolean isFinal, float start, String text) implements Message {
        /**
         * Returns the message for a word.
         *
         * @param word the word
         * @return its current version
         */
        public static UserWord of(Word word) {
            return new UserWord(Math.toIntExact(word.number()), word.isFinal(), (float) word.start(), word.text());
        }

        @Override
        public byte[] encode() {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            return ByteBuffer.allocate(2 + Integer.BYTES + Float.BYTES + utf8.length)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .put(MessageKind.USER_WORD)
                    .put((byte) (isFinal ? 1 : 0))
                    .putInt(number)
                    .putFloat(start)
                    .put(utf8)
                    .array();
        }
    }

    /**
     * From a server of this project, to clients that receive {@link UserWord}: the user's turn has ended, and the words until then are
     * final.
     *
     * @param time seconds from the user's first sample
     */
    record UserTurn(float time) implements Message {
        @Override
        public byte[] encode() {
            return ByteBuffer.allocate(1 + Float.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .put(MessageKind.USER_TURN)
                    .putFloat(time)
                    .array();
        }
    }

    /**
     * An unknown kind, which should be ignored, so that both sides can be extended.
     *
     * @param kind 0 to 255
     * @param payload what follows it
     */
    record Unknown(int kind, byte[] payload) implements Message {
        /**
         * Checks the kind.
         *
         * @param kind 0 to 255, and none that has a record of its own
         * @param payload what follows it
         */
        public Unknown {
            if (kind < 0 || kind > 0xFF || MessageKind.isKnown(kind)) {
                throw new IllegalArgumentException("An unknown message has a kind of its own: found " + kind
                        + ", expected a byte that no other message begins with. Use the record of that kind");
            }
        }

        @Override
        public byte[] encode() {
            return MessageKind.message((byte) kind, payload);
        }
    }
}
