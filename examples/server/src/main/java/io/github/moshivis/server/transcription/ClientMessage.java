package io.github.moshivis.server.transcription;

import java.io.IOException;
import org.msgpack.core.MessagePackException;

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
            return new MessageReader(bytes).read();
        } catch (IOException | MessagePackException e) {
            throw new IllegalArgumentException(
                    "Cannot read a message of " + bytes.length + " bytes: found " + e
                            + ", expected a map in MessagePack with a member type. Send Audio, OggOpus, Marker or Init",
                    e);
        }
    }
}
