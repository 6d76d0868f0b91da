package io.github.moshivis.server.transcription;

import java.io.IOException;
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessagePackException;
import org.msgpack.core.MessageUnpacker;
import org.msgpack.value.ValueType;

/** A message of the client. */
sealed interface ClientMessage {
    /**
     * Sound.
     *
     * @param pcm 24 kHz, mono, any number of samples
     */
    record Audio(float[] pcm) implements ClientMessage {}

    /**
     * Sound as Ogg with Opus.
     *
     * @param data the next bytes of the stream, cut anywhere
     */
    record OggOpus(byte[] data) implements ClientMessage {}

    /**
     * A mark that is answered when the sound before it has been transcribed.
     *
     * @param id returned as it is
     */
    record Marker(long id) implements ClientMessage {}

    /** Nothing: what a client of the reference's server may send, and that server does by itself. */
    record Init() implements ClientMessage {}

    /**
     * Reads a message.
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

    /** Reads one message of a client, whose sizes are believed as far as there are bytes for them. Used once. */
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

        /** Bytes, which some clients send as an array of numbers. */
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
