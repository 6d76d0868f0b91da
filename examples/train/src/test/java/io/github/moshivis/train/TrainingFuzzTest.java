package io.github.moshivis.train;

import static org.assertj.core.api.Assertions.fail;

import io.github.moshivis.errors.CheckpointException;
import io.github.moshivis.layout.AdapterFiles;
import io.github.moshivis.layout.ModelLayout;
import io.github.moshivis.train.data.Recordings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Lists of recordings and configurations of adapters, mutated with a seed: each is read, or refused as documented. */
@Timeout(300)
class TrainingFuzzTest {
    private static final int TRIES = 300;

    /** Pieces at which readers of numbers, strings and JSON break. */
    private static final String[] PIECES = {
        "1e999",
        "-1",
        "0",
        "9999999999999999999",
        "null",
        "true",
        "[]",
        "{}",
        "\"\"",
        "\\u0000",
        ":",
        ",",
        "}",
        "\"",
        "NaN",
        "\uFEFF",
        "\n"
    };

    @TempDir
    private Path directory;

    private static byte[] mutated(String original, Random random) {
        StringBuilder text = new StringBuilder(original);
        for (int change = 1 + random.nextInt(3); change > 0; change--) {
            int from = random.nextInt(text.length());
            int to = Math.min(text.length(), from + random.nextInt(8));
            text.replace(from, to, random.nextInt(4) == 0 ? "" : PIECES[random.nextInt(PIECES.length)]);
            text.append(' '); // never empty
        }
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        if (random.nextInt(4) == 0) {
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return bytes;
    }

    private static void fuzz(String original, Path file, Class<?> refusal, Consumer<Path> read) throws IOException {
        for (int seed = 0; seed < TRIES; seed++) {
            Files.write(file, mutated(original, new Random(seed)));
            try {
                read.accept(file);
            } catch (Throwable e) {
                if (!refusal.isInstance(e)) {
                    fail("seed " + seed + " of " + file.getFileName(), e);
                }
            }
        }
    }

    @Test
    void aMutatedListIsReadOrRefused() throws IOException {
        String list =
                "{\"path\": \"a.wav\", \"duration\": 24.5, \"image\": \"a.png\"}\n{\"path\": \"b.wav\", \"duration\": 3}\n";

        fuzz(
                list,
                directory.resolve("list.jsonl"),
                IllegalArgumentException.class,
                file -> Recordings.read(file + ":0.5", 10, directory));
    }

    @Test
    void aMutatedConfigurationOfAnAdapterIsReadOrRefused() throws IOException {
        Files.createFile(directory.resolve(AdapterFiles.WEIGHTS));

        fuzz(
                "{\"model_type\": \"moshi\", \"lora\": true, \"lora_rank\": 64, \"lora_scaling\": 2.0, \"vision_adapter\": false}",
                directory.resolve(ModelLayout.MOSHI_CONFIG),
                CheckpointException.class,
                file -> AdapterFiles.read(directory));
    }
}
