package io.github.moshivis.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.moshivis.checkpoint.Checkpoint.Size;
import io.github.moshivis.errors.CheckpointException;
import io.github.moshivis.io.ProgressListener;
import io.github.moshivis.io.ProgressListener.Progress;
import io.github.moshivis.layout.ModelConfig;
import io.github.moshivis.layout.ModelDirectory;
import io.github.moshivis.layout.ModelDirectoryWriter;
import io.github.moshivis.layout.ModelFiles;
import io.github.moshivis.layout.ModelLayout;
import io.github.moshivis.lm.LanguageModel;
import io.github.moshivis.lm.LanguageModelLoader;
import io.github.moshivis.lm.LmState;
import io.github.moshivis.nn.RmsNorm;
import io.github.moshivis.stream.Rows;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.Scope;
import io.github.moshivis.tensor.Tensor;
import io.github.moshivis.weights.Weights;
import io.github.moshivis.weights.file.SafetensorsFile;
import io.github.moshivis.weights.file.StoredTensor;
import io.github.moshivis.weights.file.TensorFile;
import io.github.moshivis.weights.names.PytorchNames;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Random models, written from plans whose image encoder and codec are stand-ins of a few tensors. */
class RandomCheckpointTest {
    private static final List<String> FILES = Stream.concat(
                    Stream.of(
                            ModelLayout.LM,
                            ModelLayout.Companion.MIMI.released(),
                            ModelLayout.Companion.TOKENIZER.released()),
                    ModelDirectoryWriter.FILES.stream())
            .sorted()
            .toList();

    @TempDir
    Path scratch;

    private Path write(String name, long seed) {
        Path directory = scratch.resolve(name);
        new RandomCheckpoint(PlannedParts.plan(Size.TINY.config()), seed, ProgressListener.NONE).write(directory);
        return directory;
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void equalSeedsGiveEqualBytesAndOthersDoNot() throws IOException {
        Path first = write("first", 7);
        Path again = write("again", 7);
        Path other = write("other", 8);
        assertThat(names(first)).isEqualTo(FILES);
        for (String file : FILES) {
            assertThat(Files.mismatch(first.resolve(file), again.resolve(file)))
                    .as(file)
                    .isEqualTo(-1);
        }
        for (String file : List.of(ModelLayout.LM, ModelLayout.Companion.MIMI.released())) {
            assertThat(Files.mismatch(first.resolve(file), other.resolve(file)))
                    .as(file)
                    .isNotEqualTo(-1);
        }
    }

    @Test
    void noTwoTensorsOfAShapeAreAlike() {
        ModelFiles files = ModelDirectory.read(write("model", 7)).files();
        try (TensorFile lm = SafetensorsFile.open(files.lm())) {
            Set<String> seen = new HashSet<>();
            for (StoredTensor tensor : lm.tensors().values()) {
                byte[] bytes = new byte[(int) tensor.byteLength()];
                lm.bytes(tensor.name()).slice().get(bytes);
                assertThat(seen.add(new String(bytes, StandardCharsets.ISO_8859_1)))
                        .as(tensor.name() + " differs from all others")
                        .isTrue();
            }
        }
    }

    @Test
    void theDirectoryHasTheSizesItWasWrittenFor() {
        ModelDirectory directory = ModelDirectory.read(write("model", 7));
        assertThat(directory.config()).isEqualTo(Size.TINY.config());
        assertThat(directory.files()).isEqualTo(directory.files().checkPresent(true));
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"F32", "BF16"})
    void theLanguageModelLoadsAndItsLogitsAreFiniteAndVary(DType dtype) {
        ModelDirectory directory = ModelDirectory.read(write("model", 7));
        ModelConfig config = directory.config();
        try (Weights weights = new Weights(
                SafetensorsFile.open(directory.files().lm()),
                PytorchNames.table(config.lm().modelCodebooks()),
                Device.CPU)) {
            LanguageModel model = LanguageModelLoader.load(weights.as(dtype), config.lm(), RmsNorm.Spec.VARIANCE);
            weights.verify(name -> name.startsWith("image_prefix."));
            try (LmState state = model.newState(1, config.vision().positions(), 0)) {
                Set<Long> texts = new HashSet<>();
                for (int step = 0; step < 12; step++) {
                    texts.add(step(model, config, state, step));
                }
                assertThat(texts).as("different texts in 12 steps").hasSizeGreaterThan(3);
            }
        }
    }

    /** Listens to noise and looks at noise. */
    private static long step(LanguageModel model, ModelConfig config, LmState state, int step) {
        try (Scope scope = Scope.open()) {
            if (step == 0) {
                float[] features =
                        new float[config.vision().positions() * config.lm().dim()];
                for (int i = 0; i < features.length; i++) {
                    features[i] = new RandomValues(1, "features", 0, 1).value(i);
                }
                state.setImage(
                        0,
                        model.imageKeysValues(Tensor.of(
                                features,
                                Device.CPU,
                                1,
                                config.vision().positions(),
                                config.lm().dim())));
            }
            long[] codes = new long[config.lm().userCodebooks()];
            for (int k = 0; k < codes.length; k++) {
                codes[k] = (step * 31L + k * 17L) % config.lm().audioCard();
            }
            LanguageModel.Step out = model.step(
                    Tensor.of(codes, Device.CPU, 1, codes.length), Rows.all(Device.CPU, 1), state, new boolean[] {true
                    });
            assertSpread(out.textLogits(), 0.2, 5);
            for (Tensor logits : out.audioLogits()) {
                assertSpread(logits, 0.2, 10);
            }
            assertThat(out.gate().toFloats()[0]).as("gate").isBetween(0.01f, 0.03f);
            return out.sampled().toLongs()[0];
        }
    }

    private static void assertSpread(Tensor logits, double least, double most) {
        double squares = 0;
        float[] values = logits.toFloats();
        for (float value : values) {
            squares += (double) value * value;
        }
        assertThat(Math.sqrt(squares / values.length)).as("size of logits").isBetween(least, most);
    }

    @Test
    void aDirectoryThatHoldsAModelsFileIsRefusedAndLeftAlone() throws IOException {
        Path directory = Files.createDirectory(scratch.resolve("taken"));
        Path file = Files.writeString(directory.resolve(ModelLayout.Companion.TOKENIZER.released()), "mine");
        assertThatThrownBy(() -> write("taken", 7))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(
                        "random model",
                        directory.toString(),
                        ModelLayout.Companion.TOKENIZER.released(),
                        "none",
                        "another");
        assertThat(names(directory)).containsExactly(ModelLayout.Companion.TOKENIZER.released());
        assertThat(file).hasContent("mine");
    }

    @Test
    void aFileInTheDirectorysPlaceIsAFaultOfTheWorld() throws IOException {
        Files.writeString(scratch.resolve("file"), "mine");
        assertThatThrownBy(() -> write("file", 7))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContainingAll(
                        "Cannot write a model", "found a file", "expected a directory", "another place");
    }

    @Test
    void interruptionIsNoFaultOfTheDirectory() {
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> write("interrupted", 7))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContainingAll("Interrupted while writing", "interrupted", "again")
                    .hasMessageNotContaining("writable");
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(scratch.resolve("interrupted")).isEmptyDirectory();
    }

    @Test
    void afterAFailureNothingIsLeft() throws IOException {
        Path directory = Files.createDirectory(scratch.resolve("failing"));
        ProgressListener interrupting = progress -> {
            if (progress.name().equals(ModelLayout.Companion.MIMI.released())) {
                Thread.currentThread().interrupt();
            }
        };
        RandomCheckpoint checkpoint = new RandomCheckpoint(PlannedParts.plan(Size.TINY.config()), 7, interrupting);
        try {
            assertThatThrownBy(() -> checkpoint.write(directory)).isInstanceOf(CheckpointException.class);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(names(directory)).isEmpty();
    }

    @Test
    void progressOfBothFilesBeginsAtZeroAndEndsOnceWithAllBytes() {
        List<Progress> heard = new ArrayList<>();
        Path directory = scratch.resolve("model");
        new RandomCheckpoint(PlannedParts.plan(Size.TINY.config()), 7, heard::add).write(directory);
        for (String file : List.of(ModelLayout.LM, ModelLayout.Companion.MIMI.released())) {
            List<Progress> ofFile =
                    heard.stream().filter(p -> p.name().equals(file)).toList();
            Progress last = ofFile.get(ofFile.size() - 1);
            assertThat(ofFile.get(0).done()).isZero();
            assertThat(last.done()).isEqualTo(last.total()).isPositive();
            assertThat(ofFile)
                    .filteredOn(p -> p.state() != ProgressListener.State.RUNNING)
                    .containsExactly(last);
        }
    }
}
