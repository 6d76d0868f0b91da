package io.github.moshivis.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.moshivis.Golden;
import io.github.moshivis.MoshiVis;
import io.github.moshivis.SamplingOptions;
import io.github.moshivis.Session;
import io.github.moshivis.checkpoint.Checkpoint;
import io.github.moshivis.checkpoint.ConvertOptions;
import io.github.moshivis.io.Image;
import io.github.moshivis.load.LoadOptions;
import io.github.moshivis.train.tune.StepReport;
import io.github.moshivis.train.tune.Tuning;
import io.github.moshivis.train.tune.TuningFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Fine-tuning of the tiny model of the e2e set on recordings: what is learned loads, and a run that was stopped goes on. */
class TuningTest {
    private static final String LORA = "lora: {enable: true, rank: 4, scaling: 2.0, ft_embed: true}";
    private static final String VISION = "vision: {enable: true}";
    private static final String BOTH = LORA + "\n" + VISION;
    private static final String FULL = "full_finetuning: true";

    @TempDir
    private Path directory;

    private Path data;

    @BeforeEach
    void record() throws IOException {
        data = RecordedDialogues.write(directory.resolve("data"), 3, 1.6);
    }

    private Path yaml(String run, String target, String more) throws IOException {
        Path file = directory.resolve(run + ".yaml");
        Files.writeString(
                file,
                """
                data: {train_data: '%s', eval_data: '%s', shuffle: true}
                moshi_paths: {moshi_path: '%s'}
                run_dir: '%s'
                duration_sec: 1.6
                batch_size: 2
                threads: 2
                user_alignment: pytorch
                first_codebook_weight_multiplier: 10.
                %s
                %s
                """
                        .formatted(data, data, Golden.path("e2e/model"), directory.resolve(run), target, more));
        return file;
    }

    private static Path run(Path yaml, Consumer<StepReport> listener) {
        return new Tuning(TuningFile.read(yaml), listener).run().orElseThrow();
    }

    private static final String FEW_STEPS =
            "max_steps: 4\nckpt_freq: 1\nnum_microbatches: 2\nparam_dtype: float32\nnoise: {model: 0.2, user: 0.1}";

    @ParameterizedTest
    @ValueSource(strings = {VISION, BOTH})
    void aRunThatGoesOnHasTheBitsOfOneThatWasNotStopped(String target) throws IOException {
        Path whole = run(yaml("whole", target, FEW_STEPS), report -> {});
        Path stopping = yaml("stopped", target, FEW_STEPS);
        Tuning[] tuning = new Tuning[1];
        tuning[0] = new Tuning(TuningFile.read(stopping), report -> {
            if (report.step() == 2) {
                tuning[0].stop();
            }
        });
        assertThat(tuning[0].run().orElseThrow().getFileName()).hasToString("checkpoint_000002");
        Path rest = run(stopping, report -> assertThat(report.step()).isGreaterThan(2));
        for (String file : new String[] {"training/state.safetensors", "consolidated/lora.safetensors"}) {
            assertThat(rest.resolve(file)).hasSameBinaryContentAs(whole.resolve(file));
        }
        assertThat(Files.list(rest.getParent())).hasSize(3);
        assertThat(run(stopping, report -> fail("a finished run has nothing to do")))
                .isEqualTo(rest);
    }

    @Test
    void codesThatDoNotCountAreNotPredicted() throws IOException {
        List<StepReport> reports = new ArrayList<>();
        run(yaml("text", VISION, "max_steps: 1\naudio_weight: 0"), reports::add);
        run(yaml("half", VISION, "max_steps: 1\naudio_weight: 0.5"), reports::add);
        run(yaml("both", VISION, "max_steps: 1"), reports::add);
        assertThat(reports.get(0).audioLoss()).isZero();
        assertThat(reports.get(0).loss()).isCloseTo(reports.get(2).textLoss(), within(1e-6));
        assertThat(reports.get(1).audioLoss()).isCloseTo(reports.get(2).audioLoss() / 2, within(1e-4));
        assertThat(reports.get(2).audioLoss()).isPositive();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void dialoguesWithoutAPictureGiveThePartThatSeesNoGradient(boolean checkpointing) throws IOException {
        Files.writeString(data, "{\"path\": \"1.wav\", \"duration\": 1.6}\n");
        List<StepReport> reports = new ArrayList<>();
        run(yaml("blind", VISION, "max_steps: 1\ngradient_checkpointing: " + checkpointing), reports::add);
        assertThat(reports.get(0).gradientNorm()).isZero();
        assertThat(reports.get(0).loss()).isPositive();
    }

    private List<Float> losses(String run, String file) throws IOException {
        List<Float> losses = new ArrayList<>();
        for (String line : Files.readAllLines(directory.resolve(run).resolve(file))) {
            JsonNode entry = new ObjectMapper().readTree(line);
            losses.add(entry.get("loss").floatValue());
        }
        return losses;
    }

    @Test
    void theLossFallsAndTheAdapterLoads() throws IOException {
        fallAndLoad(VISION);
    }

    @Tag("stress")
    @ParameterizedTest
    @ValueSource(strings = {LORA, BOTH, FULL})
    void theLossFallsAndTheResultLoads(String target) throws IOException {
        fallAndLoad(target);
    }

    private void fallAndLoad(String target) throws IOException {
        Path checkpoint = run(
                yaml("fall", target, "max_steps: 6\ndo_eval: true\neval_freq: 2\noptim: {lr: 0.02, pct_start: 0.3}"),
                report -> assertThat(report.line()).contains("step " + report.step() + "/6"));
        List<Float> losses = losses("fall", "metrics.eval.jsonl");
        assertThat(losses).hasSize(3);
        assertThat(losses.get(2)).isLessThan(losses.get(0));
        Path result = checkpoint.resolve("consolidated");
        boolean whole = target.equals(FULL);
        LoadOptions options = LoadOptions.defaults();
        String before = talk(MoshiVis.load(Golden.path("e2e/model"), options));
        String after = talk(
                MoshiVis.load(whole ? result : Golden.path("e2e/model"), whole ? options : options.adapter(result)));
        assertThat(after).isNotEqualTo(before);
    }

    /** Codes that a model says to silence, most likely ones, as text. */
    private static String talk(MoshiVis loaded) throws IOException {
        StringBuilder said = new StringBuilder();
        try (MoshiVis model = loaded;
                Session session = model.session(Image.read(Golden.path("e2e/input.png")))
                        .sampling(SamplingOptions::greedy)
                        .open()) {
            for (int i = 0; i < 6; i++) {
                session.step(new float[Session.FRAME_SAMPLES])
                        .output()
                        .ifPresent(output -> said.append(Arrays.toString(output.audioTokens())));
            }
        }
        return said.toString();
    }

    @Test
    void aMergedAdapterIsAModelThatConverts() throws IOException {
        Path merged = run(yaml("merged", LORA, "max_steps: 2\nsave_adapters: false"), report -> {})
                .resolve("consolidated");
        Checkpoint.open(merged).convert(Checkpoint.Form.MLX, directory.resolve("mlx"), ConvertOptions.defaults());
        MoshiVis.load(directory.resolve("mlx")).close();
    }

    @Test
    void wrongSettingsAreNamed() throws IOException {
        assertThatThrownBy(() -> TuningFile.read(yaml("a", LORA, "batch_sise: 2")))
                .hasMessageContaining("batch_sise");
        assertThatThrownBy(() -> TuningFile.read(yaml("b", FULL, VISION))).hasMessageContaining("one or both");
        assertThatThrownBy(() -> TuningFile.read(yaml("c", FULL, "save_adapters: true")))
                .hasMessageContaining("save_adapters");
        assertThatThrownBy(() -> TuningFile.read(yaml("d", FULL, "max_steps: 0")))
                .hasMessageContaining("max_steps");
        Path none = yaml("e", FULL, "");
        Files.writeString(data, "");
        assertThatThrownBy(() -> run(none, report -> {})).hasMessageContaining("found no recording");
        Files.writeString(data, "{\"path\": \"0.wav\"}\n");
        assertThatThrownBy(() -> run(none, report -> {})).hasMessageContaining("line 1 of");
    }
}
