package io.github.moshivis.server.transcription;

import java.io.IOException;
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessagePackException;
import org.msgpack.core.MessageUnpacker;
import org.msgpack.value.ValueType;

/** A message of the client. */
sealed interface ClientMessage {
    /**
     * Audio.
     *
     * @param pcm 24 kHz, mono, any number of samples
     */
    record Audio(float[] pcm) implements ClientMessage {}

    /**
     * Audio as Opus in Ogg.
     *
     * @param data the next bytes of the stream, split anywhere
     */
    record OggOpus(byte[] data) implements ClientMessage {}

    /**
     * A marker that is answered when all audio before it is transcribed.
     *
     * @param id returned unchanged
     */
    record Marker(long id) implements ClientMessage {}

    /** Ignored: the reference's server needs this message, this server does not. */
    record Init() implements ClientMessage {}

    /**
     * Decodes a message.
     *
     * @param bytes a whole message
     * @return the message
     * @throws IllegalArgumentException saying what was found and expected
     */
    static ClientMessage decode(byte[] bytes) {
        try {
            return new Reader(bytes).read();
        } catch (IOException | MessagePackException e) {
            throw new IllegalArgumentException(
                    "Cannot read a message of " + bytes.length + " bytes: found " + e
                            + ", expected a map in MessagePack with a member type. Send Audio, OggOpus, Marker or Init",
                    e);
        }
    }

    /** Decodes one message; sizes are checked against the available bytes. Used once. */
    final class Reader {
        private static final int SHOWN = 40;

        private final byte[] bytes;
        private final MessageUnpacker unpacker;
        private String type = "none";
        private float[] pcm;
        private byte[] data;
        private Long id;

        Reader(byte[] bytes) {
            this.bytes = bytes;
            this.unpacker = MessagePack.newDefaultUnpacker(bytes);
        }

        ClientMessage read() throws IOException {
            int members = checked(unpacker.unpackMapHeader());
            for (int i = 0; i < members; i++) {
                switch (unpacker.unpackString()) {
                    case "type" -> type = unpacker.unpackString();
                    case "pcm" -> pcm = pcm();
                    case "data" -> data = data();
                    case "id" -> id = unpacker.unpackLong();
                    default -> unpacker.skipValue();
                }
            }
            return switch (type) {
                case "Audio" -> new Audio(present("pcm", pcm));
                case "OggOpus" -> new OggOpus(present("data", data));
                case "Marker" -> new Marker(present("id", id));
                case "Init" -> new Init();
                default ->
                    throw new IllegalArgumentException("Cannot use a message of type "
                            + type.substring(0, Math.min(SHOWN, type.length()))
                            + ": expected Audio, OggOpus, Marker or Init. Correct it");
            };
        }

        private float[] pcm() throws IOException {
            float[] samples = new float[checked(unpacker.unpackArrayHeader())];
            for (int i = 0; i < samples.length; i++) {
                boolean whole = unpacker.getNextFormat().getValueType() == ValueType.INTEGER;
                samples[i] = whole ? unpacker.unpackLong() : unpacker.unpackFloat();
            }
            return samples;
        }

        /** Reads bytes, which some clients send as an array of numbers. */
        private byte[] data() throws IOException {
            if (unpacker.getNextFormat().getValueType() != ValueType.ARRAY) {
                return unpacker.readPayload(checked(unpacker.unpackBinaryHeader()));
            }
            byte[] numbers = new byte[checked(unpacker.unpackArrayHeader())];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = (byte) unpacker.unpackInt();
            }
            return numbers;
        }

        /** Each element takes a byte at least. */
        private int checked(int size) {
            if (size < 0 || size > bytes.length) {
                throw new IllegalArgumentException("Cannot read a message of " + bytes.length + " bytes: found " + size
                        + " elements, expected no more than there are bytes. Send whole messages");
            }
            return size;
        }

        private <T> T present(String member, T value) {
            if (value == null) {
                throw new IllegalArgumentException("Cannot use a message of type " + type + ": found no member "
                        + member + ", expected one. Add it");
            }
            return value;
        }
    }
}
