package io.github.moshivis.train;

import io.github.moshivis.Golden;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** Recorded dialogues to train on: two voices of noise and tones, words that the e2e set's vocabulary knows, its picture. */
public final class RecordedDialogues {
    private static final int RATE = 24_000;

    private RecordedDialogues() {}

    /**
     * Writes recordings and their list.
     *
     * @param directory where to
     * @param count how many
     * @param seconds of each
     * @return the list
     */
    public static Path write(Path directory, int count, double seconds) throws IOException {
        Files.createDirectories(directory);
        Files.copy(Golden.path("e2e/input.png"), directory.resolve("seen.png"));
        StringBuilder list = new StringBuilder();
        for (int i = 0; i < count; i++) {
            Files.write(directory.resolve(i + ".wav"), wav(i, (int) (seconds * RATE)));
            Files.writeString(
                    directory.resolve(i + ".json"),
                    "{\"alignments\": [[\"a\", [0.2, 0.4], \"SPEAKER_MAIN\"], [\"you\", [0.3, 0.5], \"SPEAKER_USER\"],"
                            + " [\"the\", [0.65, 0.9], \"SPEAKER_MAIN\"], [\"is\", [" + (1 + i * 0.01)
                            + ", 1.3], \"SPEAKER_MAIN\"]]}");
            String image = i % 2 == 0 ? ", \"image\": \"seen.png\"" : "";
            list.append("{\"path\": \"" + i + ".wav\", \"duration\": " + seconds + image + "}\n");
        }
        Path file = directory.resolve("data.jsonl");
        Files.writeString(file, list);
        return file;
    }

    /** 16-bit stereo. */
    private static byte[] wav(int seed, int steps) {
        ByteBuffer wav = ByteBuffer.allocate(44 + 4 * steps).order(ByteOrder.LITTLE_ENDIAN);
        wav.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(36 + 4 * steps);
        wav.put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII)).putInt(16);
        wav.putShort((short) 1).putShort((short) 2).putInt(RATE).putInt(RATE * 4);
        wav.putShort((short) 4).putShort((short) 16);
        wav.put("data".getBytes(StandardCharsets.US_ASCII)).putInt(4 * steps);
        Random random = new Random(seed);
        for (int step = 0; step < steps; step++) {
            wav.putShort((short) (8000 * Math.sin(step * (0.05 + 0.01 * seed)) + random.nextInt(500)));
            wav.putShort((short) (random.nextInt(4000) - 2000));
        }
        return wav.array();
    }
}
