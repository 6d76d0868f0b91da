package io.github.moshivis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.MoshiVis;
import io.github.moshivis.Reply;
import io.github.moshivis.Session;
import io.github.moshivis.checkpoint.Checkpoint;
import io.github.moshivis.checkpoint.Checkpoint.Size;
import io.github.moshivis.layout.ModelDirectory;
import io.github.moshivis.weights.file.SafetensorsFile;
import io.github.moshivis.weights.file.StoredTensor;
import io.github.moshivis.weights.file.TensorFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A random model with all its parts, which only a project that depends on all modules can write. */
class RandomModelTest {
    private static final Path GOLDEN = Path.of(System.getProperty("golden.dir"));
    private static final int FRAMES = 20;

    @Test
    void itsFilesHoldTheTensorsOfTheGoldenModelsFiles(@TempDir Path scratch) {
        ModelDirectory golden = ModelDirectory.read(GOLDEN.resolve("e2e/model"));
        ModelDirectory random = ModelDirectory.read(Checkpoint.random(Size.TINY, 1, scratch));
        int goldenPieces = golden.config().lm().textCard();
        int pieces = random.config().lm().textCard();
        assertThat(shapes(random.files().lm(), pieces))
                .isEqualTo(shapes(golden.files().lm(), goldenPieces));
        assertThat(shapes(random.files().mimi(), pieces))
                .isEqualTo(shapes(golden.files().mimi(), goldenPieces));
    }

    /** Types and shapes; the number of text pieces, in which the two models differ, as a letter. */
    private static Map<String, String> shapes(Path file, int pieces) {
        try (TensorFile open = SafetensorsFile.open(file)) {
            return open.tensors().values().stream()
                    .collect(Collectors.toMap(
                            StoredTensor::name,
                            tensor -> tensor.type()
                                    + tensor.shape()
                                            .toString()
                                            .replace("[" + pieces + ",", "[P,")
                                            .replace("[" + (pieces + 1) + ",", "[P + 1,")));
        }
    }

    @Test
    void itSpeaksAndListensAndNothingOverflowsOrStandsStill(@TempDir Path scratch) {
        Checkpoint.random(Size.TINY, 1, scratch);
        Random noise = new Random(1);
        List<Reply> replies = new ArrayList<>();
        try (MoshiVis model = MoshiVis.load(scratch);
                Session session =
                        model.session(GOLDEN.resolve("e2e/input.png")).greedy().open()) {
            for (int frame = 0; frame < FRAMES; frame++) {
                replies.add(session.step(sound(noise, frame)));
            }
        }
        List<Reply.Output> outputs =
                replies.stream().flatMap(reply -> reply.output().stream()).toList();
        Set<Integer> texts = outputs.stream().map(o -> o.text().token()).collect(Collectors.toSet());
        assertThat(texts).as("texts").hasSizeGreaterThan(5);
        for (int k = 0; k < 8; k++) {
            int codebook = k;
            assertThat(replies.stream().map(r -> r.userCodes()[codebook]).collect(Collectors.toSet()))
                    .as("heard of codebook " + k)
                    .hasSizeGreaterThan(3);
            assertThat(outputs.stream().map(o -> o.audioTokens()[codebook]).collect(Collectors.toSet()))
                    .as("spoken of codebook " + k)
                    .hasSizeGreaterThan(5);
        }
        Set<Float> samples = new HashSet<>();
        outputs.forEach(output -> {
            assertThat(output.text().gateWeight()).isBetween(0.01, 0.03);
            for (float sample : output.pcm()) {
                assertThat(Math.abs(sample)).isLessThan(5);
                samples.add(sample);
            }
        });
        assertThat(samples).as("different samples").hasSizeGreaterThan(10_000);
    }

    /** A tone that changes from frame to frame, with noise. */
    private static float[] sound(Random noise, int frame) {
        float[] samples = new float[Session.FRAME_SAMPLES];
        for (int i = 0; i < samples.length; i++) {
            double seconds = (frame * samples.length + i) / 24_000.0;
            samples[i] = (float)
                    (0.3 * Math.sin(2 * Math.PI * (200 + 30 * (frame % 7)) * seconds) + 0.05 * noise.nextGaussian());
        }
        return samples;
    }
}
