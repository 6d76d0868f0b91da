package io.github.moshivis.audio;

import io.github.moshivis.io.AudioSource;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * Settings of an Opus encoder. Immutable: start with {@link #live()} or {@link #file()}; the other methods return changed copies.
 *
 * @param application kind of sound
 * @param frame duration of one packet: 2.5, 5, 10, 20, 40 or 60 ms; shorter is faster, longer is smaller
 * @param framesPerPage packets in one page of Ogg, 1 to {@value #MAX_FRAMES_PER_PAGE}: a page leaves the encoder whole
 * @param bitRate bits a second, {@value #MIN_BIT_RATE} to {@value #MAX_BIT_RATE}; empty for the codec's choice, about 40,000
 * @param complexity 0 to {@value #MAX_COMPLEXITY}: the more, the better the sound and the longer it takes
 */
public record OpusSettings(
        Application application, Duration frame, int framesPerPage, OptionalInt bitRate, int complexity) {
    /** Maximum frames per page: one second of 20 ms frames. */
    public static final int MAX_FRAMES_PER_PAGE = 50;

    /** Minimum bits per second, as in libopus. */
    public static final int MIN_BIT_RATE = 6_000;

    /** Maximum bits per second, the capacity of a frame. */
    public static final int MAX_BIT_RATE = 510_000;

    /** Maximum complexity of the encoder. */
    public static final int MAX_COMPLEXITY = 10;

    private static final List<Duration> FRAMES = List.of(
            Duration.ofNanos(2_500_000),
            Duration.ofMillis(5),
            Duration.ofMillis(10),
            Duration.ofMillis(20),
            Duration.ofMillis(40),
            Duration.ofMillis(60));

    /** Kind of audio for the encoder. */
    public enum Application {
        /**
         * Speech for people. Models misunderstand it at any bit rate, because it changes details of the sound: the nano model answers 36 of
         * 50 questions correctly instead of 47 to 49 (docs/evaluation.md).
         */
        SPEECH(2048),
        /** Music, speech or anything else, for fidelity: use it for all audio for a model. */
        AUDIO(2049),
        /** Any audio, with 4 ms less delay and without a speech mode. */
        LOW_DELAY(2051);

        private final int number;

        Application(int number) {
            this.number = number;
        }

        /** Returns its number in libopus. */
        int number() {
            return number;
        }
    }

    /**
     * Checks the values.
     *
     * @param application see above
     * @param frame see above
     * @param framesPerPage see above
     * @param bitRate see above
     * @param complexity see above
     * @throws IllegalArgumentException if one is outside its limits
     */
    public OpusSettings {
        Objects.requireNonNull(application, "application");
        Objects.requireNonNull(frame, "frame");
        Objects.requireNonNull(bitRate, "bitRate");
        if (!FRAMES.contains(frame)) {
            throw bad("frames of " + frame, "2.5, 5, 10, 20, 40 or 60 ms");
        }
        check("frames per page", framesPerPage, 1, MAX_FRAMES_PER_PAGE);
        bitRate.ifPresent(bits -> check("bits a second", bits, MIN_BIT_RATE, MAX_BIT_RATE));
        check("of complexity", complexity, 0, MAX_COMPLEXITY);
    }

    private static void check(String what, int value, int lowest, int highest) {
        if (value < lowest || value > highest) {
            throw bad(value + " " + what, lowest + " to " + highest);
        }
    }

    private static IllegalArgumentException bad(String found, String expected) {
        return new IllegalArgumentException(
                "Cannot encode with Opus: found " + found + ", expected " + expected + "; change the setting");
    }

    /**
     * Returns settings for a conversation: general audio, which models understand best, in pages of one 20 ms frame, medium complexity.
     *
     * @return the settings
     */
    public static OpusSettings live() {
        return new OpusSettings(Application.AUDIO, Duration.ofMillis(20), 1, OptionalInt.empty(), 5);
    }

    /**
     * Returns settings for a file: general audio, which models understand best, in pages of a second, maximum complexity.
     *
     * @return the settings
     */
    public static OpusSettings file() {
        return live().framesPerPage(MAX_FRAMES_PER_PAGE).complexity(MAX_COMPLEXITY);
    }

    /** Returns the samples of a frame. */
    int frameSamples() {
        return (int) (frame.toNanos() * AudioSource.SAMPLE_RATE / 1_000_000_000);
    }

    /**
     * Sets the kind of audio.
     *
     * @param other kind of audio
     * @return the copy
     */
    public OpusSettings application(Application other) {
        Objects.requireNonNull(other, "application");
        return new OpusSettings(other, frame, framesPerPage, bitRate, complexity);
    }

    /**
     * Sets the duration of frames.
     *
     * @param other duration
     * @return the copy
     * @throws IllegalArgumentException if Opus has no frame of this length
     */
    public OpusSettings frame(Duration other) {
        Objects.requireNonNull(other, "frame");
        return new OpusSettings(application, other, framesPerPage, bitRate, complexity);
    }

    /**
     * Sets the frames per page.
     *
     * @param count frames
     * @return the copy
     * @throws IllegalArgumentException if it is outside its limits
     */
    public OpusSettings framesPerPage(int count) {
        return new OpusSettings(application, frame, count, bitRate, complexity);
    }

    /**
     * Sets the bit rate.
     *
     * @param bits bits per second
     * @return the copy
     * @throws IllegalArgumentException if it is outside its limits
     */
    public OpusSettings bitRate(int bits) {
        return new OpusSettings(application, frame, framesPerPage, OptionalInt.of(bits), complexity);
    }

    /**
     * Sets the complexity.
     *
     * @param level from 0 to {@value #MAX_COMPLEXITY}
     * @return the copy
     * @throws IllegalArgumentException if it is outside its limits
     */
    public OpusSettings complexity(int level) {
        return new OpusSettings(application, frame, framesPerPage, bitRate, level);
    }
}
