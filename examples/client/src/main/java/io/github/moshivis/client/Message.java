package io.github.moshivis.client;

import io.github.moshivis.TextPiece;
import io.github.moshivis.transcript.Word;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * One binary WebSocket message between a client and a server: a byte that says which kind, then the payload. Integers are little
 * endian, texts UTF-8. Source: {@code rust/protocol.md} of Moshi, and MoshiVis' web client and servers, which add colored text,
 * images and ratings.
 *
 * <p>Immutable but for the byte arrays inside, which are neither copied on the way in nor on the way out: whoever has a message does not
 * change them. A constructor given what the protocol cannot say throws {@link IllegalArgumentException}.
 */
public sealed interface Message {
    /**
     * The message as it travels.
     *
     * @return a new array: the kind's byte and the payload
     */
    byte[] encode();

    /**
     * Reads a message.
     *
     * @param bytes a whole message, from the buffer's position to its limit; neither changed nor kept
     * @return the message; {@link Unknown} for kinds that are not known here, which are to be ignored
     * @throws MalformedMessageException if there is no kind, or the payload cannot be one of that kind
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
        /** The handshake that all servers send today. */
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
     * Both ways: a stretch of the sender's audio stream, cut anywhere.
     *
     * @param bytes of an Ogg stream with Opus, unless the two sides agreed on another form
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
     * From the client: what terminal clients' keys send. All reference servers ignore it.
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
     * From the server: its settings, or the place in its queue.
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
     * From the server: why it is going to close the connection, or what it could not do. No reference server sends it.
     *
     * @param reason for people
     */
    record Error(String reason) implements Message {
        @Override
        public byte[] encode() {
            return MessageKind.message(MessageKind.ERROR, reason);
        }
    }

    /** Both ways: answered by another. No reference server sends it. */
    record Ping() implements Message {
        @Override
        public byte[] encode() {
            return new byte[] {MessageKind.PING};
        }
    }

    /**
     * From the server: text that the model said, with how much it looked at the picture.
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
         * The message for a piece of text.
         *
         * @param piece what the model said
         * @return its text at its {@linkplain TextPiece#level() level}
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
     * From the client: the picture to talk about. Reference servers take it as the first message only.
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
     * From the client: how its user liked the conversation.
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
     * From our server, to clients that ask for it by {@code user_text=1}: a word that the user said, as far as it is known.
     *
     * @param number number of the word in the conversation, from 0; a later message with the same number replaces it
     * @param isFinal whether it grows no more
     * @param start seconds from the user's first sample, about
     * @param text the word, punctuation included
     */
    record UserWord(int number, boolean isFinal, float start, String text) implements Message {
        /**
         * The message for a word.
         *
         * @param word what was heard
         * @return its present version
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
     * From our server, to clients that ask for {@link UserWord}: the user has stopped talking, and the words until then are final.
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
     * A kind that is not known here; to be ignored, so that either side can be extended.
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
