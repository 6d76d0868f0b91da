package io.github.moshivis.lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.moshivis.Golden;
import io.github.moshivis.Golden.Values;
import io.github.moshivis.stream.Rows;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.Ops;
import io.github.moshivis.tensor.Scope;
import io.github.moshivis.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Conversations in one batch do not know of each other; a slot forgets; the future does not reach back. */
class LmBatchTest {
    /** Batches of different sizes add up in different orders; logits here are of the order of 3. */
    private static final double SAME = 2e-5;

    private static final int STEPS = 30;

    @TempDir
    Path scratch;

    private LmFixture fixture;
    private Map<String, Values> inputs;

    @BeforeEach
    void load() throws IOException {
        fixture = new LmFixture(Golden.config("lm", scratch).lm(), DType.F32);
        inputs = Golden.tensors("lm/inputs.safetensors");
    }

    @AfterEach
    void free() {
        fixture.close();
    }

    /** What a conversation says and hears: user codes that depend on the conversation, and a picture from some step on. */
    private record Script(int number, int picture, int pictureFrom) {
        long[] codes(Values recorded, int step) {
            return recorded.row((step + 7 * number) % (int) recorded.shape()[0]).longs();
        }
    }

    /** What one step gave: logits of all streams, the gate, the input and the output row. */
    private record Result(float[] logits, float gate, long[] input, long[] output) {}

    private static final Script[] SCRIPTS = {
        new Script(0, 1, 0), new Script(1, 0, 0), new Script(2, 2, 5), new Script(3, 1, 12)
    };

    private List<Result> alone(Script script, int steps, int userLag) {
        List<Result> results = new ArrayList<>();
        try (LmState state = fixture.model.newState(1, 64, userLag)) {
            for (int step = 0; step < steps; step++) {
                results.add(tick(state, new Script[] {script}, new int[] {step}, new boolean[] {true})[0]);
            }
        }
        return results;
    }

    /** One tick in which row i takes step at[i] of scripts[i], if it is active. */
    private Result[] tick(LmState state, Script[] scripts, int[] at, boolean[] active) {
        int rows = scripts.length;
        int width = fixture.model.userCodebooks();
        long[] codes = new long[rows * width];
        boolean[] looks = new boolean[rows];
        try (Scope scope = Scope.open()) {
            for (int row = 0; row < rows; row++) {
                if (active[row]) {
                    System.arraycopy(
                            scripts[row].codes(inputs.get("user_codes"), at[row]), 0, codes, row * width, width);
                    looks[row] = scripts[row].picture > 0 && at[row] >= scripts[row].pictureFrom;
                    if (looks[row] && at[row] == scripts[row].pictureFrom) {
                        Tensor features = inputs.get("image_embeddings_" + scripts[row].picture)
                                .tensor();
                        state.setImage(row, fixture.model.imageKeysValues(features));
                    }
                }
            }
            LanguageModel.Step step = fixture.model.step(
                    Tensor.of(codes, Device.CPU, rows, width), Rows.of(Device.CPU, active), state, looks);
            Result[] results = new Result[rows];
            for (int row = 0; row < rows; row++) {
                results[row] = active[row] ? result(step, row) : null;
            }
            return results;
        }
    }

    private static Result result(LanguageModel.Step step, int row) {
        List<Tensor> logits = new ArrayList<>();
        logits.add(step.textLogits().select(0, row));
        Arrays.stream(step.audioLogits()).forEach(tensor -> logits.add(tensor.select(0, row)));
        return new Result(
                Ops.cat(0, logits.toArray(Tensor[]::new)).toFloats(),
                step.gate().toFloats()[row],
                step.input().select(0, row).toLongs(),
                step.output().select(0, row).toLongs());
    }

    private static void same(String what, Result actual, Result expected) {
        assertThat(actual.input()).as(what + " input").isEqualTo(expected.input());
        Golden.assertClose(what + " logits", actual.logits(), expected.logits(), SAME);
        assertThat(actual.gate()).as(what + " gate").isCloseTo(expected.gate(), within(1e-6f));
    }

    @Test
    void conversationsThatJoinPauseAndSkipEqualEachAlone() {
        Random random = new Random(5);
        int[] at = new int[SCRIPTS.length];
        List<List<Result>> expected =
                Arrays.stream(SCRIPTS).map(script -> alone(script, STEPS, 0)).toList();
        try (LmState state = fixture.model.newState(SCRIPTS.length, 64, 0)) {
            for (int tick = 0; Arrays.stream(at).anyMatch(step -> step < STEPS); tick++) {
                boolean[] active = new boolean[SCRIPTS.length];
                for (int row = 0; row < active.length; row++) {
                    active[row] = tick >= 3 * row && at[row] < STEPS && random.nextInt(4) > 0;
                }
                Result[] results = tick(state, SCRIPTS, at, active);
                for (int row = 0; row < active.length; row++) {
                    if (active[row]) {
                        same(
                                "row " + row + " step " + at[row],
                                results[row],
                                expected.get(row).get(at[row]++));
                    }
                }
            }
        }
    }

    @Test
    void aReusedSlotEqualsAFreshOne() {
        List<Result> fresh = alone(SCRIPTS[0], STEPS, 0);
        try (LmState state = fixture.model.newState(1, 64, 0)) {
            for (int step = 0; step < 17; step++) {
                tick(state, new Script[] {SCRIPTS[3]}, new int[] {step}, new boolean[] {true});
            }
            state.open(0, Controls.GREEDY, 0, 0);
            assertThat(state.seesImage(0)).isFalse();
            assertThat(state.steps(0)).isZero();
            for (int step = 0; step < STEPS; step++) {
                Result result = tick(state, new Script[] {SCRIPTS[0]}, new int[] {step}, new boolean[] {true})[0];
                assertThat(result.logits()).isEqualTo(fresh.get(step).logits());
                assertThat(result.input()).isEqualTo(fresh.get(step).input());
            }
        }
    }

    @Test
    void futureInputNeverChangesPastOutput() {
        List<Result> longer = alone(SCRIPTS[2], STEPS, 0);
        List<Result> shorter = alone(new Script(2, 0, 0), 5, 0); // the picture comes at step 5 only
        for (int step = 0; step < 5; step++) {
            assertThat(longer.get(step).logits()).isEqualTo(shorter.get(step).logits());
        }
        assertThat(longer.get(6).logits())
                .isNotEqualTo(alone(new Script(2, 0, 0), 7, 0).get(6).logits());
    }

    @Test
    void theRustAlignmentEqualsThePytorchOneFedOneFrameLate() {
        Script now = new Script(0, 0, 0);
        List<Result> rust = alone(now, STEPS, 1);
        List<Result> pytorch = new ArrayList<>();
        try (LmState state = fixture.model.newState(1, 64, 0)) {
            for (int step = 0; step < STEPS; step++) {
                int frame = Math.max(0, step - 1);
                pytorch.add(tick(state, new Script[] {now}, new int[] {frame}, new boolean[] {true})[0]);
            }
        }
        for (int step = 0; step < STEPS; step++) {
            assertThat(rust.get(step).input()).isEqualTo(pytorch.get(step).input());
            assertThat(rust.get(step).logits()).isEqualTo(pytorch.get(step).logits());
        }
    }

    @Test
    void positionsAndWindowGoOnForEver() {
        int context = fixture.config.context();
        Script script = new Script(0, 0, 0);
        try (LmState state = fixture.model.newState(1, 64, 0)) {
            for (int step = 0; step < 6 * context; step++) {
                Result result = tick(state, new Script[] {script}, new int[] {step}, new boolean[] {true})[0];
                for (float logit : result.logits()) {
                    assertThat(logit).isFinite();
                }
            }
            assertThat(state.steps(0)).isEqualTo(6L * context);
        }
    }
}
