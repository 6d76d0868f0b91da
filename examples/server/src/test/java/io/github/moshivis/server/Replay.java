package io.github.moshivis.server;

import io.github.moshivis.audio.OggOpusEncoder;
import io.github.moshivis.audio.OpusSettings;
import io.github.moshivis.client.VoiceFormat;
import io.github.moshivis.io.AudioSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A voice that was encoded beforehand, so that many callers cost the server much and the test little: a page of Opus in Ogg for each frame
 * of 80 ms, sent at the pace of speech; what comes back is not decoded, but timed. One conversation's, though the pages may be shared.
 */
final class Replay implements VoiceFormat {
    private final List<byte[]> pages;
    private final long[] sent;
    private final long[] received;
    private volatile int framesSent;
    private volatile int framesReceived;

    Replay(List<byte[]> pages) {
        this.pages = pages;
        this.sent = new long[pages.size()];
        this.received = new long[pages.size()];
    }

    /** Encodes so many frames; the first page's element holds the header pages too. */
    static List<byte[]> encode(float[] voice, int frames) {
        List<byte[]> pages = new ArrayList<>();
        try (OggOpusEncoder encoder = new OggOpusEncoder(OpusSettings.live().framesPerPage(4))) {
            float[] frame = new float[AudioSource.FRAME_SAMPLES];
            for (int n = 0; n < frames; n++) {
                for (int i = 0; i < frame.length; i++) {
                    frame[i] = voice[(n * frame.length + i) % voice.length];
                }
                pages.add(encoder.encode(frame));
            }
        }
        return pages;
    }

    @Override
    public Encoder encoder() {
        return new Encoder() {
            private long samples;

            @Override
            public byte[] encode(float[] pcm) {
                samples += pcm.length;
                if (samples < (framesSent + 1L) * AudioSource.FRAME_SAMPLES || framesSent == sent.length) {
                    return new byte[0];
                }
                sent[framesSent] = System.nanoTime();
                return pages.get(framesSent++);
            }
        };
    }

    @Override
    public Decoder decoder() {
        return bytes -> {
            if (framesReceived < received.length) {
                received[framesReceived++] = System.nanoTime();
            }
            return new float[0];
        };
    }

    int framesSent() {
        return framesSent;
    }

    /** Messages of sound that came: one for each frame of the model. */
    int framesReceived() {
        return framesReceived;
    }

    /**
     * How long each frame of the model came after the user's words that made it, in milliseconds. The decoder's delay puts a frame's last
     * samples into the next page, and the model's first frame answers the second: so the answer to page n comes as frame n - 2.
     */
    IntStream lags() {
        int answered = Math.min(framesReceived, framesSent - 2);
        return IntStream.range(0, answered).map(n -> (int) ((received[n] - sent[n + 2]) / 1_000_000));
    }
}
