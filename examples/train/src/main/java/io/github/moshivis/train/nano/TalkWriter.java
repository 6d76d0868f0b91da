package io.github.moshivis.train.nano;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.moshivis.io.AudioSource;
import io.github.moshivis.train.data.Word;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import javax.imageio.ImageIO;

/**
 * Writes talks about drawn shapes as training data: stereo WAV, words, picture, and the list of all. The model's voice is the one that the
 * bundled model has; the user's voice differs from talk to talk. The same seed gives the same talks.
 */
public final class TalkWriter {
    private static final int SIDE = 448;
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final int FRAME = AudioSource.FRAME_SAMPLES;

    /** One talk of so many has no picture. */
    private static final int BLIND = 10;

    private final TalkDomain domain;
    private final int samples;
    private final Random random;

    /**
     * Prepares.
     *
     * @param domain of scenes and answers
     * @param seconds of a talk
     * @param seed of everything random
     */
    public TalkWriter(TalkDomain domain, double seconds, long seed) {
        this.domain = domain;
        this.samples = (int) Math.round(seconds * AudioSource.SAMPLE_RATE);
        this.random = new Random(seed);
    }

    /** A talk as it is put together: two channels and the words of the model. */
    private static final class Talk {
        private final float[] model;
        private final float[] user;
        private final List<Object> words = new ArrayList<>();

        Talk(int samples) {
            model = new float[samples];
            user = new float[samples];
        }
    }

    /**
     * Writes talks.
     *
     * @param directory gets the files; made if it does not exist
     * @param count how many
     * @return the list, {@code talks.jsonl}
     * @throws IOException if a file cannot be written
     * @throws IllegalStateException if {@code espeak-ng} is not there or fails
     */
    public Path write(Path directory, int count) throws IOException {
        Files.createDirectories(directory);
        StringBuilder list = new StringBuilder();
        for (int i = 0; i < count; i++) {
            String name = String.format("%05d", i);
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("path", name + ".wav");
            entry.put("duration", (double) samples / AudioSource.SAMPLE_RATE);
            Optional<Scene> scene = random.nextInt(BLIND) == 0 ? Optional.empty() : Optional.of(domain.scene(random));
            if (scene.isPresent()) {
                ImageIO.write(
                        scene.get().draw(SIDE, random).image(),
                        "png",
                        directory.resolve(name + ".png").toFile());
                entry.put("image", name + ".png");
            }
            Talk talk = talk(scene);
            Sounds.write(directory.resolve(name + ".wav"), talk.model, talk.user);
            JSON.writeValue(directory.resolve(name + ".json").toFile(), Map.of("alignments", talk.words));
            list.append(JSON.writeValueAsString(entry)).append('\n');
        }
        Path file = directory.resolve("talks.jsonl");
        Files.writeString(file, list);
        return file;
    }

    private Talk talk(Optional<Scene> scene) {
        Talk talk = new Talk(samples);
        Espeak.Voice user = Voices.user(random);
        int at = FRAME * (4 + random.nextInt(8));
        while (true) {
            Exchange exchange = domain.exchange(scene, random);
            Espeak.Speech question = Espeak.speak(exchange.question(), user);
            Espeak.Speech answer = Espeak.speak(exchange.answer(), Voices.MODEL);
            int start = (at + question.samples().length) / FRAME * FRAME + Exchange.PAUSE * FRAME;
            if (start + answer.samples().length > samples) {
                return talk;
            }
            System.arraycopy(question.samples(), 0, talk.user, at, question.samples().length);
            System.arraycopy(answer.samples(), 0, talk.model, start, answer.samples().length);
            addWords(talk, exchange.answer().split(" "), answer, start);
            at = start + answer.samples().length + FRAME * (8 + random.nextInt(12));
        }
    }

    private static void addWords(Talk talk, String[] words, Espeak.Speech answer, int start) {
        int[] frames = Espeak.textFrames(words, answer.starts());
        for (int i = 0; i < words.length; i++) {
            int end = i + 1 < words.length ? frames[i + 1] : Math.max(frames[i] + 1, answer.samples().length / FRAME);
            talk.words.add(List.of(words[i], List.of(middle(start, frames[i]), middle(start, end)), Word.MAIN));
        }
    }

    /** A time that rounding leaves within a frame, counted from a sample on: its middle. */
    private static double middle(int start, int frame) {
        return seconds(start + frame * FRAME + FRAME / 2);
    }

    private static double seconds(int samples) {
        return (double) samples / AudioSource.SAMPLE_RATE;
    }
}
