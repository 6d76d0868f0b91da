package io.github.moshivis.audio;

import io.github.moshivis.errors.MediaException;
import io.github.moshivis.io.AudioSink;
import io.github.moshivis.io.AudioSource;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.SourceDataLine;

/**
 * A speaker or headphones of this machine, by {@code javax.sound.sampled}: any device with 16 bits, mono or stereo, at 8 to 192 kHz; other
 * rates are resampled. Does nothing until a conversation opens it.
 *
 * <p>Audio goes through a {@link JitterBuffer}, from which a thread ({@code moshivis-play-N}) plays. {@link #write} never blocks; when the
 * buffer is full, the oldest audio is dropped and counted by {@link #statistics()}. For a source that is faster than real time, such as a
 * file, use {@link #waiting()}.
 *
 * <p>{@link #open()} throws a {@link MediaException} if there is no such device or it is in use, and {@link #write} one after the device
 * was unplugged, or took nothing for two seconds. {@link #close()} plays what is there, which is less than a second. One speaker is for one
 * conversation; make a new one for the next.
 */
public final class Speaker implements AudioSink {
    private static final String NAME = "speaker";
    private static final AtomicInteger NUMBER = new AtomicInteger();

    /** Samples per write to the device: 10 ms. */
    private static final int BLOCK = AudioSource.SAMPLE_RATE / 100;

    /** Maximum time to play the rest; more than the content of both buffers. */
    private static final long MAX_DRAIN_MILLIS = TimeUnit.SECONDS.toMillis(4);

    /** Does nothing. */
    private static final EchoCanceller NO_CANCELLER = new EchoCanceller() {
        @Override
        public void played(float[] samples, int offset, int length) {}

        @Override
        public void heard(float[] samples, int offset, int length) {}
    };

    private final Supplier<SourceDataLine> device;
    private final JitterBuffer.Settings settings;
    private final boolean waits;
    private final EchoCanceller canceller;

    private final JitterBuffer buffer;
    private AudioSink sound;
    private volatile SourceDataLine line;
    private volatile Thread playing;
    private volatile boolean closed;
    /** Failure that ended playback; null if it was closed. */
    private volatile Throwable failure;

    private volatile boolean told;

    private Speaker(
            Supplier<SourceDataLine> device, JitterBuffer.Settings settings, boolean waits, EchoCanceller canceller) {
        this.device = device;
        this.settings = settings;
        this.waits = waits;
        this.canceller = canceller;
        this.buffer = new JitterBuffer(settings);
    }

    private static Speaker on(Supplier<SourceDataLine> device) {
        return new Speaker(device, JitterBuffer.Settings.defaults(), false, NO_CANCELLER);
    }

    /**
     * Returns the default speaker of the system, or of the system property {@code javax.sound.sampled.SourceDataLine}.
     *
     * @return a sink
     */
    public static Speaker standard() {
        return on(SoundLines.SPEAKERS::openStandard);
    }

    /**
     * Returns a speaker by name.
     *
     * @param name one of {@link #names()}, or a unique part of one, in any case
     * @return a sink
     */
    public static Speaker named(String name) {
        Objects.requireNonNull(name, "name");
        return on(() -> SoundLines.SPEAKERS.open(name));
    }

    /**
     * Returns the names of the current speakers.
     *
     * @return their names, each once
     */
    public static List<String> names() {
        return SoundLines.SPEAKERS.names();
    }

    /**
     * Sets the amounts of audio to buffer.
     *
     * @param value default {@link JitterBuffer.Settings#defaults()}
     * @return a copy that is not open
     */
    public Speaker buffer(JitterBuffer.Settings value) {
        Objects.requireNonNull(value, "buffer");
        return new Speaker(device, value, waits, canceller);
    }

    /**
     * Makes writes block while the buffer is full, instead of dropping the oldest audio: for sources that are not live.
     *
     * @return a copy that is not open
     */
    public Speaker waiting() {
        return new Speaker(device, settings, true, canceller);
    }

    /**
     * Sets the echo canceller, which receives each block of playback when it goes to the device.
     *
     * @param value called by the playing thread
     * @return a copy that is not open
     */
    public Speaker echoTo(EchoCanceller value) {
        return new Speaker(device, settings, waits, Objects.requireNonNull(value, "echoTo"));
    }

    /**
     * Returns the counts of playback so far. Thread-safe.
     *
     * @return a snapshot
     */
    public JitterBuffer.Statistics statistics() {
        return buffer.statistics();
    }

    @Override
    public void open() {
        OneUse.checkNew(closed || line != null, NAME, "one");
        line = device.get();
        AudioFormat format = line.getFormat();
        sound = canceller.sink(Resampled.to((int) format.getSampleRate(), format.getChannels(), new SpeakerLine(line)));
        Thread thread = new Thread(this::play, "moshivis-play-" + NUMBER.incrementAndGet());
        thread.setDaemon(true);
        thread.start();
        playing = thread;
        if (closed) {
            closeLine(); // closed by another thread meanwhile
        }
    }

    /** Runs on the playing thread. */
    private void play() {
        float[] block = new float[BLOCK];
        try {
            while (!buffer.isFinished()) {
                buffer.read(block, 0, BLOCK);
                sound.write(block, 0, BLOCK);
            }
            sound.close();
        } catch (Throwable e) { // an Error of the echo canceller, too
            failure = e;
        } finally {
            closeLine();
        }
    }

    /** Closes the device; a driver may throw if it is gone. */
    private void closeLine() {
        try {
            line.close();
        } catch (RuntimeException | Error e) {
            failure = failure == null ? e : failure;
        }
    }

    @Override
    public void write(float[] samples, int offset, int length) throws IOException {
        Objects.requireNonNull(samples, "samples");
        Objects.checkFromIndexSize(offset, length, samples.length);
        OneUse.checkWritable(playing != null, closed, NAME);
        int piece = waits ? BLOCK : AudioSource.FRAME_SAMPLES;
        for (int done = 0; done < length && !closed; done += piece) {
            int count = Math.min(piece, length - done);
            while (waits && !closed && failure == null && !buffer.hasRoom(count)) {
                DeviceWatch.sleep("the speaker has no room");
            }
            throwFailure();
            put(samples, offset + done, count);
        }
    }

    private void put(float[] samples, int offset, int length) {
        synchronized (buffer) {
            if (!closed) {
                buffer.write(samples, offset, length);
            }
        }
    }

    private void throwFailure() {
        if (failure != null) {
            told = true;
            throw new MediaException(failure.getMessage(), failure);
        }
    }

    @Override
    public void close() throws IOException {
        synchronized (buffer) {
            closed = true;
            buffer.end();
        }
        if (playing == null) {
            return;
        }
        try {
            playing.join(MAX_DRAIN_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the rest is not played
        }
        boolean late = playing.isAlive();
        closeLine();
        if (!late && !told) {
            throwFailure();
        }
    }
}
