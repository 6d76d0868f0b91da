package io.github.moshivis.audio;

import java.time.Duration;
import java.util.Arrays;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A jitter buffer under all schedules of those who write and play. */
@Param(name = "length", gen = IntGen.class, conf = "1:40")
public class JitterBufferLinearizabilityTest {
    private static final int ITERATIONS = 30;
    private static final int SCHEDULES = 100;
    private static final Duration MILLISECOND = Duration.ofMillis(1);

    private final JitterBuffer buffer = new JitterBuffer(new JitterBuffer.Settings(
            MILLISECOND, Duration.ZERO, MILLISECOND, MILLISECOND, MILLISECOND)); // of 24 samples

    @Operation
    public String write(@Param(name = "length") int length) {
        float[] samples = new float[length];
        Arrays.fill(samples, length);
        try {
            buffer.write(samples, 0, length);
            return "written";
        } catch (IllegalStateException e) {
            return "ended";
        }
    }

    @Operation
    public String read(@Param(name = "length") int length) {
        float[] block = new float[length];
        buffer.read(block, 0, length);
        return Arrays.toString(block);
    }

    @Operation
    public void end() {
        buffer.end();
    }

    @Operation
    public boolean isFinished() {
        return buffer.isFinished();
    }

    @Operation
    public boolean hasRoom(@Param(name = "length") int length) {
        return buffer.hasRoom(length);
    }

    @Operation
    public String statistics() {
        return buffer.statistics().toString();
    }

    @Test
    @Tag("stress")
    void inAnySchedule() {
        new ModelCheckingOptions()
                .iterations(ITERATIONS)
                .invocationsPerIteration(SCHEDULES)
                .threads(2)
                .actorsPerThread(3)
                .check(getClass());
    }
}
