package io.github.moshivis.client;

import io.github.moshivis.io.AudioPipe;
import io.github.moshivis.io.AudioSink;
import io.github.moshivis.io.AudioSource;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;

/** Writes the model's voice to the sink on a thread of its own, so that a sink that plays does not hold up what else comes. */
final class Playback {
    /** More than a server is ever ahead; then it is made to wait. */
    private static final Duration MAX_AHEAD = Duration.ofSeconds(2);

    private final AudioPipe pipe = AudioPipe.blocking(MAX_AHEAD);
    private final AudioSink sink;
    private final Consumer<Throwable> failed;
    private final Thread thread;

    /**
     * Not started yet.
     *
     * @param sink open; closed at the end
     * @param failed told, at most once, why the sink takes no more
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
     * Plays after what came before.
     *
     * @throws IOException if nothing is played any more
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

    /** Lets the rest be played, and waits for that. */
    void finish() throws InterruptedException {
        Quietly.close(pipe.sink(), "voice");
        thread.join();
    }

    /** Lets the rest go, also what is being written. */
    void abandon() {
        Quietly.close(pipe.source(), "voice");
        Quietly.close(sink, "sink");
    }
}
