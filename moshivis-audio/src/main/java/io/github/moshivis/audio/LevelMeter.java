package io.github.moshivis.audio;

import io.github.moshivis.io.AudioSink;
import io.github.moshivis.io.AudioSource;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Measures the level of a {@linkplain #source source} or a {@linkplain #sink sink} without changing the samples. One meter measures one
 * stream, in windows of 80 ms.
 *
 * <p>{@link #level()} may be asked by any thread at any time. A listener is called by the thread that reads or writes, which waits
 * for it; what it throws ends that read or write.
 */
public final class LevelMeter {
    private static final int WINDOW = AudioSource.FRAME_SAMPLES;
    private static final double DECIBELS_PER_DECADE = 20;

    /**
     * A level in dBFS: 0 is full scale, minus infinity is digital silence. A sine of full scale has a peak of 0 and an rms of -3.
     *
     * @param rms of the root of the mean square
     * @param peak of the highest absolute value
     */
    public record Level(double rms, double peak) {
        /** Digital silence. */
        public static final Level SILENCE = new Level(Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY);
    }

    private final Consumer<? super Level> listener;
    private volatile Level level = Level.SILENCE;

    private double sum;
    private double peak;
    private int count;

    /** Creates a meter without a listener. */
    public LevelMeter() {
        this(level -> {});
    }

    /**
     * Creates a meter with a listener.
     *
     * @param listener receives the level of each window
     */
    public LevelMeter(Consumer<? super Level> listener) {
        this.listener = Objects.requireNonNull(listener, "listener");
    }

    /**
     * Returns the level of the last complete window.
     *
     * @return silence before there was one
     */
    public Level level() {
        return level;
    }

    /**
     * Measures a source.
     *
     * @param source the source to read from; owned by the result
     * @return a source of the same samples, as live as this one
     */
    public AudioSource source(AudioSource source) {
        return Tapped.source(source, this::measure);
    }

    /**
     * Measures a sink.
     *
     * @param sink the sink to write to; owned by the result
     * @return a sink that forwards the same samples
     */
    public AudioSink sink(AudioSink sink) {
        return Tapped.sink(sink, this::measure);
    }

    private void measure(float[] samples, int offset, int length) {
        for (int i = 0; i < length; i++) {
            double sample = samples[offset + i];
            sum += sample * sample;
            peak = Math.max(peak, Math.abs(sample));
            if (++count == WINDOW) {
                level = new Level(decibels(Math.sqrt(sum / WINDOW)), decibels(peak));
                sum = 0;
                peak = 0;
                count = 0;
                listener.accept(level);
            }
        }
    }

    private static double decibels(double amplitude) {
        return DECIBELS_PER_DECADE * Math.log10(amplitude);
    }
}
