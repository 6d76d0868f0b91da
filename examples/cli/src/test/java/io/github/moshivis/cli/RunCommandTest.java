package io.github.moshivis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.moshivis.weights.file.SafetensorsFile;
import io.github.moshivis.weights.file.TensorFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code run} does with its options; what it says is {@link EndToEndGoldenTest}'s concern. */
class RunCommandTest {
    @TempDir
    Path directory;

    @Test
    void toyNeedsNothingButItsBundledModelClipAndPicture() throws IOException {
        JsonNode document = run();

        // 4.05 s of clip and 4 s of silence, and silence up to the end of the last frame.
        assertThat(document.get("codes")).hasSize(101);
        assertThat(document.get("frames")).hasSize(100);
        assertThat(document.get("image_used")).allMatch(used -> used.asInt() == 1);
        assertThat(document.get("frames").get(0).fieldNames())
                .toIterable()
                .containsExactly("frame", "text_token", "piece", "text", "audio_tokens", "gate_weight", "color");
        assertThat(document.get("frames").get(0).get("audio_tokens")).hasSize(8);
    }

    @Test
    void dropsAnIncompleteLastFrameWithoutATailAndCompletesItWithOne() throws IOException {
        assertThat(run("--in", Cli.QUESTION).get("codes")).hasSize(50);
        assertThat(run("--in", Cli.QUESTION, "--tail", 0).get("codes")).hasSize(50);
        assertThat(run("--in", Cli.QUESTION, "--tail", 0.001).get("codes")).hasSize(51);
        assertThat(run("--tail", 0).get("codes")).as("the bundled clip, too").hasSize(50);
    }

    @Test
    void filesOfTheModelAreNotWrittenOver() throws IOException {
        Path weights = Files.writeString(directory.resolve("model.safetensors"), "weights");
        Path config = Files.writeString(directory.resolve("moshika-vis.yaml"), "dim: 1");
        Path other = directory.resolve("answer.wav");

        for (Object[] outputs : new Object[][] {{weights, directory.resolve("a.json")}, {other, config}}) {
            Cli.Outcome outcome = Cli.run(
                    "run", "--model", directory, "--in", Cli.QUESTION, "--out", outputs[0], "--tokens", outputs[1]);
            assertThat(outcome.exitCode()).isEqualTo(2);
            assertThat(outcome.err()).contains("another option names the same file");
        }
        assertThat(weights).hasContent("weights");
        assertThat(config).hasContent("dim: 1");
    }

    @Test
    void talksWithoutAPicture() throws IOException {
        assertThat(run("--no-image").get("image_used")).allMatch(used -> used.asInt() == 0);
    }

    @Test
    void looksAtThePictureLater() throws IOException {
        JsonNode used = run("--xa-start", 7).get("image_used");

        assertThat(used).hasSize(101);
        for (int step = 0; step < used.size(); step++) {
            assertThat(used.get(step).asInt()).isEqualTo(step < 7 ? 0 : 1);
        }
    }

    @Test
    void takesPicturesLargerThanTheModelWasTrainedWith() throws IOException {
        assertThat(run("--image-size", 112, "--greedy")).isNotEqualTo(run("--greedy"));
    }

    @Test
    void repeatsItselfWithTheSameSeedOnly() throws IOException {
        JsonNode first = run("--seed", 1);

        assertThat(run("--seed", 1)).isEqualTo(first);
        assertThat(run("--seed", 2)).isNotEqualTo(first);
    }

    @Test
    void greedyIsBothTemperaturesZero() throws IOException {
        assertThat(run("--greedy", "--seed", 1))
                .isEqualTo(run("--text-temperature", 0, "--audio-temperature", 0, "--seed", 2))
                .isEqualTo(run("--text-top-k", 1, "--audio-top-k", 1, "--seed", 3));
    }

    @Test
    void seedSetsBothSeeds() throws IOException {
        JsonNode both = run("--seed", 5);

        assertThat(run("--text-seed", 5, "--audio-seed", ~5)).isEqualTo(both);
        assertThat(run("--seed", 5, "--text-seed", 6)).isNotEqualTo(both);
        assertThat(run("--seed", 5, "--audio-seed", 6)).isNotEqualTo(both);
    }

    @Test
    void everyControlHasItsEffectAndItsNeutralValueNone() throws IOException {
        JsonNode plain = run("--seed", 5);

        assertThat(run("--seed", 5, "--text-top-p", 1, "--audio-top-p", 1, "--repetition-penalty", 1))
                .isEqualTo(plain);
        assertThat(run("--seed", 5, "--repetition-penalty", 3, "--repetition-context", 0))
                .isEqualTo(plain);
        assertThat(run("--seed", 5, "--pad-mult", 0, "--gate-influence", 0)).isEqualTo(plain);
        assertThat(run("--seed", 5, "--text-top-p", 0.3)).isNotEqualTo(plain);
        assertThat(run("--seed", 5, "--audio-top-p", 0.3)).isNotEqualTo(plain);
        assertThat(run("--seed", 5, "--repetition-penalty", 3)).isNotEqualTo(plain);
        assertThat(run("--seed", 5, "--gate-influence", 1)).isNotEqualTo(plain);
        assertThat(silences(run("--seed", 5, "--text-top-k", 0, "--pad-mult", 20)))
                .isGreaterThan(10 + silences(run("--seed", 5, "--text-top-k", 0, "--pad-mult", -20)));
        assertThat(run("--seed", 5, "--text-top-p", 0, "--audio-top-p", 0)).isEqualTo(run("--greedy"));
    }

    @Test
    void endsAfterItsLongestDuration() throws IOException {
        assertThat(run("--max-duration", 0.8).get("codes")).hasSize(10);
        assertThat(run("--max-duration", 0.81).get("codes")).hasSize(11);
    }

    @Test
    void recordsBothSidesAndAllTokens() throws IOException {
        Path wav = directory.resolve("talk.wav");
        JsonNode document = run("--record", wav, "--seed", 3, "--tail", 0);
        int steps = document.get("codes").size();

        byte[] bytes = Files.readAllBytes(wav);
        ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(header.getShort(22)).as("channels").isEqualTo((short) 2);
        assertThat(header.getInt(24)).as("rate").isEqualTo(24_000);
        assertThat(bytes).as("16 bits, both sides").hasSize(44 + steps * 1920 * 2 * 2);
        int firstRight = header.getShort(44 + 2);
        assertThat(firstRight).as("the model is silent in the first step").isZero();

        JsonNode about =
                new ObjectMapper().readTree(directory.resolve("talk.json").toFile());
        assertThat(about.get("text_seed").asLong()).isEqualTo(3);
        assertThat(about.get("audio_seed").asLong()).isEqualTo(~3L);
        assertThat(about.get("text_topk").asInt()).isEqualTo(25);
        assertThat(about.get("steps").asInt()).isEqualTo(steps);
        StringBuilder said = new StringBuilder();
        document.get("frames").forEach(frame -> said.append(frame.get("text").asText()));
        StringBuilder recorded = new StringBuilder();
        about.get("transcript")
                .forEach(piece -> recorded.append(piece.get("text").asText()));
        assertThat(recorded).isNotEmpty().hasToString(said.toString());

        try (TensorFile tensors = SafetensorsFile.open(directory.resolve("talk.safetensors"))) {
            assertThat(tensors.tensors().get("text").shape()).containsExactly((long) steps);
            assertThat(tensors.tensors().get("gate_weights").shape()).containsExactly((long) steps);
            assertThat(tensors.tensors().get("audio").shape()).containsExactly((long) steps, 16L);
        }
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files.map(file -> file.getFileName().toString())).noneMatch(name -> name.contains("partial"));
        }
    }

    @Test
    void handsOptionsOfLoadingOn() throws IOException {
        JsonNode defaults = run("--greedy");

        assertThat(run("--greedy", "--norms", "rust")).isNotEqualTo(defaults);
        assertThat(run("--greedy", "--user-alignment", "rust")).isNotEqualTo(defaults);
        assertThat(run("--greedy", "--precision", "bf16")).isNotEqualTo(defaults);
        assertThat(run("--greedy", "--norms", "pytorch", "--user-alignment", "PyTorch", "--precision", "f32"))
                .isEqualTo(defaults);
    }

    @Test
    void takesAModelByItsDirectoryOrItsFiles() throws IOException {
        JsonNode bundled = run("--greedy");
        Path lm = Files.copy(Cli.MODEL.resolve("model.safetensors"), directory.resolve("lm.safetensors"));

        assertThat(run("--greedy", "--model", Cli.MODEL)).isEqualTo(bundled);
        assertThat(run("--greedy", "--model", Cli.MODEL.resolve("model.safetensors")))
                .isEqualTo(bundled);
        assertThat(run("--greedy", "--model", Cli.MODEL, "--lm", lm)).isEqualTo(bundled);
    }

    private static int silences(JsonNode document) {
        int count = 0;
        for (JsonNode frame : document.get("frames")) {
            count += frame.get("text_token").asInt() == 3 ? 1 : 0;
        }
        return count;
    }

    private JsonNode run(Object... options) throws IOException {
        Path tokens = directory.resolve("tokens.json");
        Stream<Object> command = Stream.of("run", "--out", directory.resolve("answer.wav"), "--tokens", tokens);
        Stream<Object> model = List.of(options).contains("--model")
                ? Stream.of("--in", Cli.QUESTION, "--tail", 4, "--image", Cli.PICTURE)
                : Stream.of("--toy");
        Cli.Outcome outcome = Cli.run(
                Stream.concat(Stream.concat(command, model), Stream.of(options)).toArray());
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.exitCode()).isZero();
        assertThat(directory.resolve("answer.wav")).isNotEmptyFile();
        return new ObjectMapper().readTree(tokens.toFile());
    }
}
