package io.github.moshivis.audio;

import io.github.moshivis.io.AudioSource;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;

/**
 * Jitter buffer: makes audio that arrives in irregular pieces playable at a steady rate. Pieces are written when they arrive; a device
 * reads when it needs samples, and gets silence if there are none. It adapts to the jitter: see {@link Settings}.
 *
 * <p>The rules are those of the reference's web page ({@code audio-processor.ts}). Playing begins once enough is there, after an
 * extra wait. When everything was played before more came (an underrun), playing stops and begins anew in the same way, with a longer
 * extra wait. When more is there than it may hold (an overflow), the oldest go, so that delay does not pile up, and from then on it
 * may hold more. Beginnings and ends are faded over 5 ms, and the two sides of what was let go are blended, so that none of this
 * clicks.
 *
 * <p>24 kHz mono. Time is what was read: there is no clock in it, so that the same order of calls gives the same sound. No method waits.
 * Any thread may call any method, usually one that receives and one that plays. Memory is what it may hold at most and the largest
 * single write.
 */
public final class JitterBuffer {
    /** Samples of a fade: 5 ms, inaudible and without a click. */
    private static final int FADE = AudioSource.SAMPLE_RATE / 200;

    private static final double NANOS_PER_SAMPLE = 1e9 / AudioSource.SAMPLE_RATE;

    /**
     * Amounts that a buffer holds. It plays with {@code initial + extra} in it on average, and that is the delay it adds.
     *
     * @param initial sound that must be there before playing begins
     * @param extra waiting time after that
     * @param headroom additional amount before the oldest sound is dropped
     * @param growth amount by which an underrun lengthens {@code extra}, and an overflow {@code headroom}
     * @param largest maximum of each of these two
     */
    public record Settings(Duration initial, Duration extra, Duration headroom, Duration growth, Duration largest) {
        private static final Duration MAX_DURATION = Duration.ofMinutes(1);

        /**
         * Checks that no duration is negative or more than a minute.
         *
         * @param initial see above
         * @param extra see above
         * @param headroom see above
         * @param growth see above
         * @param largest see above
         */
        public Settings {
            Objects.requireNonNull(initial, "initial");
            Objects.requireNonNull(extra, "extra");
            Objects.requireNonNull(headroom, "headroom");
            Objects.requireNonNull(growth, "growth");
            Objects.requireNonNull(largest, "largest");
            for (Duration each : new Duration[] {initial, extra, headroom, growth, largest}) {
                if (each.isNegative() || each.compareTo(MAX_DURATION) > 0) {
                    throw new IllegalArgumentException("A jitter buffer cannot be set to " + each
                            + "; give durations from zero to " + MAX_DURATION + ", such as 80 ms");
                }
            }
        }

        /**
         * Returns the settings of the reference's web page.
         *
         * @return 160 ms, 80 ms, 80 ms; growing by 40 ms up to 240 ms
         */
        public static Settings defaults() {
            return new Settings(millis(160), millis(80), millis(80), millis(40), millis(240));
        }

        private static Duration millis(int value) {
            return Duration.ofMillis(value);
        }
    }

    /**
     * Counts of events so far.
     *
     * @param filled sound that is there now
     * @param least minimum after a read while playing
     * @param most maximum after a write
     * @param delay amount at which playback starts again; grows with each underrun
     * @param played played audio
     * @param missed silence between an underrun and the new start of playback
     * @param dropped dropped audio
     * @param underruns how often playing stopped because nothing was there
     * @param overflows how often sound was let go
     */
    public record Statistics(
            Duration filled,
            Duration least,
            Duration most,
            Duration delay,
            Duration played,
            Duration missed,
            Duration dropped,
            long underruns,
            long overflows) {}

    private final int initial;
    private final int growth;
    private final int largest;
    // All below are guarded by this.
    private final SampleRing ring;
    private int extra;
    private int headroom;
    private boolean ended;

    private boolean enough;
    /** Remaining part of the extra wait before playback starts. */
    private int wait;

    private boolean playing;
    private float gain;

    private int least = Integer.MAX_VALUE;
    private int most;
    private long played;
    private long missed;
    private long dropped;
    private long underruns;
    private long overflows;

    /**
     * Creates an empty buffer.
     *
     * @param settings amounts to hold
     */
    public JitterBuffer(Settings settings) {
        Objects.requireNonNull(settings, "settings");
        initial = samples(settings.initial());
        extra = samples(settings.extra());
        headroom = samples(settings.headroom());
        growth = samples(settings.growth());
        largest = samples(settings.largest());
        ring = new SampleRing(maximum() + AudioSource.FRAME_SAMPLES);
    }

    private static int samples(Duration duration) {
        return (int) Math.round(duration.toNanos() / NANOS_PER_SAMPLE);
    }

    private static Duration duration(long samples) {
        return Duration.ofNanos(Math.round(samples * NANOS_PER_SAMPLE));
    }

    /** Returns the current capacity in samples. */
    private int maximum() {
        return initial + extra + headroom;
    }

    /**
     * Writes samples. If there are too many, older ones are dropped, but none of this write.
     *
     * @param samples holds the samples; not kept
     * @param offset where in the array they start
     * @param length how many, zero or more
     * @throws IllegalStateException after {@link #end()}
     */
    public synchronized void write(float[] samples, int offset, int length) {
        Objects.requireNonNull(samples, "samples");
        Objects.checkFromIndexSize(offset, length, samples.length);
        if (ended) {
            throw new IllegalStateException(
                    "The jitter buffer's sound has ended and takes no more; write before end()");
        }
        ring.append(samples, offset, length);
        int excess = ring.filled() - Math.max(initial + extra, length);
        if (ring.filled() > maximum() && excess > 0) {
            ring.drop(excess, playing ? FADE : 0);
            dropped += excess;
            overflows++;
            headroom = Math.max(headroom, Math.min(headroom + growth, largest));
        }
        most = Math.max(most, ring.filled());
        if (!enough && ring.filled() >= initial) {
            enough = true;
            wait = extra;
        }
    }

    /**
     * Reads the samples to play now.
     *
     * @param block receives audio, or silence if there is none
     * @param offset where in the array to start
     * @param length how many samples, zero or more
     */
    public synchronized void read(float[] block, int offset, int length) {
        Objects.requireNonNull(block, "block");
        Objects.checkFromIndexSize(offset, length, block.length);
        int done = playing ? 0 : silence(block, offset, length);
        if (playing) {
            int count = Math.min(length - done, ring.filled());
            play(block, offset + done, count);
            done += count;
            least = Math.min(least, ring.filled());
            if (done < length && !ended) {
                stopPlaying();
                missed += length - done;
            }
            Arrays.fill(block, offset + done, offset + length, 0);
        }
    }

    /** Waits for the start of playback; returns the samples of silence. */
    private int silence(float[] block, int offset, int length) {
        int count = ended ? 0 : enough ? Math.min(wait, length) : length;
        wait -= enough ? count : 0;
        playing = ended || (enough && wait == 0);
        Arrays.fill(block, offset, offset + count, 0);
        missed += underruns > 0 ? count : 0;
        return count;
    }

    private void play(float[] block, int offset, int count) {
        float step = 1f / FADE;
        for (int i = 0; i < count; i++) {
            gain = Math.min(Math.min(1, gain + step), step * ring.filled());
            block[offset + i] = gain * ring.take();
        }
        played += count;
    }

    private void stopPlaying() {
        playing = false;
        enough = false;
        gain = 0;
        extra = Math.max(extra, Math.min(extra + growth, largest));
        underruns++;
    }

    /** Ends the audio: the rest is played without further wait, then silence. Idempotent. */
    public synchronized void end() {
        ended = true;
    }

    /**
     * Returns whether the audio has {@linkplain #end() ended} and was played.
     *
     * @return true if only silence will be read
     */
    public synchronized boolean isFinished() {
        return ended && ring.filled() == 0;
    }

    /**
     * Returns whether a write would drop nothing.
     *
     * @param length how many samples
     * @return true if they have room, always so in an empty buffer
     */
    public synchronized boolean hasRoom(int length) {
        return ring.filled() == 0 || ring.filled() + length <= maximum();
    }

    /**
     * Counts of events so far.
     *
     * @return a snapshot
     */
    public synchronized Statistics statistics() {
        return new Statistics(
                duration(ring.filled()),
                duration(Math.min(least, most)),
                duration(most),
                duration(initial + extra),
                duration(played),
                duration(missed),
                duration(dropped),
                underruns,
                overflows);
    }
}
