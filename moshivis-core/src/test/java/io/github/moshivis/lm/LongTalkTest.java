package io.github.moshivis.lm;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.Golden;
import io.github.moshivis.Golden.Values;
import io.github.moshivis.Leaks;
import io.github.moshivis.stream.Rows;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.NativeMemory;
import io.github.moshivis.tensor.Ops;
import io.github.moshivis.tensor.Scope;
import io.github.moshivis.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * However long a conversation has been going on, its logits are bit for bit those of one that begins so many steps ago as can reach
 * a step through all layers, at the same positions: what is older is forgotten, and nothing younger is.
 */
class LongTalkTest {
    /** Twelve hours of frames of 80 ms. */
    private static final int TWELVE_HOURS = 540_000;

    private static final Controls SAMPLED =
            new Controls(new Sampling(0.9, 20, 1), new Sampling(0.9, 20, 1), 1, 64, 0, 0);

    @TempDir
    Path scratch;

    private final Random random = new Random(12);
    private LmFixture fixture;
    private Values picture;

    @BeforeEach
    void load() throws IOException {
        fixture = new LmFixture(Golden.config("lm", scratch).lm(), DType.F32);
        Map<String, Values> inputs = Golden.tensors("lm/inputs.safetensors");
        picture = inputs.get("image_embeddings_1");
    }

    @AfterEach
    void free() {
        fixture.close();
    }

    /** What went into a step. */
    private record Said(long[] heard, long[] sampled) {}

    private LmState talk(long past) {
        LmState state = fixture.model.newState(1, 64, 0);
        state.open(0, SAMPLED, 1, 2);
        state.assumePast(0, past);
        try (Scope scope = Scope.open()) {
            state.setImage(0, fixture.model.imageKeysValues(picture.tensor()));
        }
        return state;
    }

    /** Takes a step; returns what was sampled and the bits of logits and gate. */
    private Said step(LmState state, long[] heard, long[] forced, List<Integer> bits) {
        try (Scope scope = Scope.open()) {
            Tensor codes = Tensor.of(heard, Device.CPU, 1, heard.length);
            Rows rows = Rows.all(Device.CPU, 1);
            boolean[] looks = {true};
            LanguageModel.Step step = forced == null
                    ? fixture.model.step(codes, rows, state, looks)
                    : fixture.model.forcedStep(
                            codes, Tensor.of(forced, Device.CPU, 1, forced.length), rows, state, looks);
            if (bits != null) {
                bits.clear();
                Tensor audio = Ops.cat(1, step.audioLogits());
                for (Tensor each : List.of(step.textLogits(), audio, step.gate())) {
                    for (float value : each.toFloats()) {
                        bits.add(Float.floatToIntBits(value));
                    }
                }
            }
            return new Said(heard, step.sampled().toLongs());
        }
    }

    private long[] heard() {
        return random.longs(fixture.model.userCodebooks(), 0, fixture.config.audioCard())
                .toArray();
    }

    /** Logits of the last step of a conversation that begins with the given steps, after others that nobody remembers. */
    private List<Integer> replayed(long past, List<Said> steps) {
        List<Integer> bits = new ArrayList<>();
        try (LmState state = talk(past)) {
            steps.forEach(said -> step(state, said.heard, said.sampled, bits));
        }
        return bits;
    }

    private void talks(int steps, int every) {
        int reach = fixture.config.layers() * (fixture.config.context() - 1) + 1;
        int delays = 1 + fixture.config.delays().stream().max(Integer::compare).orElseThrow();
        ArrayDeque<Said> last = new ArrayDeque<>();
        List<Integer> bits = new ArrayList<>();
        int compared = 0;
        try (LmState state = talk(0)) {
            last.add(step(state, heard(), null, null));
            NativeMemory.Snapshot before = NativeMemory.snapshot();
            for (int done = 2; done <= steps; done++) {
                boolean compare = done > 4 * reach && done % every < 2;
                last.add(step(state, heard(), null, compare ? bits : null));
                if (last.size() > reach + delays) {
                    last.poll();
                }
                if (compare) {
                    List<Said> known = new ArrayList<>(last);
                    assertThat(replayed(done - known.size(), known))
                            .as("logits of step " + done)
                            .isEqualTo(bits);
                    List<Said> tooFew = known.subList(known.size() - fixture.config.context(), known.size());
                    assertThat(replayed(done - tooFew.size(), tooFew))
                            .as("logits of a step that others reach")
                            .isNotEqualTo(bits);
                    Leaks.assertNone(before);
                    compared++;
                }
            }
            assertThat(state.steps(0)).isEqualTo(steps);
        }
        assertThat(compared).isGreaterThan(5);
    }

    @Test
    void someWrapsOfTheRing() {
        talks(50 * fixture.config.context(), 7 * fixture.config.context() + 5);
    }

    @Test
    @Tag("stress")
    void twelveHours() {
        talks(TWELVE_HOURS, 4999);
    }
}
