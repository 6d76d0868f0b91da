package io.github.moshivis.lm;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.Golden;
import io.github.moshivis.Golden.Values;
import io.github.moshivis.stream.Rows;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.Scope;
import io.github.moshivis.tensor.Tensor;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Conversations that join and leave at random, in ticks of as many rows as cover the highest slot in use, rounded up to a power of two,
 * have the logits that each has alone, but for rounding: a product of more rows may add up in another order. A choice differs only
 * where the best two are as close as that; then the two conversations have parted, and are no longer compared.
 */
class BucketsTest {
    private static final System.Logger LOG = System.getLogger(BucketsTest.class.getName());
    private static final int SLOTS = 8;
    private static final int SCRIPTS = 24;
    private static final int MAX_STEPS = 40;

    /**
     * Logits are of the order of 3. In bfloat16, that is sixteen units in their last place; choices are forced there to be the
     * alone run's, as they are often as close as that.
     */
    private static final Map<DType, Double> TOLERANCE =
            Map.of(DType.F32, Golden.Tolerance.TEXT_LOGITS, DType.BF16, 0.25);

    private static final double CLOSE = 1e-4;

    @TempDir
    Path scratch;

    private LmFixture fixture;
    private Map<String, Values> inputs;
    private long ticks;
    private long sharedTicks;
    private long steps;
    private long conversations;
    private long parted;
    private double largest;

    /** What a conversation does, all of it from its number. */
    private record Script(int number, int length, int picture, int pictureFrom) {
        static Script of(int number) {
            Random random = new Random(number);
            return new Script(number, 2 + random.nextInt(MAX_STEPS), random.nextInt(3), random.nextInt(6));
        }
    }

    /** What a step gave: for each stream its logits, and what was chosen. */
    private record Result(List<float[]> logits, long[] chosen) {
        /** How far the best choice is from the next one in each stream. */
        double margin(int stream) {
            float[] sorted = logits.get(stream).clone();
            Arrays.sort(sorted);
            return sorted[sorted.length - 1] - sorted[sorted.length - 2];
        }
    }

    /** A conversation in a slot. */
    private static final class Talk {
        private final Script script;
        private int at;
        private boolean compared = true;

        Talk(Script script) {
            this.script = script;
        }
    }

    /** One tick of the given rows; null takes no part. Choices are forced if the alone run's are given. */
    private Result[] tick(LmState state, Talk[] rows, List<List<Result>> forced) {
        int width = fixture.model.userCodebooks();
        int streams = 1 + fixture.model.modelCodebooks();
        long[] codes = new long[rows.length * width];
        long[] choices = new long[rows.length * streams];
        boolean[] active = new boolean[rows.length];
        boolean[] looks = new boolean[rows.length];
        Values heard = inputs.get("user_codes");
        try (Scope scope = Scope.open()) {
            for (int row = 0; row < rows.length; row++) {
                active[row] = rows[row] != null;
                if (active[row]) {
                    Script script = rows[row].script;
                    int at = rows[row].at;
                    int recorded = (at + 7 * script.number) % (int) heard.shape()[0];
                    System.arraycopy(heard.row(recorded).longs(), 0, codes, row * width, width);
                    looks[row] = script.picture > 0 && at >= script.pictureFrom;
                    if (looks[row] && at == script.pictureFrom) {
                        Values features = inputs.get("image_embeddings_" + script.picture);
                        state.setImage(row, fixture.model.imageKeysValues(features.tensor()));
                    }
                    if (forced != null) {
                        long[] chosen = forced.get(script.number).get(at).chosen;
                        System.arraycopy(chosen, 0, choices, row * streams, streams);
                    }
                }
            }
            Tensor user = Tensor.of(codes, Device.CPU, rows.length, width);
            Rows taking = Rows.of(Device.CPU, active);
            LanguageModel.Step step = forced == null
                    ? fixture.model.step(user, taking, state, looks)
                    : fixture.model.forcedStep(
                            user, Tensor.of(choices, Device.CPU, rows.length, streams), taking, state, looks);
            Result[] results = new Result[rows.length];
            for (int row = 0; row < rows.length; row++) {
                results[row] = active[row] ? result(step, row) : null;
            }
            return results;
        }
    }

    private static Result result(LanguageModel.Step step, int row) {
        List<float[]> logits = new ArrayList<>();
        logits.add(step.textLogits().select(0, row).toFloats());
        for (Tensor stream : step.audioLogits()) {
            logits.add(stream.select(0, row).toFloats());
        }
        return new Result(logits, step.sampled().select(0, row).toLongs());
    }

    private List<Result> alone(Script script) {
        List<Result> results = new ArrayList<>();
        Talk talk = new Talk(script);
        try (LmState state = fixture.model.newState(1, 64, 0)) {
            while (talk.at < script.length) {
                results.add(tick(state, new Talk[] {talk}, null)[0]);
                talk.at++;
            }
        }
        return results;
    }

    /** Compares a step with the alone run's. */
    private void compare(Talk talk, Result actual, List<List<Result>> alone, DType dtype) {
        String where = "script " + talk.script.number + " step " + talk.at;
        Result expected = alone.get(talk.script.number).get(talk.at++);
        for (int stream = 0; talk.compared && stream < expected.chosen.length; stream++) {
            double difference = Golden.maxDifference(actual.logits.get(stream), expected.logits.get(stream));
            largest = Math.max(largest, difference);
            assertThat(difference).as(where + ", stream " + stream).isLessThanOrEqualTo(TOLERANCE.get(dtype));
            if (dtype == DType.F32 && actual.chosen[stream] != expected.chosen[stream]) {
                assertThat(expected.margin(stream)).as("margin at " + where).isLessThan(CLOSE);
                talk.compared = false; // all that follows is fed with another choice
                parted++;
            }
        }
    }

    private void schedule(LmState state, List<List<Result>> alone, Random random, DType dtype) {
        Talk[] slots = new Talk[SLOTS];
        for (int toJoin = 1 + random.nextInt(2 * SLOTS);
                toJoin > 0 || Arrays.stream(slots).anyMatch(t -> t != null); ) {
            int free = Arrays.asList(slots).indexOf(null);
            if (toJoin > 0 && free >= 0 && random.nextInt(3) == 0) {
                slots[free] = new Talk(Script.of(random.nextInt(SCRIPTS)));
                state.open(free, Controls.GREEDY, 0, 0);
                toJoin--;
                conversations++;
            }
            Talk[] taking = Arrays.stream(slots)
                    .map(talk -> talk != null && random.nextInt(4) > 0 ? talk : null)
                    .toArray(Talk[]::new);
            int active =
                    (int) Arrays.stream(taking).filter(talk -> talk != null).count();
            if (active > 0) {
                ticks++;
                steps += active;
                sharedTicks += active > 1 ? 1 : 0;
                Talk[] rows = Arrays.copyOf(taking, bucket(taking));
                Result[] results = tick(state, rows, dtype == DType.F32 ? null : alone);
                for (int row = 0; row < rows.length; row++) {
                    if (rows[row] != null) {
                        compare(rows[row], results[row], alone, dtype);
                    }
                }
            }
            for (int slot = 0; slot < SLOTS; slot++) {
                boolean over = slots[slot] != null && slots[slot].at == slots[slot].script.length;
                slots[slot] = over || random.nextInt(60) == 0 ? null : slots[slot];
            }
        }
    }

    private static int bucket(Talk[] taking) {
        int highest = 0;
        for (int slot = 0; slot < taking.length; slot++) {
            highest = taking[slot] == null ? highest : slot;
        }
        return highest == 0 ? 1 : 2 * Integer.highestOneBit(highest);
    }

    private void schedules(int count, DType dtype) throws IOException {
        inputs = Golden.tensors("lm/inputs.safetensors");
        try (LmFixture loaded = new LmFixture(Golden.config("lm", scratch).lm(), dtype)) {
            fixture = loaded;
            List<List<Result>> alone = new ArrayList<>();
            for (int number = 0; number < SCRIPTS; number++) {
                alone.add(alone(Script.of(number)));
            }
            try (LmState state = fixture.model.newState(SLOTS, 64, 0)) {
                for (int number = 0; number < count; number++) {
                    schedule(state, alone, new Random(number), dtype);
                }
            }
        }
        LOG.log(
                Level.INFO,
                "{0}: {1} schedules, {2} conversations of which {3} parted, {4} steps in {5} ticks, {6} of them of more than"
                        + " one row; largest difference of logits {7}",
                dtype,
                count,
                conversations,
                parted,
                steps,
                ticks,
                sharedTicks,
                String.valueOf(largest));
        assertThat(sharedTicks).isGreaterThan(ticks / 3);
        assertThat(parted).as("conversations that parted").isLessThanOrEqualTo(conversations / 100);
    }

    @Test
    void inFloat32() throws IOException {
        schedules(8, DType.F32);
    }

    @Test
    void inBfloat16() throws IOException {
        schedules(4, DType.BF16);
    }

    @Test
    @Tag("stress")
    void thousandsOfSchedules() throws IOException {
        schedules(2000, DType.F32);
    }
}
