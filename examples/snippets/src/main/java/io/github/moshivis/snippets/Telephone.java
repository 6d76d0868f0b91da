package io.github.moshivis.snippets;

import io.github.moshivis.Conversation;
import io.github.moshivis.MoshiVis;
import io.github.moshivis.audio.Resampled;
import io.github.moshivis.io.AudioPipe;
import java.io.IOException;
import java.time.Duration;

/**
 * Example: pushes the packets of a telephone line (8 kHz mono, 20 ms) into a conversation and pulls the model's speech at the same rate.
 * {@link #push} and {@link #pull} may be called by two threads.
 */
public final class Telephone implements AutoCloseable {
    /** Samples of one packet. */
    public static final int PACKET = 160;

    private static final int RATE = 8000;

    // sample: telephone
    // Both pipes carry 8 kHz: the resampling is on the conversation's side.
    private final AudioPipe heard = AudioPipe.droppingOldest(Duration.ofSeconds(1));
    private final AudioPipe spoken = AudioPipe.droppingOldest(Duration.ofSeconds(10));
    private final Conversation conversation;

    /**
     * Answers a call.
     *
     * @param model a model with a free conversation
     */
    public Telephone(MoshiVis model) {
        conversation =
                model.session().start(Resampled.from(RATE, 1, heard.source()), Resampled.to(RATE, 1, spoken.sink()));
    }

    /**
     * Takes a packet of the caller; never blocks.
     *
     * @param packet samples in [-1, 1]
     * @throws IOException if the conversation has ended
     */
    public void push(float[] packet) throws IOException {
        heard.sink().write(packet, 0, packet.length);
    }

    /**
     * Gives the next packet to play; never blocks.
     *
     * @return {@value #PACKET} samples; silence while the model has none
     * @throws IOException if the pipe fails
     */
    public float[] pull() throws IOException {
        float[] packet = new float[PACKET];
        if (spoken.available() >= PACKET) {
            spoken.source().read(packet, 0, PACKET);
        }
        return packet;
    }
    // end

    /** Hangs up. */
    @Override
    public void close() {
        conversation.close();
    }
}
