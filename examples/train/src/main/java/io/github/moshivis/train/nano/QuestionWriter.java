package io.github.moshivis.train.nano;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.moshivis.io.AudioSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import javax.imageio.ImageIO;

/**
 * Writes questions with known answers for an evaluation ({@code moshivis evaluate}), by voices that no training hears. The same seed
 * gives the same questions.
 */
public final class QuestionWriter {
    private static final int SIDE = 448;
    private static final int BEFORE = AudioSource.SAMPLE_RATE * 4 / 10;
    private static final int AFTER = AudioSource.SAMPLE_RATE * 3 / 10;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final TalkDomain domain;
    private final Random random;

    /**
     * Prepares.
     *
     * @param domain of scenes and answers
     * @param seed of everything random
     */
    public QuestionWriter(TalkDomain domain, long seed) {
        this.domain = domain;
        this.random = new Random(seed);
    }

    /**
     * Writes questions: one in sixteen without a picture, or, in a domain with a shape of its own, all of them about that shape.
     *
     * @param directory gets the files; made if it does not exist
     * @param count how many
     * @return the list, {@code cases.json}
     * @throws IOException if a file cannot be written
     * @throws IllegalStateException if {@code espeak-ng} is not there or fails
     */
    public Path write(Path directory, int count) throws IOException {
        Files.createDirectories(directory);
        List<Map<String, Object>> cases = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            cases.add(write(directory, String.format("%03d", i), i));
        }
        Path file = directory.resolve("cases.json");
        JSON.writerWithDefaultPrettyPrinter().writeValue(file.toFile(), cases);
        return file;
    }

    private Map<String, Object> write(Path directory, String name, int number) throws IOException {
        Optional<Scene> scene =
                !domain.hasFigure() && random.nextInt(16) == 0 ? Optional.empty() : Optional.of(domain.scene(random));
        if (scene.isPresent()) {
            Scene.Drawing drawing = scene.get().draw(SIDE, random);
            ImageIO.write(
                    drawing.image(), "png", directory.resolve(name + ".png").toFile());
        }
        Exchange exchange = domain.exchangeOfFigure(scene, random);
        Espeak.Voice voice = Voices.heldOut(random);
        float[] spoken = Espeak.speak(exchange.question(), voice).samples();
        float[] samples = new float[BEFORE + spoken.length + AFTER];
        System.arraycopy(spoken, 0, samples, BEFORE, spoken.length);
        Sounds.write(directory.resolve(name + ".wav"), samples);
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("i", number);
        entry.put("kind", exchange.kind().kind());
        entry.put("question", exchange.question());
        entry.put("want", exchange.answer());
        entry.put("voice", voice.name());
        entry.put("end_s", (double) (BEFORE + spoken.length) / AudioSource.SAMPLE_RATE);
        entry.put(
                "scene",
                scene.map(Scene::items).orElse(List.of()).stream()
                        .map(item ->
                                Arrays.asList(item.hue().word(), item.shape().word()))
                        .toList());
        return entry;
    }
}
