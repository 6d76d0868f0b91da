package io.github.moshivis.server.transcription;

import java.io.IOException;
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessageUnpacker;
import org.msgpack.value.ValueType;

/** Reads one message of a client, whose sizes are believed as far as there are bytes for them. Used once. */
final class MessageReader {
    private static final int SHOWN = 40;

    private final byte[] bytes;
    private final MessageUnpacker unpacker;
    private String type = "none";
    private float[] pcm;
    private byte[] data;
    private Long id;

    MessageReader(byte[] bytes) {
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
            case "Audio" -> new ClientMessage.Audio(present("pcm", pcm));
            case "OggOpus" -> new ClientMessage.OggOpus(present("data", data));
            case "Marker" -> new ClientMessage.Marker(present("id", id));
            case "Init" -> new ClientMessage.Init();
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
            throw new IllegalArgumentException(
                    "Cannot use a message of type " + type + ": found no member " + member + ", expected one. Add it");
        }
        return value;
    }
}
