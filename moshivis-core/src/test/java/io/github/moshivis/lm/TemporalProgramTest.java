package io.github.moshivis.lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.moshivis.Golden;
import io.github.moshivis.kernel.Kernels;
import io.github.moshivis.stream.Rows;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.KernelThreads;
import io.github.moshivis.tensor.Scope;
import io.github.moshivis.tensor.Tensor;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Steps by programs against the same layers one by one: equal bit for bit. */
class TemporalProgramTest {
    private static final int STEPS = 40;

    @TempDir
    Path scratch;

    @ParameterizedTest
    @CsvSource({"1, F32, false", "3, F32, true", "1, BF16, true", "2, BF16, false"})
    void stepsAreTheSameAsLayerByLayer(int rows, DType dtype, boolean compactKeys) throws Exception {
        assumeThat(Kernels.available()).isTrue();
        Random random = new Random(rows);
        try (LmFixture fixture = new LmFixture(Golden.config("lm", scratch).lm(), dtype);
                KernelThreads threads = KernelThreads.start(2);
                LmState programs = fixture.model.newState(rows, 64, 0, compactKeys);
                LmState layers = fixture.model.newState(rows, 64, 0, compactKeys)) {
            TemporalTransformer transformer = fixture.model.temporal();
            try (Scope scope = Scope.open()) {
                Tensor features = Golden.tensors("lm/inputs.safetensors")
                        .get("image_embeddings_1")
                        .tensor();
                for (LmState state : new LmState[] {programs, layers}) {
                    state.setImage(rows - 1, fixture.model.imageKeysValues(features));
                }
            }
            for (int step = 0; step < STEPS; step++) {
                boolean[] active = new boolean[step % 5 == 4 ? 1 : rows];
                boolean[] looks = new boolean[active.length];
                for (int row = 0; row < active.length; row++) {
                    active[row] = random.nextInt(4) > 0;
                    looks[row] = step > 3 && step % 4 > 0;
                }
                try (Scope scope = Scope.open()) {
                    Tensor x =
                            numbers(random, active.length, fixture.config.dim()).to(dtype);
                    TemporalTransformer.Output ours = step(transformer, x, programs, active, looks, true);
                    TemporalTransformer.Output theirs = step(transformer, x, layers, active, looks, false);
                    for (int row = 0; row < active.length; row++) {
                        if (active[row]) {
                            assertThat(ours.hidden().select(0, row).toFloats())
                                    .as("step %s row %s", step, row)
                                    .isEqualTo(theirs.hidden().select(0, row).toFloats());
                            assertThat(ours.gate().toFloats()[row])
                                    .isEqualTo(theirs.gate().toFloats()[row]);
                        }
                    }
                }
            }
        }
    }

    private static TemporalTransformer.Output step(
            TemporalTransformer transformer,
            Tensor x,
            LmState state,
            boolean[] active,
            boolean[] looks,
            boolean byProgram) {
        StepPlan plan = plan(state, transformer, active, looks);
        ImageWindow image = plan.image() == null ? null : plan.image().window();
        if (!byProgram) {
            return transformer.forward(x, state.temporal, plan.attention(), image);
        }
        assertThat(state.programs.program(transformer, x, state.temporal, plan.attention(), image))
                .isNotNull();
        return transformer.forward(x, state.temporal, plan.attention(), image, state.programs);
    }

    private static StepPlan plan(LmState state, TemporalTransformer transformer, boolean[] active, boolean[] looks) {
        Rows rows = Rows.of(Device.CPU, active);
        return new StepPlan(
                rows,
                state,
                null,
                transformer.plan(state.temporal, rows),
                state.images.plan(rows, looks),
                null,
                null,
                null);
    }

    @Test
    void gradientsAreWantedLayerByLayer() throws Exception {
        try (LmFixture fixture = new LmFixture(Golden.config("lm", scratch).lm(), DType.F32);
                LmState state = fixture.model.newState(1, 64, 0);
                Scope scope = Scope.openDifferentiable()) {
            Tensor x = numbers(new Random(1), 1, fixture.config.dim());
            StepPlan plan = plan(state, fixture.model.temporal(), new boolean[] {true}, new boolean[] {false});
            assertThat(state.programs.program(fixture.model.temporal(), x, state.temporal, plan.attention(), null))
                    .isNull();
        }
    }

    private static Tensor numbers(Random random, int rows, int dim) {
        float[] values = new float[rows * dim];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return Tensor.of(values, Device.CPU, rows, 1, dim);
    }
}
