package io.github.moshivis.server.transcription;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePack;

/** A message of the server: a map whose member {@code type} names its kind. */
sealed interface AsrMessage {
    /**
     * Encodes the message as MessagePack.
     *
     * @return a new array
     */
    default byte[] encode() {
        try (MessageBufferPacker packer = MessagePack.newDefaultBufferPacker()) {
            pack(packer);
            return packer.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException("A message in memory cannot be written", e);
        }
    }

    /** Writes the message as a map. */
    void pack(MessageBufferPacker packer) throws IOException;

    private static void head(MessageBufferPacker packer, int members, String type) throws IOException {
        packer.packMapHeader(members).packString("type").packString(type);
    }

    /** The client has a slot. */
    record Ready() implements AsrMessage {
        @Override
        public void pack(MessageBufferPacker packer) throws IOException {
            head(packer, 1, "Ready");
        }
    }

    /**
     * A step was computed; only sent for models with pause heads.
     *
     * @param index number of the step, from 1
     * @param pauses probability of a pause by each head
     * @param buffered samples that wait for a step
     */
    record Step(long index, List<Double> pauses, long buffered) implements AsrMessage {
        @Override
        public void pack(MessageBufferPacker packer) throws IOException {
            head(packer, 4, "Step");
            packer.packString("step_idx").packLong(index);
            packer.packString("prs").packArrayHeader(pauses.size());
            for (double pause : pauses) {
                packer.packFloat((float) pause);
            }
            packer.packString("buffered_pcm").packLong(buffered);
        }
    }

    /**
     * A word or a part of one; never changed later.
     *
     * @param text its text
     * @param start seconds
     */
    record Word(String text, double start) implements AsrMessage {
        @Override
        public void pack(MessageBufferPacker packer) throws IOException {
            head(packer, 3, "Word");
            packer.packString("text").packString(text);
            packer.packString("start_time").packDouble(start);
        }
    }

    /**
     * The last word has ended.
     *
     * @param stop seconds
     */
    record EndWord(double stop) implements AsrMessage {
        @Override
        public void pack(MessageBufferPacker packer) throws IOException {
            head(packer, 2, "EndWord");
            packer.packString("stop_time").packDouble(stop);
        }
    }

    /**
     * The sound before the client's marker has been transcribed.
     *
     * @param id as the client gave it
     */
    record Marker(long id) implements AsrMessage {
        @Override
        public void pack(MessageBufferPacker packer) throws IOException {
            head(packer, 2, "Marker");
            packer.packString("id").packLong(id);
        }
    }

    /**
     * The connection is going to be closed.
     *
     * @param message for people
     */
    record Error(String message) implements AsrMessage {
        @Override
        public void pack(MessageBufferPacker packer) throws IOException {
            head(packer, 2, "Error");
            packer.packString("message").packString(message);
        }
    }

    /**
     * Encodes a word or its end as JSON, for the answer to a whole file.
     *
     * @param json makes the object
     * @return the object; null for other kinds
     */
    default ObjectNode json(ObjectMapper json) {
        ObjectNode node = json.createObjectNode();
        if (this instanceof Word word) {
            return node.put("type", "Word").put("text", word.text).put("start_time", word.start);
        }
        return this instanceof EndWord end ? node.put("type", "EndWord").put("stop_time", end.stop) : null;
    }
}
