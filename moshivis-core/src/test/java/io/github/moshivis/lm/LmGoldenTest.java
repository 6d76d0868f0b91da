package io.github.moshivis.lm;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.Golden;
import io.github.moshivis.Golden.Tolerance;
import io.github.moshivis.Golden.Values;
import io.github.moshivis.Leaks;
import io.github.moshivis.layout.LmConfig;
import io.github.moshivis.nn.AttentionPlan;
import io.github.moshivis.stream.RingWindow;
import io.github.moshivis.stream.Rows;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.NativeMemory;
import io.github.moshivis.tensor.Ops;
import io.github.moshivis.tensor.Scope;
import io.github.moshivis.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Golden set lm: traces of the public PyTorch reference on a tiny random model, step by step. */
class LmGoldenTest {
    @TempDir
    Path scratch;

    private LmConfig config(boolean largerDelays) throws IOException {
        LmConfig config = Golden.config("lm", scratch).lm();
        if (!largerDelays) {
            return config;
        }
        List<Integer> delays = new ArrayList<>();
        Golden.json("lm/config.json").get("delays_2").forEach(delay -> delays.add(delay.asInt()));
        return new LmConfig(
                config.dim(),
                config.heads(),
                config.layers(),
                config.context(),
                config.maxPeriod(),
                config.hiddenScale(),
                config.textCard(),
                config.paddingToken(),
                config.audioCard(),
                config.audioStreams(),
                config.modelCodebooks(),
                delays,
                config.depth(),
                config.imageDim(),
                null);
    }

    /** Which picture a trace looks at in a step: 0 for none. */
    static int pictureAt(String trace, int step) {
        return switch (trace) {
            case "no_image" -> 0;
            case "image1", "delays_2" -> 1;
            case "switch" -> step < 20 ? 1 : 2;
            case "xa_start8" -> step < 8 ? 0 : 1;
            default -> throw new IllegalArgumentException(trace);
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"no_image", "image1", "switch", "xa_start8", "delays_2"})
    void traceEqualsTheReference(String trace) throws IOException {
        Map<String, Values> expected = Golden.tensors("lm/expected_" + trace + ".safetensors");
        Map<String, Values> inputs = Golden.tensors("lm/inputs.safetensors");
        try (LmFixture fixture = new LmFixture(config(trace.equals("delays_2")), DType.F32);
                LmState state = fixture.model.newState(1, 64, 0)) {
            int shown = 0;
            for (int step = 0; step < expected.get("user_codes").shape()[0]; step++) {
                try (Scope scope = Scope.open()) {
                    int picture = pictureAt(trace, step);
                    if (picture != shown) {
                        Tensor features =
                                inputs.get("image_embeddings_" + picture).tensor();
                        state.setImage(0, fixture.model.imageKeysValues(features));
                        shown = picture;
                    }
                    boolean due = state.hasOutput(0);
                    LanguageModel.Step actual = fixture.model.step(
                            codes(expected, step), Rows.all(Device.CPU, 1), state, new boolean[] {picture > 0});
                    compare(trace + " step " + step, actual, due, expected, step);
                }
            }
        }
    }

    static Tensor codes(Map<String, Values> expected, int step) {
        return expected.get("user_codes").row(step).ids().unsqueeze(0);
    }

    /** Holds one step to a trace; traces of plain Moshi have no gates, forced ones no choices of their own. */
    static void compare(String where, LanguageModel.Step actual, boolean due, Map<String, Values> expected, int step) {
        assertThat(actual.input().toLongs())
                .as(where + " input")
                .isEqualTo(expected.get("input_codes").row(step).longs());
        close(where, actual.hidden(), expected, "transformer_out", step, Tolerance.HIDDEN);
        close(where, actual.textLogits(), expected, "text_logits", step, Tolerance.TEXT_LOGITS);
        Tensor audio = Ops.cat(0, actual.audioLogits());
        close(where, audio, expected, "audio_logits", step, Tolerance.AUDIO_LOGITS);
        if (expected.containsKey("gate_weight_raw")) {
            close(where, actual.gate(), expected, "gate_weight_raw", step, Tolerance.GATE);
        }
        if (expected.containsKey("sampled_tokens")) {
            assertThat(actual.sampled().toLongs())
                    .as(where + " sampled")
                    .isEqualTo(expected.get("sampled_tokens").row(step).longs());
        }
        assertThat(due)
                .as(where + " has output")
                .isEqualTo(expected.get("out_valid").floats()[step] != 0);
        if (due) {
            assertThat(actual.output().toLongs())
                    .as(where + " output")
                    .isEqualTo(expected.get("out_tokens").row(step).longs());
        }
    }

    private static void close(
            String where, Tensor actual, Map<String, Values> expected, String name, int step, double tolerance) {
        Values all = expected.get(name);
        float[] wanted = all.shape().length == 1
                ? new float[] {all.floats()[step]}
                : all.row(step).floats();
        Golden.assertClose(where + " " + name, actual.toFloats(), wanted, tolerance);
    }

    @ParameterizedTest
    @ValueSource(strings = {"no_image", "switch"})
    void intermediatesEqualTheReference(String trace) throws IOException {
        Map<String, Values> expected = Golden.tensors("lm/expected_" + trace + ".safetensors");
        Map<String, Values> inputs = Golden.tensors("lm/inputs.safetensors");
        try (LmFixture fixture = new LmFixture(config(false), DType.F32);
                LmState state = fixture.model.newState(1, 64, 0)) {
            for (int step = 0; step < expected.get("user_codes").shape()[0]; step++) {
                try (Scope scope = Scope.open()) {
                    int picture = pictureAt(trace, step);
                    if (picture > 0) {
                        Tensor features =
                                inputs.get("image_embeddings_" + picture).tensor();
                        state.setImage(0, fixture.model.imageKeysValues(features));
                    }
                    Tensor input = expected.get("input_codes").row(step).ids().unsqueeze(0);
                    Tensor x = fixture.model.embed(input);
                    close(trace, x, expected, "inputs_embeds", step, Tolerance.HIDDEN);
                    walkLayers(fixture.model.temporal(), state, x.unsqueeze(1), picture > 0, expected, step);
                }
            }
        }
    }

    /** Runs the layers one by one, as the temporal transformer does, and looks at each. */
    private static void walkLayers(
            TemporalTransformer temporal,
            LmState state,
            Tensor embeddings,
            boolean looks,
            Map<String, Values> expected,
            int step) {
        Rows rows = Rows.all(Device.CPU, 1);
        AttentionPlan plan = temporal.plan(state.temporal, rows);
        RingWindow window = plan.ring().window();
        Tensor rotations = plan.rotations().tensor();
        ImageWindowPlan look = state.images.plan(rows, new boolean[] {looks});
        Tensor x = embeddings;
        for (int i = 0; i < temporal.layers().size(); i++) {
            TemporalLayer layer = temporal.layers().get(i);
            String where = "step " + step + " layer " + i;
            TemporalLayer.Output output =
                    layer.forward(x, rotations, state.temporal.ring(i), window, look == null ? null : look.window());
            Tensor attention = layer.attention()
                    .forward(layer.attentionNorm().forward(x), rotations, state.temporal.ring(i), window);
            Golden.assertClose(
                    where + " attention",
                    attention.toFloats(),
                    expected.get("self_attn_out").row(step).row(i).floats(),
                    Tolerance.HIDDEN);
            Golden.assertClose(
                    where,
                    output.hidden().toFloats(),
                    expected.get("layer_out").row(step).row(i).floats(),
                    Tolerance.HIDDEN);
            if (looks && expected.containsKey("gate_mean_per_layer")) {
                float wanted = expected.get("gate_mean_per_layer").row(step).floats()[i];
                Golden.assertClose(where + " gate", output.gateMean().toFloats(), new float[] {wanted}, Tolerance.GATE);
            }
            x = output.hidden();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void keysAndValuesOfAPictureEqualTheReference(int picture) throws IOException {
        Map<String, Values> expected = Golden.tensors("lm/expected_ca_kv.safetensors");
        Map<String, Values> inputs = Golden.tensors("lm/inputs.safetensors");
        for (DType dtype : new DType[] {DType.F32, DType.BF16}) {
            try (LmFixture fixture = new LmFixture(config(false), dtype);
                    Scope scope = Scope.open()) {
                CrossAttention.ImageKeysValues keysValues = fixture.model.imageKeysValues(
                        inputs.get("image_embeddings_" + picture).tensor());
                String suffix = "_" + picture + (dtype == DType.BF16 ? "_bf16" : "");
                // bfloat16 keeps 8 bits: one rounding of a value near 4 is 0.016.
                double tolerance = dtype == DType.BF16 ? 0.0625 : Tolerance.HIDDEN;
                Golden.assertClose(
                        "k",
                        keysValues.keys().toFloats(),
                        expected.get("k" + suffix).floats(),
                        tolerance);
                Golden.assertClose(
                        "v",
                        keysValues.values().toFloats(),
                        expected.get("v" + suffix).floats(),
                        tolerance);
            }
        }
    }

    @Test
    void bfloat16FollowsTheReferenceWithForcedTokens() throws IOException {
        Map<String, Values> expected = Golden.tensors("lm/expected_switch_bf16_forced.safetensors");
        Map<String, Values> inputs = Golden.tensors("lm/inputs.safetensors");
        int steps = (int) expected.get("user_codes").shape()[0];
        List<float[]> text = new ArrayList<>();
        List<float[]> audio = new ArrayList<>();
        List<float[]> gates = new ArrayList<>();
        try (LmFixture fixture = new LmFixture(config(false), DType.BF16);
                LmState state = fixture.model.newState(1, 64, 0)) {
            for (int step = 0; step < steps; step++) {
                try (Scope scope = Scope.open()) {
                    int picture = pictureAt("switch", step);
                    state.setImage(
                            0,
                            fixture.model.imageKeysValues(
                                    inputs.get("image_embeddings_" + picture).tensor()));
                    Tensor forced =
                            expected.get("forced_tokens").row(step).ids().unsqueeze(0);
                    LanguageModel.Step actual = fixture.model.forcedStep(
                            codes(expected, step), forced, Rows.all(Device.CPU, 1), state, new boolean[] {true});
                    assertThat(actual.input().toLongs())
                            .isEqualTo(expected.get("input_codes").row(step).longs());
                    text.add(actual.textLogits().toFloats());
                    audio.add(Ops.cat(0, actual.audioLogits()).toFloats());
                    gates.add(actual.gate().toFloats());
                }
            }
        }
        // The reference itself differs from float32 by up to 0.2 / 0.45, 0.03 / 0.04 in the mean: twice that is
        // allowed.
        within("text logits", concat(text), expected.get("text_logits").floats(), 0.41, 0.063);
        within("audio logits", concat(audio), expected.get("audio_logits").floats(), 0.91, 0.087);
        within("gate", concat(gates), expected.get("gate_weight_raw").floats(), 0.0034, 0.00074);
    }

    private static void within(String what, float[] actual, float[] expected, double max, double mean) {
        Golden.assertClose(what, actual, expected, max);
        assertThat(Golden.meanDifference(actual, expected))
                .as(what + ": mean difference")
                .isLessThan(mean);
    }

    private static float[] concat(List<float[]> parts) {
        float[] all = new float[parts.stream().mapToInt(part -> part.length).sum()];
        int at = 0;
        for (float[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }

    @ParameterizedTest
    @ValueSource(strings = {"text_default", "audio_default", "text_hot", "audio_cold", "top1", "no_topk"})
    void drawsAsTheReferenceDoes(String name) {
        Map<String, Values> all = Golden.tensors("lm/expected_sampling.safetensors");
        var settings = Golden.json("lm/manifest.json").get("sampling_cases").get(name);
        Values logits = all.get(name + ".logits");
        int rows = (int) logits.shape()[0];
        int entries = (int) logits.shape()[1];
        Sampling sampling = new Sampling(
                settings.get("temp").asDouble(), settings.get("top_k").asInt(), 1);
        try (Scope scope = Scope.open()) {
            Sampling[] samplings = new Sampling[rows];
            Arrays.fill(samplings, sampling);
            NoiseSource[] noise = recorded(all.get(name + ".noise_q"));
            Sampler sampler = new Sampler(Rows.all(Device.CPU, rows), samplings, noise, 1, entries);
            assertThat(sampler.choose(0, logits.tensor()).toLongs())
                    .isEqualTo(all.get(name + ".token").longs());
            Golden.assertClose(
                    "probabilities",
                    Ops.softmax(logits.tensor().mul(1 / sampling.temperature())).toFloats(),
                    all.get(name + ".probs").floats(),
                    Tolerance.PROBABILITY);
        }
    }

    /** Sources that give what was recorded, [rows, n], a row each. */
    private static NoiseSource[] recorded(Values noise) {
        NoiseSource[] sources = new NoiseSource[(int) noise.shape()[0]];
        Arrays.setAll(sources, row -> new NoiseSource(0) {
            @Override
            void fill(float[] values, int offset, int length) {
                System.arraycopy(noise.row(row).floats(), 0, values, offset, length);
            }
        });
        return sources;
    }

    @Test
    void leavesNothingBehind() throws IOException {
        NativeMemory.Snapshot before = NativeMemory.snapshot();
        traceEqualsTheReference("switch");
        Leaks.assertNone(before);
    }
}
