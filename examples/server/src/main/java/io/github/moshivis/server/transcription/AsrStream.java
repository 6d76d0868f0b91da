package io.github.moshivis.server.transcription;

import io.github.moshivis.SpeechToText;
import io.github.moshivis.TranscriptionSession;
import io.github.moshivis.TranscriptionStep;
import io.github.moshivis.io.AudioSource;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Transcribes one audio stream to the reference server's messages. Used by one thread. */
final class AsrStream implements AutoCloseable {
    /** Maximum number of waiting markers: more than one per frame. */
    private static final int MAX_MARKERS = 10_000;

    /** A marker and the step after which it is answered. */
    private record Due(long id, long step) {}

    private final TranscriptionSession session;
    private final ServerWords words;
    private final int delay;
    private final Consumer<AsrMessage> out;
    private final float[] frame = new float[AudioSource.FRAME_SAMPLES];
    private final Queue<Due> markers = new ArrayDeque<>();
    private int filled;
    private long steps;

    /**
     * Opens a stream without initial silence, flush and restarts, like the reference's server.
     *
     * @param stt the model
     * @param out receives each message
     * @throws io.github.moshivis.errors.ConversationException if all slots are taken
     */
    AsrStream(SpeechToText stt, Consumer<AsrMessage> out) {
        this.out = out;
        delay = (int) (stt.delay().toNanos() / 1e9 * AudioSource.FRAME_RATE);
        words = new ServerWords(delay, stt::decode);
        session = stt.transcription()
                .silenceFirst(false)
                .flush(false)
                .restart(false)
                .open();
    }

    /** Takes samples, any number of them. */
    void hear(float[] pcm) {
        hear(pcm, () -> false);
    }

    /** Takes samples, any number of them; stops early when the client is gone. */
    void hear(float[] pcm, BooleanSupplier isOver) {
        for (int at = 0; at < pcm.length && !isOver.getAsBoolean(); ) {
            int count = Math.min(pcm.length - at, frame.length - filled);
            System.arraycopy(pcm, at, frame, filled, count);
            at += count;
            filled += count;
            if (filled == frame.length) {
                filled = 0;
                step(pcm.length - at);
            }
        }
    }

    private void step(int waiting) {
        TranscriptionStep step = session.step(frame);
        steps++;
        if (!step.pauses().isEmpty()) {
            out.accept(new AsrMessage.Step(steps, step.pauses(), waiting));
        }
        for (int token : step.tokens()) {
            words.next(token).forEach(out);
        }
        while (!markers.isEmpty() && markers.peek().step <= steps) {
            out.accept(new AsrMessage.Marker(markers.poll().id));
        }
    }

    /**
     * Takes a marker, which is answered when all audio before it is transcribed.
     *
     * @throws IllegalArgumentException if too many wait
     */
    void mark(long id) {
        if (markers.size() == MAX_MARKERS) {
            throw new IllegalArgumentException("Too many markers wait: found " + MAX_MARKERS
                    + ", expected fewer. Send the sound after them, as their answers trail it");
        }
        markers.add(new Due(id, steps + Math.max(1, delay)));
    }

    /** Appends silence of the model's delay, for the last words. */
    void finish() {
        float[] silence = new float[(delay + 2) * frame.length];
        hear(filled == 0 ? silence : Arrays.copyOf(silence, silence.length + frame.length - filled));
    }

    @Override
    public void close() {
        session.close();
    }
}
