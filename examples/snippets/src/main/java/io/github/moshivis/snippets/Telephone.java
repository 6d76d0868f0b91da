package io.github.moshivis.snippets;

import io.github.moshivis.Conversation;
import io.github.moshivis.MoshiVis;
import io.github.moshivis.audio.PcmEncoding;
import io.github.moshivis.audio.PcmLine;
import io.github.moshivis.audio.RawPcm;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * Example: answers a telephone call, whose packets are bytes of G.711 mu-law, 8 kHz mono, 20 ms each. {@link #receive} and {@link #send} may be
 * called by two threads.
 */
public final class Telephone implements AutoCloseable {
    /** Bytes of one packet. */
    public static final int PACKET = 160;

    // sample: telephone
    private final PcmLine line = PcmLine.of(new RawPcm(8_000, 1, PcmEncoding.MU_LAW), Duration.ofSeconds(10));
    private final Conversation conversation;

    /**
     * Answers a call.
     *
     * @param model a model with a free conversation
     */
    public Telephone(MoshiVis model) {
        conversation = model.session().start(line.source(), line.sink());
    }

    /**
     * Takes a packet of the caller; never blocks.
     *
     * @param packet any number of bytes
     * @throws IOException if the conversation has ended
     */
    public void receive(byte[] packet) throws IOException {
        line.receive(ByteBuffer.wrap(packet));
    }

    /**
     * Gives the next packet to play; never blocks.
     *
     * @return {@value #PACKET} bytes of speech, or of silence while the model has none
     * @throws IOException if the thread is interrupted
     */
    public byte[] send() throws IOException {
        byte[] packet = new byte[PACKET];
        line.send(ByteBuffer.wrap(packet));
        return packet;
    }
    // end

    /** Hangs up. */
    @Override
    public void close() {
        conversation.close();
    }
}
