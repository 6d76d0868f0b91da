package io.github.moshivis.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Schedules of pieces that arrive and blocks that are played; time is what was read. */
class JitterBufferTest {
    private static final int MILLI = 24;
    private static final int FADE = 5 * MILLI;

    private final JitterBuffer buffer = new JitterBuffer(JitterBuffer.Settings.defaults());

    private void arrive(int millis) {
        arrive(millis, 0.5f);
    }

    private void arrive(int millis, float value) {
        float[] samples = new float[millis * MILLI];
        Arrays.fill(samples, value);
        buffer.write(samples, 0, samples.length);
    }

    private float[] play(int millis) {
        float[] block = new float[millis * MILLI];
        Arrays.fill(block, Float.NaN);
        buffer.read(block, 0, block.length);
        return block;
    }

    private void startPlaying() {
        arrive(160);
        play(80);
    }

    private static Duration millis(int count) {
        return Duration.ofMillis(count);
    }

    @Test
    void playsNothingUntilEnoughIsThereAndTheExtraWaitIsOver() {
        assertThat(play(50)).containsOnly(0);
        arrive(80);
        assertThat(play(500)).containsOnly(0);
        arrive(80);
        assertThat(play(79)).containsOnly(0);
        float[] block = play(2);
        assertThat(block[MILLI - 1]).isZero();
        assertThat(block[MILLI]).isPositive();
        assertThat(buffer.statistics().played()).isEqualTo(millis(1));
        assertThat(buffer.statistics().missed())
                .as("silence before the first sound")
                .isZero();
    }

    @Test
    void fadesInOverFiveMilliseconds() {
        startPlaying();
        float[] block = play(80);
        for (int i = 0; i < FADE; i++) {
            assertThat(block[i]).isCloseTo(0.5f * (i + 1) / FADE, within(1e-5f));
        }
        assertThat(Arrays.copyOfRange(block, FADE, block.length)).containsOnly(0.5f);
    }

    @Test
    void fadesOutBeforeSilenceWhereverBlocksEnd() {
        for (int block : new int[] {1, 7, 160}) {
            JitterBuffer cut = new JitterBuffer(JitterBuffer.Settings.defaults());
            float[] sound = new float[160 * MILLI];
            Arrays.fill(sound, 0.5f);
            cut.write(sound, 0, sound.length);
            float[] all = new float[400 * MILLI];
            for (int done = 0; done < all.length; done += block * MILLI) {
                cut.read(all, done, Math.min(block * MILLI, all.length - done));
            }
            int end = (80 + 160) * MILLI;
            assertThat(all[end - FADE - 1]).isEqualTo(0.5f);
            for (int i = 0; i < FADE; i++) {
                assertThat(all[end - 1 - i]).isCloseTo(0.5f * (i + 1) / FADE, within(1e-5f));
            }
            assertThat(Arrays.copyOfRange(all, end, all.length)).containsOnly(0);
        }
    }

    @Test
    void passesARegularStreamUnchangedAndWithAConstantDelay() {
        Random random = new Random(4);
        float[] sound = new float[80 * MILLI * 100];
        for (int i = 0; i < sound.length; i++) {
            sound[i] = random.nextFloat() - 0.5f;
        }
        float[] heard = new float[sound.length];
        for (int frame = 0; frame < 100; frame++) {
            buffer.write(sound, frame * 80 * MILLI, 80 * MILLI);
            for (int block = 0; block < 8; block++) {
                buffer.read(heard, (frame * 80 + block * 10) * MILLI, 10 * MILLI);
            }
        }
        // Two frames must be there, of which the second comes after 80 ms, and 80 ms more must pass.
        int delay = 160 * MILLI;
        assertThat(Arrays.copyOfRange(heard, delay + FADE, heard.length))
                .isEqualTo(Arrays.copyOfRange(sound, FADE, sound.length - delay));
        JitterBuffer.Statistics statistics = buffer.statistics();
        assertThat(statistics.underruns()).isZero();
        assertThat(statistics.overflows()).isZero();
        assertThat(statistics.least()).isEqualTo(millis(80 + 80));
        assertThat(statistics.most()).isEqualTo(millis(80 + 80 + 80));
    }

    @Test
    void waitsLongerAfterEachUnderrunUpToALimit() {
        startPlaying();
        int[] waits = {120, 160, 200, 240, 240};
        for (int i = 0; i < waits.length; i++) {
            play(200); // more than is there
            assertThat(buffer.statistics().underruns()).isEqualTo(i + 1);
            assertThat(buffer.statistics().delay()).isEqualTo(millis(160 + waits[i]));
            arrive(160);
            assertThat(play(waits[i])).containsOnly(0);
            assertThat(play(1)).doesNotContain(0);
        }
    }

    @Test
    void countsSilenceAfterAnUnderrunAsMissed() {
        startPlaying();
        play(160);
        play(30);
        assertThat(buffer.statistics().missed()).isEqualTo(millis(30));
        arrive(160);
        play(130); // the extra wait of 120 ms, and 10 ms of sound
        assertThat(buffer.statistics().missed()).isEqualTo(millis(150));
        assertThat(buffer.statistics().played()).isEqualTo(millis(170));
        assertThat(buffer.statistics().least()).isZero();
    }

    @Test
    void letsTheOldestGoWhenItHoldsTooMuchAndMayHoldMoreAfterwards() {
        startPlaying();
        play(10);
        arrive(170); // 320 ms, which it may hold
        assertThat(buffer.statistics().dropped()).isZero();
        assertThat(buffer.hasRoom(0)).isTrue();
        assertThat(buffer.hasRoom(1)).isFalse();

        arrive(1);
        assertThat(buffer.statistics().dropped()).isEqualTo(millis(321 - 240));
        assertThat(buffer.statistics().filled()).isEqualTo(millis(240));
        assertThat(buffer.statistics().overflows()).isEqualTo(1);

        arrive(120); // 360 ms
        assertThat(buffer.statistics().overflows()).as("it has grown by 40 ms").isEqualTo(1);
        arrive(1);
        assertThat(buffer.statistics().overflows()).isEqualTo(2);
    }

    @Test
    void growsNoFurtherThanItsLimit() {
        for (int i = 0; i < 10; i++) {
            overflow();
        }
        assertThat(buffer.statistics().filled()).as("initial and extra").isEqualTo(millis(240));
        arrive(240); // 160 + 80 + 240 is the most it may ever hold without an underrun
        assertThat(buffer.statistics().overflows()).isEqualTo(10);
        arrive(1);
        assertThat(buffer.statistics().overflows()).isEqualTo(11);
    }

    private void overflow() {
        long before = buffer.statistics().overflows();
        while (buffer.statistics().overflows() == before) {
            arrive(1);
        }
    }

    @Test
    void keepsWhatOneWriteBringsHoweverLittleItMayHold() {
        Duration none = Duration.ZERO;
        JitterBuffer small = new JitterBuffer(new JitterBuffer.Settings(none, none, none, none, none));
        assertThat(small.hasRoom(1_000_000)).as("it is empty").isTrue();
        float[] frame = new float[1_920];
        Arrays.fill(frame, 0.5f);
        small.write(frame, 0, 1_920);
        small.write(frame, 0, 960);
        assertThat(small.hasRoom(1)).isFalse();
        assertThat(small.statistics().filled()).isEqualTo(millis(40));
        assertThat(small.statistics().dropped()).isEqualTo(millis(80));
        small.read(frame, 0, 960);
        assertThat(Arrays.copyOfRange(frame, FADE, 960 - FADE)).containsOnly(0.5f);
    }

    @Test
    void blendsTheTwoSidesOfWhatItLetGo() {
        startPlaying();
        play(10);
        arrive(1_000, -0.5f);
        float[] block = play(10);
        assertThat(block[0]).isCloseTo(0.5f, within(0.02f));
        for (int i = 1; i < block.length; i++) {
            assertThat(Math.abs(block[i] - block[i - 1])).isLessThan(0.01f);
        }
        assertThat(block[FADE]).isEqualTo(-0.5f);
    }

    @Test
    void playsTheRestAtOnceWhenTheSoundHasEnded() {
        arrive(40);
        assertThat(play(10)).containsOnly(0);
        buffer.end();
        buffer.end();
        assertThat(buffer.isFinished()).isFalse();
        assertThat(play(40)).doesNotContain(0);
        assertThat(buffer.isFinished()).isTrue();
        assertThat(play(40)).containsOnly(0);
        assertThat(buffer.statistics().underruns()).as("an end is no underrun").isZero();
        assertThatIllegalStateException().isThrownBy(() -> arrive(1)).withMessageContainingAll("ended", "before end()");
    }

    @Test
    void losesAndDoublesNothingOnRandomSchedules() {
        Random random = new Random(11);
        for (int round = 0; round < 50; round++) {
            JitterBuffer any = new JitterBuffer(new JitterBuffer.Settings(
                    millis(random.nextInt(50)),
                    millis(random.nextInt(50)),
                    millis(random.nextInt(50)),
                    millis(random.nextInt(20)),
                    millis(random.nextInt(100))));
            long written = 0;
            float lowest = 0;
            float highest = 0;
            for (int i = 0; i < 100; i++) {
                float[] piece = new float[random.nextInt(2_000)];
                Arrays.fill(piece, 1);
                any.write(piece, 0, piece.length);
                written += piece.length;
                float[] block = new float[random.nextInt(2_000)];
                any.read(block, 0, block.length);
                for (float sample : block) {
                    lowest = Math.min(lowest, sample);
                    highest = Math.max(highest, sample);
                }
            }
            JitterBuffer.Statistics now = any.statistics();
            assertThat(lowest).isZero();
            assertThat(highest).isBetween(0.1f, 1.0001f);
            long counted = now.filled().plus(now.played()).plus(now.dropped()).toNanos();
            assertThat(counted / 1e9 * 24_000).isCloseTo(written, within(0.01));
        }
    }

    @Test
    void refusesDurationsThatAreNone() {
        Duration some = millis(80);
        for (Duration bad : new Duration[] {millis(-1), Duration.ofMinutes(2)}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new JitterBuffer.Settings(some, some, bad, some, some))
                    .withMessageContainingAll(bad.toString(), "from zero", "80 ms");
        }
        new JitterBuffer(
                new JitterBuffer.Settings(Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO));
    }
}
