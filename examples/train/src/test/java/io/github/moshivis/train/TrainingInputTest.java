package io.github.moshivis.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.moshivis.Golden;
import io.github.moshivis.errors.MediaException;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.Scope;
import io.github.moshivis.tensor.Tensor;
import io.github.moshivis.train.data.Recordings;
import io.github.moshivis.train.model.RowThreads;
import io.github.moshivis.train.optim.GradientNorm;
import io.github.moshivis.train.tune.Tuning;
import io.github.moshivis.train.tune.TuningFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Absurd values and sound in the files of a training run, and failures in it: named before anything is allocated or looped over. */
@Timeout(60)
class TrainingInputTest {
    @TempDir
    private Path directory;

    private Path yaml(String train, String more) throws IOException {
        return Files.writeString(
                directory.resolve("run.yaml"),
                """
                data: {train_data: '%s'}
                moshi_paths: {moshi_path: '%s'}
                run_dir: '%s'
                duration_sec: 1.6
                max_steps: 1
                %s
                """
                        .formatted(train, Golden.path("e2e/model"), directory.resolve("run"), more));
    }

    @ParameterizedTest
    @CsvSource({
        "batch_size, 2147483647",
        "num_microbatches, 2147483647",
        "threads, 1000000000",
        "seed, 1e300",
        "log_freq, 0",
        "text_padding_weight, 1e300",
        "first_codebook_weight_multiplier, -1",
        "max_norm, -1"
    })
    void anAbsurdNumberIsNamed(String key, String value) throws IOException {
        Path file = yaml("list.jsonl", "vision: {enable: true}\n" + key + ": " + value);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> TuningFile.read(file))
                .withMessageContainingAll("\"" + key + "\"", "expected a number from");
    }

    @ParameterizedTest
    @CsvSource({"lora, rank, 2147483647", "lora, scaling, 1e300", "optim, lr, 1e300", "optim, pct_start, 1.5"})
    void anAbsurdNumberInAGroupIsNamed(String group, String key, String value) throws IOException {
        Path file = yaml("list.jsonl", "full_finetuning: true\n" + group + ": {" + key + ": " + value + "}");
        String name = group + "." + key;

        assertThatIllegalArgumentException()
                .isThrownBy(() -> TuningFile.read(file).target())
                .withMessageContainingAll("\"" + name + "\"", "expected a number from");
    }

    @ParameterizedTest
    @CsvSource({
        "<!DOCTYPE html><html></html>, a web page, Download the training file itself",
        "version https://git-lfs.github.com/spec/v1, a Git LFS pointer, git lfs pull",
        "RIFF....WAVE, a WAV file, Give the YAML file of the training"
    })
    void aFileInThePlaceOfTheTrainingFileIsNamed(String content, String name, String remedy) throws IOException {
        Path file = Files.writeString(directory.resolve("training.yaml"), content);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> TuningFile.read(file))
                .withMessageContainingAll("training.yaml", name, "expected YAML", remedy);
    }

    @Test
    void anEndlessRowIsRefused() throws IOException {
        Path file = yaml("list.jsonl", "vision: {enable: true}");
        Files.writeString(file, Files.readString(file).replace("1.6", "1e300"));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> TuningFile.read(file))
                .withMessageContainingAll("\"duration_sec\"", "0.08 to 3600");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"path\": \"a.wav\", \"duration\": 1e300}",
                "{\"path\": \"a.wav\", \"duration\": 604801}",
                "{\"path\": \"a.wav\", \"duration\": -1}",
                "{\"path\": \"a\\u0000.wav\", \"duration\": 1}",
                "{\"path\": \"a.wav\", \"duration\": 1, \"image\": \"\\u0000\"}",
                "[[[[]]]]",
                "\uFEFF"
            })
    void aLineThatCannotBeUsedIsNamed(String line) throws IOException {
        Path list = Files.writeString(
                directory.resolve("list.jsonl"), "{\"path\": \"b.wav\", \"duration\": 1}\n" + line + "\n");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Recordings.read(list.toString(), 10, directory))
                .withMessageContainingAll("line 2", "list.jsonl", "0 to 604800 seconds");
    }

    @Test
    void aByteOrderMarkIsReadOver() throws IOException {
        Path list = Files.writeString(directory.resolve("list.jsonl"), "\uFEFF{\"path\": \"a.wav\", \"duration\": 12}");

        assertThat(Recordings.read(list.toString(), 10, directory)
                        .sources()
                        .get(0)
                        .stretches())
                .hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.jsonl:1e999", "a.jsonl:0", "a.jsonl:-1", "a.jsonl:1e", "a.jsonl:e"})
    void aWeightThatIsNoneIsNamed(String source) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Recordings.read(source, 10, directory))
                .withMessageContainingAll(source, "a positive number after the colon");
    }

    @Test
    void soundThatIsNoneIsNotTrainedOn() throws IOException {
        Path list = RecordedDialogues.write(directory.resolve("data"), 1, 1.6);
        String line = Files.readString(list);
        Path wav = list.resolveSibling(line.replaceFirst(".*\"path\": ?\"([^\"]+)\".*\\s*", "$1"));
        Files.write(wav, stereo(32_000));
        Path file = yaml(list.toString(), "vision: {enable: true}\nthreads: 1");

        assertThatExceptionOfType(MediaException.class)
                .isThrownBy(() -> new Tuning(TuningFile.read(file), report -> {}).run())
                .withMessageContainingAll("sample 100 of channel 1", "Divide 16-bit integers");
    }

    /** Silence of 1.6 s in two channels of floats, but for one sample of the right one. */
    private static byte[] stereo(float sample) {
        int frames = 38_400;
        ByteBuffer wav = ByteBuffer.allocate(44 + 8 * frames).order(ByteOrder.LITTLE_ENDIAN);
        wav.put("RIFF".getBytes()).putInt(36 + 8 * frames).put("WAVEfmt ".getBytes());
        wav.putInt(16).putShort((short) 3).putShort((short) 2).putInt(24_000).putInt(8 * 24_000);
        wav.putShort((short) 8).putShort((short) 32).put("data".getBytes()).putInt(8 * frames);
        wav.putFloat(44 + 8 * 100 + 4, sample);
        return wav.array();
    }

    @Test
    void whatAKilledRunLeftIsRemoved() throws IOException {
        Path left = Files.createDirectories(directory.resolve("run/checkpoints/tmp.checkpoint_000007/consolidated"));
        Files.writeString(left.resolve("lora.safetensors"), "half");
        Path list = RecordedDialogues.write(directory.resolve("data"), 1, 1.6);

        new Tuning(TuningFile.read(yaml(list.toString(), "vision: {enable: true}\nthreads: 1")), report -> {}).run();

        assertThat(directory.resolve("run/checkpoints"))
                .isDirectoryNotContaining(file -> file.getFileName().toString().startsWith("tmp."))
                .isDirectoryContaining("glob:**checkpoint_000001");
    }

    @Test
    void anErrorIsThrownWhenNoThreadUsesANetworkAnyMore() {
        CountDownLatch began = new CountDownLatch(1);
        AtomicBoolean ended = new AtomicBoolean();
        try (RowThreads<String> threads = new RowThreads<>(List.of("first", "second"))) {
            assertThatExceptionOfType(AssertionError.class)
                    .isThrownBy(() -> threads.run(2, (network, from, to) -> {
                        try {
                            if (network.equals("first")) {
                                began.await();
                                throw new AssertionError("first");
                            }
                            began.countDown();
                            Thread.sleep(300);
                        } catch (InterruptedException e) {
                            throw new IllegalStateException(e);
                        }
                        ended.set(true);
                        return network;
                    }))
                    .withMessage("first");
            assertThat(ended).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY})
    void gradientsThatAreNoNumbersTakeNoStep(float wrong) {
        try (Scope scope = Scope.open()) {
            Tensor gradient = Tensor.of(new float[] {1, wrong}, Device.CPU, 2);

            assertThatExceptionOfType(IllegalStateException.class)
                    .isThrownBy(() -> GradientNorm.clip(List.of(gradient), 1))
                    .withMessageContainingAll("Cannot go on training", "Lower the learning rate");
            assertThat(gradient.toFloats()).containsExactly(1, wrong);
        }
    }
}
