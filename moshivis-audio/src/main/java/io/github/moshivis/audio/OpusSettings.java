package io.github.moshivis.audio;

import io.github.moshivis.io.AudioSource;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * Settings of an Opus encoder. Immutable: {@link #live()} and {@link #file()} are good beginnings, and the methods that begin with
 * "with" give copies.
 *
 * @param application kind of sound
 * @param frame duration of one packet: 2.5, 5, 10, 20, 40 or 60 ms; shorter is sooner, longer is smaller
 * @param framesPerPage packets in one page of Ogg, 1 to {@value #MAX_FRAMES_PER_PAGE}: a page leaves the encoder whole
 * @param bitRate bits a second, {@value #MIN_BIT_RATE} to {@value #MAX_BIT_RATE}; empty for the codec's choice, about 40,000
 * @param complexity 0 to {@value #MAX_COMPLEXITY}: the more, the better the sound and the longer it takes
 */
public record OpusSettings(
        Application application, Duration frame, int framesPerPage, OptionalInt bitRate, int complexity) {
    /** Frames in a page at most: one second of 20 ms. */
    public static final int MAX_FRAMES_PER_PAGE = 50;

    /** Bits a second at least, as libopus has it. */
    public static final int MIN_BIT_RATE = 6_000;

    /** Bits a second at most; beyond it a frame cannot hold more. */
    public static final int MAX_BIT_RATE = 510_000;

    /** The most thorough search. */
    public static final int MAX_COMPLEXITY = 10;

    private static final List<Duration> FRAMES = List.of(
            Duration.ofNanos(2_500_000),
            Duration.ofMillis(5),
            Duration.ofMillis(10),
            Duration.ofMillis(20),
            Duration.ofMillis(40),
            Duration.ofMillis(60));

    /** Kind of sound, which Opus takes into account. */
    public enum Application {
        /**
         * Speech, to be understood by people. Models mishear it at any bit rate: it keeps what people understand and changes the sound that
         * models learned from, so that the nano model answers 36 of 50 questions rightly instead of 47 to 49 (docs/evaluation.md).
         */
        SPEECH(2048),
        /** Music, speech or anything else, to be as it was: for all that a model is to hear. */
        AUDIO(2049),
        /** Anything, with 4 ms less delay and no mode for speech. */
        LOW_DELAY(2051);

        private final int number;

        Application(int number) {
            this.number = number;
        }

        /** Its number in libopus. */
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
     * For a talk: any sound, as models hear it best, in pages of one frame of 20 ms, of medium complexity.
     *
     * @return the settings
     */
    public static OpusSettings live() {
        return new OpusSettings(Application.AUDIO, Duration.ofMillis(20), 1, OptionalInt.empty(), 5);
    }

    /**
     * For a file: any sound, as models hear it best, in pages of a second, as good as it gets.
     *
     * @return the settings
     */
    public static OpusSettings file() {
        return live().framesPerPage(MAX_FRAMES_PER_PAGE).complexity(MAX_COMPLEXITY);
    }

    /** Samples of a frame. */
    int frameSamples() {
        return (int) (frame.toNanos() * AudioSource.SAMPLE_RATE / 1_000_000_000);
    }

    /**
     * A copy for another kind of sound.
     *
     * @param other what the sound is
     * @return the copy
     */
    public OpusSettings application(Application other) {
        Objects.requireNonNull(other, "application");
        return new OpusSettings(other, frame, framesPerPage, bitRate, complexity);
    }

    /**
     * A copy with other frames.
     *
     * @param other how long they are
     * @return the copy
     * @throws IllegalArgumentException if Opus has no frame of this length
     */
    public OpusSettings frame(Duration other) {
        Objects.requireNonNull(other, "frame");
        return new OpusSettings(application, other, framesPerPage, bitRate, complexity);
    }

    /**
     * A copy with other pages.
     *
     * @param count frames in each
     * @return the copy
     * @throws IllegalArgumentException if it is outside its limits
     */
    public OpusSettings framesPerPage(int count) {
        return new OpusSettings(application, frame, count, bitRate, complexity);
    }

    /**
     * A copy with a bit rate.
     *
     * @param bits a second
     * @return the copy
     * @throws IllegalArgumentException if it is outside its limits
     */
    public OpusSettings bitRate(int bits) {
        return new OpusSettings(application, frame, framesPerPage, OptionalInt.of(bits), complexity);
    }

    /**
     * A copy of other complexity.
     *
     * @param level from 0 to {@value #MAX_COMPLEXITY}
     * @return the copy
     * @throws IllegalArgumentException if it is outside its limits
     */
    public OpusSettings complexity(int level) {
        return new OpusSettings(application, frame, framesPerPage, bitRate, level);
    }
}
