package io.github.moshivis.client;

import io.github.moshivis.io.AudioSource;
import io.github.moshivis.io.SourceReader;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/** Sends the user's voice: reads a source and sends its bytes in real time. */
final class Speech {
    /** Approximate length of a message: 40 ms, as the web client sends it. */
    private static final int MESSAGE_SAMPLES = AudioSource.SAMPLE_RATE / 25;

    private static final long NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    private final AudioSource source;
    private final VoiceFormat format;
    private final boolean paced;
    private volatile long samples;

    /** Receiver of bytes, which blocks until there is room. */
    interface Destination {
        void accept(byte[] bytes) throws InterruptedException;
    }

    /**
     * Creates a sender, which is not started.
     *
     * @param paced whether a source that is not live is slowed down to real time
     */
    Speech(AudioSource source, VoiceFormat format, boolean paced) {
        this.source = source;
        this.format = format;
        this.paced = paced && !source.isLive();
    }

    /** Number of samples sent so far. */
    long samples() {
        return samples;
    }

    /** Speaks until the source ends, which is held to its contract. The source is opened here, and closed by others. */
    void run(Destination destination) throws IOException, InterruptedException {
        source.open();
        try (VoiceFormat.Encoder encoder = format.encoder()) {
            float[] buffer = new float[MESSAGE_SAMPLES];
            long start = System.nanoTime();
            SourceReader reader = new SourceReader(source);
            String name = Quietly.name(source);
            for (int count = reader.read(buffer, 0, MESSAGE_SAMPLES);
                    count > 0;
                    count = reader.read(buffer, 0, MESSAGE_SAMPLES)) {
                float[] pcm = Arrays.copyOf(buffer, count);
                SourceReader.requireSound(pcm, samples, name);
                samples += count;
                send(encoder.encode(pcm), destination);
                if (paced) {
                    TimeUnit.NANOSECONDS.sleep(
                            start + samples * NANOS_PER_SECOND / AudioSource.SAMPLE_RATE - System.nanoTime());
                }
            }
            send(encoder.end(), destination);
        }
    }

    private static void send(byte[] bytes, Destination destination) throws InterruptedException {
        if (bytes.length > 0) {
            destination.accept(bytes);
        }
    }
}
