package io.github.moshivis.train.nano;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.moshivis.MoshiVis;
import io.github.moshivis.SamplingOptions;
import io.github.moshivis.Session;
import io.github.moshivis.checkpoint.Checkpoint;
import io.github.moshivis.checkpoint.ConvertOptions;
import io.github.moshivis.io.Image;
import io.github.moshivis.load.BundledModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The recipe at its smallest: losses fall, a run that was broken off goes on, the result loads, talks and converts. */
class NanoRecipeTest {
    @TempDir
    private Path directory;

    @BeforeEach
    void findSpeech() {
        Speech.assumeInstalled();
    }

    private static Path run(Path run, String failingAt) throws IOException {
        return new NanoRecipe(run, NanoScale.TINY, 2, 5, line -> {
                    if (line.startsWith(failingAt)) {
                        throw new IllegalStateException("broken off at " + failingAt);
                    }
                })
                .run();
    }

    private static final String NEVER = "never";

    private static List<Double> losses(Path run, String stage, String loss) throws IOException {
        List<Double> losses = new ArrayList<>();
        for (String line : Files.readAllLines(run.resolve(stage).resolve("metrics.jsonl"))) {
            JsonNode entry = new ObjectMapper().readTree(line);
            assertThat(entry.get("lr").doubleValue()).isPositive();
            losses.add(entry.get(loss).doubleValue());
        }
        return losses;
    }

    private static void assertFalls(Path run, String stage, String loss) throws IOException {
        List<Double> all = losses(run, stage, loss);
        assertThat(all).hasSize(15);
        assertThat(mean(all.subList(12, 15))).as(stage).isLessThan(mean(all.subList(0, 3)));
    }

    private static double mean(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    }

    @Test
    void lossesFallAndTheResultLoadsTalksAndConverts() throws IOException {
        Path run = directory.resolve("run");
        Path model = run(run, NEVER);
        assertFalls(run, "codec", "loss");
        assertFalls(run, "vision", "loss");
        assertFalls(run, "language", "text");
        int spoken = 0;
        try (MoshiVis loaded = MoshiVis.load(model);
                Session session = loaded.session(Image.read(
                                BundledModel.nano().picture("a red heart").file()))
                        .sampling(SamplingOptions::greedy)
                        .open()) {
            for (int i = 0; i < 6; i++) {
                spoken +=
                        session.step(new float[Session.FRAME_SAMPLES]).output().isPresent() ? 1 : 0;
            }
        }
        assertThat(spoken).isPositive();
        Path mlx = directory.resolve("mlx");
        Checkpoint.open(model).convert(Checkpoint.Form.MLX, mlx, ConvertOptions.defaults());
        MoshiVis.load(mlx).close();
        assertThat(run(run, "language")).as("a finished run has nothing to do").isEqualTo(model);
    }

    @Test
    @Tag("stress")
    void aRunThatGoesOnHasTheBitsOfOneThatWasNotStopped() throws IOException {
        Path whole = run(directory.resolve("whole"), NEVER);
        Path stopped = directory.resolve("stopped");
        for (String place : new String[] {"speech: 5/", "vision: step 8/", "codec: step 13/", "language: step 7/"}) {
            assertThatThrownBy(() -> run(stopped, place)).hasStackTraceContaining("broken off at " + place);
        }
        Path model = run(stopped, NEVER);
        for (String file : new String[] {"model.safetensors", "tokenizer-e351c8d8-checkpoint125.safetensors"}) {
            assertThat(model.resolve(file)).hasSameBinaryContentAs(whole.resolve(file));
        }
    }

    @Test
    @Tag("stress")
    void aRunOfAnotherSeedIsRefused() throws IOException {
        assertThatThrownBy(() -> run(directory, "vision: step 2/")).hasStackTraceContaining("broken off");
        assertThatThrownBy(() -> new NanoRecipe(directory, NanoScale.TINY, 2, 6, line -> {}).run())
                .hasMessageContaining("another run");
    }
}
