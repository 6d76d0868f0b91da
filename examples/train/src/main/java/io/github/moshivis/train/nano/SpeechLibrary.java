package io.github.moshivis.train.nano;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.moshivis.audio.WavFile;
import io.github.moshivis.io.AudioSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/** Utterances of the recipe, spoken once and kept as WAV files with the starts of their words. Thread-safe once it is spoken. */
final class SpeechLibrary {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path directory;
    private final List<Utterance> utterances;
    private final Map<Utterance, Integer> numbers = new HashMap<>();
    private final List<Clip> clips = new ArrayList<>();

    /** A text in a voice. */
    record Utterance(String text, Espeak.Voice voice) {
        String[] words() {
            return text.split(" ");
        }
    }

    /**
     * A spoken utterance.
     *
     * @param number in the library
     * @param sound 24 kHz, mono
     * @param starts of its words, in samples
     * @param samples its length
     */
    record Clip(int number, Utterance utterance, Path sound, int[] starts, int samples) {
        float[] read() {
            return WavFile.channels(sound, 0, (double) samples / AudioSource.SAMPLE_RATE)[0];
        }

        /** The end of a word, in samples. */
        int end(int word) {
            return word + 1 < starts.length ? starts[word + 1] : samples;
        }
    }

    SpeechLibrary(Path directory, List<Utterance> utterances) {
        this.directory = directory;
        this.utterances = List.copyOf(utterances);
        for (int i = 0; i < utterances.size(); i++) {
            numbers.put(utterances.get(i), i);
        }
    }

    /** Speaks what is not there yet. */
    void speak(int threads, IntConsumer progress) throws IOException {
        Files.createDirectories(directory);
        IntStream.range(0, threads).parallel().forEach(thread -> {
            for (int i = thread; i < utterances.size(); i += threads) {
                speak(i);
                if (thread == 0) {
                    progress.accept(i);
                }
            }
        });
        for (int i = 0; i < utterances.size(); i++) {
            clips.add(clip(i));
        }
    }

    private Path file(int number, String suffix) {
        return directory.resolve(String.format("%05d%s", number, suffix));
    }

    private void speak(int number) {
        Path words = file(number, ".json");
        if (Files.exists(words)) {
            return;
        }
        Utterance utterance = utterances.get(number);
        Espeak.Speech speech = Espeak.speak(utterance.text, utterance.voice);
        try {
            Sounds.write(file(number, ".wav"), speech.samples());
            Path partial = file(number, ".tmp");
            JSON.writeValue(
                    partial.toFile(),
                    Map.of(
                            "text", utterance.text,
                            "voice", utterance.voice,
                            "starts", speech.starts(),
                            "samples", speech.samples().length));
            Files.move(partial, words, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write speech to " + directory, e);
        }
    }

    private Clip clip(int number) throws IOException {
        JsonNode words = JSON.readTree(file(number, ".json").toFile());
        Utterance utterance = utterances.get(number);
        JsonNode voice = JSON.valueToTree(utterance.voice);
        if (!words.path("text").asText().equals(utterance.text)
                || !words.path("voice").equals(voice)) {
            throw new IllegalArgumentException(
                    "Cannot go on in " + directory.toAbsolutePath().getParent()
                            + ": found speech of another run in " + directory.getFileName()
                            + ", expected that of this scale and seed. Take the options of that run, or another directory");
        }
        int[] starts = JSON.convertValue(words.get("starts"), int[].class);
        return new Clip(
                number,
                utterance,
                file(number, ".wav"),
                starts,
                words.get("samples").intValue());
    }

    List<Clip> clips() {
        return clips;
    }

    Clip clip(Utterance utterance) {
        return clips.get(numbers.get(utterance));
    }
}
