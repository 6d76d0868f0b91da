package io.github.moshivis.client;

import io.github.moshivis.io.AudioPipe;
import io.github.moshivis.io.AudioSink;
import io.github.moshivis.io.AudioSource;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;

/** Writes the model's voice to the sink on its own thread, so that a slow sink does not delay other messages. */
final class Playback {
    /** Maximum buffered audio; beyond it the server has to wait. */
    private static final Duration MAX_AHEAD = Duration.ofSeconds(2);

    private final AudioPipe pipe = AudioPipe.blocking(MAX_AHEAD);
    private final AudioSink sink;
    private final Consumer<Throwable> failed;
    private final Thread thread;

    /**
     * Creates the playback, which is not started.
     *
     * @param sink open; closed at the end
     * @param failed called at most once, with the failure of the sink
     */
    Playback(AudioSink sink, Consumer<Throwable> failed, String threadName) {
        this.sink = sink;
        this.failed = failed;
        thread = new Thread(this::play, threadName);
        thread.setDaemon(true);
    }

    /** Returns whether the caller is the sink. */
    boolean isCurrentThread() {
        return Thread.currentThread() == thread;
    }

    void start() {
        thread.start();
    }

    /**
     * Queues audio.
     *
     * @throws IOException if playback has ended
     */
    void add(float[] pcm) throws IOException {
        pipe.sink().write(pcm, 0, pcm.length);
    }

    private void play() {
        try (sink;
                AudioSource ahead = pipe.source()) {
            float[] frame = new float[AudioSource.FRAME_SAMPLES];
            for (int count = ahead.read(frame, 0, frame.length);
                    count > 0;
                    count = ahead.read(frame, 0, frame.length)) {
                sink.write(frame, 0, count);
            }
        } catch (Throwable e) { // an Error of the sink, too
            failed.accept(e);
        }
    }

    /** Waits until all queued audio is played. */
    void finish() throws InterruptedException {
        Quietly.close(pipe.sink(), "voice");
        thread.join();
    }

    /** Drops all queued audio, and interrupts a running write. */
    void abandon() {
        Quietly.close(pipe.source(), "voice");
        Quietly.close(sink, "sink");
    }
}
