package io.github.moshivis.lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.moshivis.Golden;
import io.github.moshivis.Golden.Tolerance;
import io.github.moshivis.Golden.Values;
import io.github.moshivis.Leaks;
import io.github.moshivis.layout.LmConfig;
import io.github.moshivis.layout.ModelDirectory;
import io.github.moshivis.layout.ModelLayout;
import io.github.moshivis.nn.RmsNorm;
import io.github.moshivis.stream.Rows;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.NativeMemory;
import io.github.moshivis.tensor.Ops;
import io.github.moshivis.tensor.Scope;
import io.github.moshivis.tensor.Tensor;
import io.github.moshivis.weights.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Golden set personaplex: NVIDIA's generator with and without prompts, step by step. */
class PersonaPlexGoldenTest {
    private static final double AUDIO_LOGITS = 1e-3;
    private static final int SLOT = 1;
    private static final String SET = "personaplex/";

    @TempDir
    Path scratch;

    /** The set's codec has a smaller alphabet than its language model: its configuration is made to fit. */
    private LanguageModelFile open() throws IOException {
        Files.copy(Golden.path(SET + "model/config.json"), scratch.resolve(ModelLayout.MOSHI_CONFIG));
        ObjectNode mimi = (ObjectNode) Golden.json(SET + "model/mimi_config.json");
        ((ObjectNode) mimi.get("quantizer")).put("bins", 2048);
        new ObjectMapper().writeValue(scratch.resolve(ModelLayout.MIMI_CONFIG).toFile(), mimi);
        return LanguageModelFile.open(Golden.path(SET + "model/model.safetensors"), ModelDirectory.read(scratch));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bare", "none", "text", "voice_wav", "voice_pt", "both_wav", "both_pt"})
    void everyScenarioEqualsTheReference(String scenario) throws IOException {
        NativeMemory.Snapshot before = NativeMemory.snapshot();
        Map<String, Values> expected = Golden.tensors(SET + "expected_" + scenario + ".safetensors");
        LanguageModelFile file = open();
        assertThat(file.takesPrompts()).isTrue();
        LmConfig config = file.config().lm();
        try (Weights weights = new Weights(file.file(), file.names(), Device.CPU)) {
            LanguageModel model = LanguageModelLoader.load(weights.as(DType.F32), config, RmsNorm.Spec.MEAN_OF_SQUARES);
            weights.verify(name -> false);
            try (LmState state = model.newState(SLOT + 1, 0, 1)) {
                int prompted = prompt(model, state, prompt(scenario, config), expected);
                converse(model, state, prompted, expected);
            }
        }
        Leaks.assertNone(before);
    }

    /**
     * The user's depth steps have no golden data, as NVIDIA overwrites their choices: they are held to the depth transformer itself, fed with
     * all tokens of the golden column.
     */
    @Test
    void allStoredDepthStepsAreFedWithWhatTheUserSaid() throws IOException {
        Map<String, Values> expected = Golden.tensors(SET + "expected_both_wav.safetensors");
        LanguageModelFile file = open();
        LmConfig config = file.config().lm();
        int all = config.audioStreams();
        try (Weights weights = new Weights(file.file(), file.names(all), Device.CPU)) {
            LanguageModel model =
                    LanguageModelLoader.load(weights.as(DType.F32), config, RmsNorm.Spec.MEAN_OF_SQUARES, all);
            weights.verify(name -> false);
            try (LmState state = model.newState(SLOT + 1, 0, 1);
                    LmState other = model.newState(SLOT + 1, 0, 1)) {
                int prompted = prompt(model, state, prompt("both_wav", config), expected);
                converse(model, state, prompted, expected, (step, taken) -> {
                    assertThat(taken.audioLogits()).hasSize(all);
                    long[] column = expected.get("input_codes").row(step + 1).longs();
                    Tensor forced = Ops.stack(
                            0, Tensor.of(column, Device.CPU, all + 1), Tensor.of(column, Device.CPU, all + 1));
                    DepthTransformer.Output alone = model.depth()
                            .forward(
                                    taken.hidden(),
                                    null,
                                    forced,
                                    null,
                                    other.depth,
                                    (s, logits) -> forced.select(1, s + 1));
                    for (int k = 0; k < all; k++) {
                        Golden.assertClose(
                                "step " + step + " depth " + k,
                                taken.audioLogits()[k].select(0, SLOT).toFloats(),
                                alone.logits()[k].select(0, SLOT).toFloats(),
                                Tolerance.HIDDEN);
                    }
                });
            }
        }
    }

    private static Prompt prompt(String scenario, LmConfig config) {
        if (scenario.equals("bare")) {
            return Prompt.none(config);
        }
        JsonNode run = Golden.json(SET + "run.json");
        int[] role = scenario.equals("text") || scenario.startsWith("both")
                ? ints(run.get("text_prompt_tokens"))
                : new int[0];
        Map<String, Values> voice = Golden.tensors(SET + "expected_voice.safetensors");
        if (scenario.endsWith("_pt")) {
            return Prompt.of(config, stored(voice.get("embeddings_bf16"), voice.get("cache")), role);
        }
        return Prompt.of(config, scenario.endsWith("_wav") ? frames(voice.get("codes")) : new int[0][], role);
    }

    private static Prompt.StoredVoice stored(Values embeddings, Values cache) {
        float[][] rows = new float[(int) embeddings.shape()[0]][];
        Arrays.setAll(rows, i -> embeddings.row(i).floats());
        long[][] columns = new long[(int) cache.shape()[1]][];
        Arrays.setAll(columns, k -> cache.row(0).row(k).longs());
        return new Prompt.StoredVoice(rows, columns);
    }

    /** [8, V] -> V frames of 8. */
    private static int[][] frames(Values codes) {
        int frames = (int) codes.shape()[1];
        int[][] result = new int[frames][(int) codes.shape()[0]];
        for (int k = 0; k < codes.shape()[0]; k++) {
            for (int t = 0; t < frames; t++) {
                result[t][k] = (int) codes.floats()[k * frames + t];
            }
        }
        return result;
    }

    /** Runs the prompt's steps, holds each to the reference, and loads them into the slot. */
    private static int prompt(LanguageModel model, LmState state, Prompt prompt, Map<String, Values> expected) {
        try (PromptState work = model.beginPrompt(prompt)) {
            List<float[]> hidden = new ArrayList<>();
            while (hidden.size() < prompt.steps()) {
                try (Scope scope = Scope.open()) {
                    Tensor piece = work.next();
                    for (int i = 0; i < piece.size(0); i++) {
                        hidden.add(piece.select(0, i).toFloats());
                    }
                }
            }
            for (int step = 0; step < prompt.steps(); step++) {
                if (step >= prompt.embeddedSteps()) {
                    assertThat(prompt.column(step))
                            .as("input " + step)
                            .isEqualTo(expected.get("input_codes").row(step).longs());
                }
                Golden.assertClose(
                        "prompt step " + step,
                        hidden.get(step),
                        expected.get("transformer_out").row(step).floats(),
                        Tolerance.HIDDEN);
            }
            state.load(SLOT, work);
        }
        return prompt.steps();
    }

    private static void converse(LanguageModel model, LmState state, int first, Map<String, Values> expected) {
        converse(model, state, first, expected, (step, taken) -> {});
    }

    private static void converse(
            LanguageModel model,
            LmState state,
            int first,
            Map<String, Values> expected,
            BiConsumer<Integer, LanguageModel.Step> check) {
        int steps = (int) expected.get("transformer_out").shape()[0];
        int freeSteps = (int) expected.get("free.text_logits").shape()[0];
        for (int step = first; step < steps; step++) {
            try (Scope scope = Scope.open()) {
                Rows rows = Rows.of(Device.CPU, new boolean[] {false, true});
                long[] given = expected.get("call_given").row(step + 1).longs();
                long[] user = Arrays.copyOfRange(given, 9, 17);
                boolean due = state.hasOutput(SLOT);
                Tensor codes = Ops.stack(0, Tensor.zeros(DType.I64, Device.CPU, 8), Tensor.of(user, Device.CPU, 8));
                LanguageModel.Step actual = model.step(codes, rows, state, new boolean[2]);
                String where = "step " + step;
                assertThat(actual.input().select(0, SLOT).toLongs())
                        .as(where + " input")
                        .isEqualTo(expected.get("input_codes").row(step).longs());
                Golden.assertClose(
                        where + " hidden",
                        actual.hidden().select(0, SLOT).toFloats(),
                        expected.get("transformer_out").row(step).floats(),
                        Tolerance.HIDDEN);
                int free = step - (steps - freeSteps);
                Golden.assertClose(
                        where + " text",
                        actual.textLogits().select(0, SLOT).toFloats(),
                        expected.get("free.text_logits").row(free).floats(),
                        Tolerance.TEXT_LOGITS);
                audio(where, actual, expected.get("free.audio_logits_every_128").row(free));
                if (step + 1 < steps) {
                    check.accept(step, actual);
                }
                if (due) {
                    assertThat(actual.output().select(0, SLOT).toLongs())
                            .as(where + " output")
                            .isEqualTo(expected.get("out_tokens").row(step).longs());
                }
            }
        }
    }

    private static void audio(String where, LanguageModel.Step actual, Values expected) {
        for (int k = 0; k < expected.shape()[0]; k++) {
            float[] all = actual.audioLogits()[k].select(0, SLOT).toFloats();
            float[] some = new float[all.length / 128];
            for (int i = 0; i < some.length; i++) {
                some[i] = all[128 * i];
            }
            Golden.assertClose(where + " audio " + k, some, expected.row(k).floats(), AUDIO_LOGITS);
        }
    }

    @Test
    void promptsThatDoNotFitAreRefused() throws IOException {
        LanguageModelFile file = open();
        file.file().close();
        LmConfig config = file.config().lm();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Prompt.of(config, new int[0][], new int[config.context()]))
                .withMessageContainingAll("found", "at most the window of " + config.context(), "shorter role");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> Prompt.of(config, new Prompt.StoredVoice(new float[3][7], new long[17][4]), new int[0]))
                .withMessageContainingAll("embeddings of 7", "dim = " + config.dim());
        long[][] bad = new long[17][4];
        bad[3][3] = -2;
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> Prompt.of(config, new Prompt.StoredVoice(new float[3][config.dim()], bad), new int[0]))
                .withMessageContainingAll("the token -2", "stream 3");
    }

    private static int[] ints(JsonNode array) {
        int[] values = new int[array.size()];
        Arrays.setAll(values, i -> array.get(i).asInt());
        return values;
    }
}
