package io.github.moshivis.audio.mimi;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.Leaks;
import io.github.moshivis.stream.Rows;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.NativeMemory;
import io.github.moshivis.tensor.Scope;
import io.github.moshivis.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * However long a stream has been going on, its codes and samples are bit for bit those of one that begins so many frames ago as can
 * reach a frame through all layers, at the same positions.
 */
class LongSpeechTest {
    /** Twelve hours of frames of 80 ms. */
    private static final int TWELVE_HOURS = 540_000;

    /** Frames that convolutions reach back, more than enough: each spans less than two of their steps. */
    private static final int CONVOLUTIONS = 6;

    @TempDir
    Path scratch;

    private final Random random = new Random(12);
    private MimiFixture fixture;
    private Mimi mimi;

    @BeforeEach
    void load() throws IOException {
        fixture = MimiFixture.golden(scratch);
        mimi = fixture.mimi;
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private float[] frame() {
        return MimiFixture.noise(random, mimi.frameSize());
    }

    /** What a frame becomes: its codes, and the bits of the samples that they become. */
    private long[] speak(MimiState state, float[] frame) {
        Rows one = Rows.all(Device.CPU, 1);
        try (Scope scope = Scope.open()) {
            Tensor codes = mimi.encode(Tensor.of(frame, Device.CPU, 1, frame.length), state, one);
            float[] pcm = mimi.decode(codes, state, one).toFloats();
            return LongStream.concat(
                            Arrays.stream(codes.toLongs()),
                            IntStream.range(0, pcm.length).mapToLong(i -> Float.floatToIntBits(pcm[i])))
                    .toArray();
        }
    }

    /** The last frame of a stream of the given frames, after others that nobody remembers. */
    private long[] replayed(long past, List<float[]> frames) {
        long steps = past * fixture.config.stepsPerFrame();
        long[] spoken = null;
        try (MimiState state = (MimiState) mimi.newState(1)) {
            state.encoder().attention().assumePast(0, steps);
            state.decoder().attention().assumePast(0, steps);
            for (float[] frame : frames) {
                spoken = speak(state, frame);
            }
        }
        return spoken;
    }

    private void speaks(int frames, int every) {
        int context = fixture.config.transformer().context();
        int steps = fixture.config.transformer().layers() * context;
        // what is decoded was encoded before: the encoder's reach comes before the decoder's
        int reach = 2 * (steps / fixture.config.stepsPerFrame() + 1 + CONVOLUTIONS);
        ArrayDeque<float[]> last = new ArrayDeque<>();
        int compared = 0;
        try (MimiState state = (MimiState) mimi.newState(1)) {
            for (int done = 1; done <= 2; done++) { // the second records the programs
                last.add(frame());
                speak(state, last.peekLast());
            }
            NativeMemory.Snapshot before = NativeMemory.snapshot();
            for (int done = 3; done <= frames; done++) {
                last.add(frame());
                if (last.size() > reach) {
                    last.poll();
                }
                long[] spoken = speak(state, last.peekLast());
                if (done > 2 * reach && done % every < 2) {
                    List<float[]> known = new ArrayList<>(last);
                    assertThat(replayed(done - known.size(), known))
                            .as("frame " + done)
                            .isEqualTo(spoken);
                    List<float[]> tooFew = known.subList(known.size() - 2, known.size());
                    assertThat(replayed(done - tooFew.size(), tooFew))
                            .as("a frame that others reach")
                            .isNotEqualTo(spoken);
                    Leaks.assertNone(before);
                    compared++;
                }
            }
        }
        assertThat(compared).isGreaterThan(5);
    }

    @Test
    void someWrapsOfTheRings() {
        speaks(300, 41);
    }

    @Test
    @Tag("stress")
    void twelveHours() {
        speaks(TWELVE_HOURS, 4999);
    }
}
