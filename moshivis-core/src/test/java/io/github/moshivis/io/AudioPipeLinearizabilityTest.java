package io.github.moshivis.io;

import java.io.IOException;
import java.time.Duration;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A pipe under all schedules of its writer, its reader and whoever closes its ends. */
@Param(name = "length", gen = IntGen.class, conf = "1:20")
public class AudioPipeLinearizabilityTest {
    private static final int ITERATIONS = 30;
    private static final int SCHEDULES = 300;

    private final AudioPipe pipe = AudioPipe.droppingOldest(Duration.ofMillis(1)); // 24 samples
    private float next;

    @Operation(nonParallelGroup = "writer")
    public String write(@Param(name = "length") int length) {
        float[] samples = new float[length];
        for (int i = 0; i < length; i++) {
            samples[i] = ++next;
        }
        try {
            pipe.sink().write(samples, 0, length);
            return "written";
        } catch (IOException | IllegalStateException e) {
            return e.getClass().getSimpleName();
        }
    }

    @Operation(nonParallelGroup = "reader")
    public String read(@Param(name = "length") int length) throws IOException {
        if (pipe.available() == 0) {
            return "would wait, or is at its end";
        }
        float[] samples = new float[length];
        int count = pipe.source().read(samples, 0, length);
        return count < 1 ? "end" : count + " from " + samples[0] + " to " + samples[count - 1];
    }

    @Operation
    public void end() throws IOException {
        pipe.sink().close();
    }

    @Operation
    public void leave() throws IOException {
        pipe.source().close();
    }

    @Operation
    public int available() {
        return pipe.available();
    }

    @Operation
    public long dropped() {
        return pipe.dropped();
    }

    @Test
    @Tag("stress")
    void inAnySchedule() {
        new ModelCheckingOptions()
                .iterations(ITERATIONS)
                .invocationsPerIteration(SCHEDULES)
                .threads(3)
                .actorsPerThread(2)
                .check(getClass());
    }
}
