package io.github.moshivis.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.moshivis.layout.UserCache;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A model on the class path, with pictures and spoken questions to try it on. Its artifact holds resources only, below
 * {@code META-INF/moshivis/NAME}: {@code SHA256SUMS} names all files, {@code model} is a model directory, {@code demo} holds the pictures,
 * the questions and {@code demo.json}, which describes them.
 *
 * <p>Models are read from files, so the resources are unpacked into {@code ~/.cache/moshivis} (system property {@code moshivis.cachedir}:
 * another folder), once; a file that is damaged is replaced. Immutable and thread-safe.
 *
 * <pre>{@code
 * BundledModel nano = BundledModel.nano();
 * Path picture = nano.pictures().get(0).file();
 * Path question = nano.question("What do you see?").file();
 * }</pre>
 */
public final class BundledModel {
    /** Name of the model of the artifact {@code moshivis-nano}. */
    public static final String NANO = "nano";

    private static final String FOLDER = "META-INF/moshivis/";
    private static final String NAMES = "[a-z0-9-]+";
    private static final int HASH_DIGITS = 64;
    private static final int NAME_DIGITS = 16;

    private final Path directory;
    private final List<Picture> pictures;
    private final List<Question> questions;

    private BundledModel(Path root) throws IOException {
        directory = root.resolve("model");
        Path demo = root.resolve("demo");
        JsonNode about = new ObjectMapper().readTree(demo.resolve("demo.json").toFile());
        List<Picture> shown = new ArrayList<>();
        about.path("pictures")
                .forEach(each -> shown.add(new Picture(
                        each.path("title").asText(),
                        demo.resolve(each.path("file").asText()))));
        pictures = List.copyOf(shown);
        List<Question> asked = new ArrayList<>();
        about.path("questions").forEach(each -> asked.add(question(demo, each)));
        questions = List.copyOf(asked);
    }

    private Question question(Path demo, JsonNode about) {
        Map<String, String> answers = new LinkedHashMap<>();
        for (int i = 0; i < pictures.size(); i++) {
            JsonNode answer = about.path("answers").path(i);
            if (answer.isTextual()) {
                answers.put(pictures.get(i).title(), answer.asText());
            }
        }
        return new Question(
                about.path("text").asText(), demo.resolve(about.path("file").asText()), Map.copyOf(answers));
    }

    /**
     * A picture to talk about.
     *
     * @param title the subject of the picture, such as {@code a red heart}
     * @param file a PNG file
     */
    public record Picture(String title, Path file) {}

    /**
     * A spoken question.
     *
     * @param text the words
     * @param file a WAV file of 24 kHz, mono
     * @param answers the right answer for each picture, by the picture's title; a picture is missing if the question is ambiguous about it
     */
    public record Question(String text, Path file, Map<String, String> answers) {
        /**
         * The right answer.
         *
         * @param picture the picture that the question is about
         * @return the exact text; empty if the question is ambiguous about this picture
         */
        public Optional<String> answer(Picture picture) {
            Objects.requireNonNull(picture, "picture");
            return Optional.ofNullable(answers.get(picture.title()));
        }
    }

    /**
     * Finds and unpacks the model of the artifact {@code moshivis-nano}.
     *
     * @return the model
     * @throws IllegalStateException naming the dependency to add, if it is not on the class path; or if the jar is damaged
     * @throws UncheckedIOException if it cannot be unpacked
     */
    public static BundledModel nano() {
        return find(NANO)
                .orElseThrow(() ->
                        new IllegalStateException("Cannot load the model \"" + NANO + "\": found no " + index(NANO)
                                + " on the class path, expected the one of moshivis-nano. Add the dependency"
                                + " io.github.moshivis:moshivis-nano in the same version"));
    }

    /**
     * Finds a model on the class path and unpacks it.
     *
     * @param name its name: lower-case letters, digits and hyphens
     * @return the model; empty if no artifact on the class path has one of this name
     * @throws IllegalStateException if the jar is damaged
     * @throws UncheckedIOException if it cannot be unpacked
     */
    public static Optional<BundledModel> find(String name) {
        Objects.requireNonNull(name, "name");
        ClassLoader loader = BundledModel.class.getClassLoader();
        if (!name.matches(NAMES) || loader.getResource(index(name)) == null) {
            return Optional.empty();
        }
        try {
            byte[] index = read(loader, index(name));
            return Optional.of(new BundledModel(UserCache.unpack(cache -> unpack(loader, name, index, cache))));
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Cannot unpack the model \"" + name + "\"; the folder is ~/.cache/moshivis, or what the"
                            + " system property " + UserCache.PROPERTY + " names",
                    e);
        }
    }

    private static Path unpack(ClassLoader loader, String name, byte[] index, Path cache) throws IOException {
        Path root = cache.resolve("models")
                .resolve(name + "-" + UserCache.sha256(index).substring(0, NAME_DIGITS))
                .toAbsolutePath();
        for (String line : new String(index, StandardCharsets.UTF_8).lines().toList()) {
            String file = line.substring(HASH_DIGITS).strip();
            UserCache.put(
                    root.resolve(file), line.substring(0, HASH_DIGITS), () -> open(loader, FOLDER + name + "/" + file));
        }
        return root;
    }

    private static String index(String name) {
        return FOLDER + name + "/SHA256SUMS";
    }

    private static byte[] read(ClassLoader loader, String resource) throws IOException {
        try (InputStream stream = open(loader, resource)) {
            return stream.readAllBytes();
        }
    }

    private static InputStream open(ClassLoader loader, String resource) throws IOException {
        InputStream stream = loader.getResourceAsStream(resource);
        if (stream == null) {
            throw new FileNotFoundException("the class path has no " + resource);
        }
        return stream;
    }

    /**
     * Returns the model's files.
     *
     * @return a directory as {@link io.github.moshivis.MoshiVis#load(Path)} takes it; nothing there may be written
     */
    public Path directory() {
        return directory;
    }

    /**
     * Returns the pictures.
     *
     * @return in the order of {@code demo.json}
     */
    public List<Picture> pictures() {
        return pictures;
    }

    /**
     * Returns the spoken questions.
     *
     * @return in the order of {@code demo.json}
     */
    public List<Question> questions() {
        return questions;
    }

    /**
     * Returns the question with these words.
     *
     * @param text the words; upper case and punctuation do not matter
     * @return the question
     * @throws IllegalArgumentException naming all questions, if there is no such one
     */
    public Question question(String text) {
        Objects.requireNonNull(text, "text");
        return questions.stream()
                .filter(each -> words(each.text()).equals(words(text)))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("Cannot find the question \"" + text + "\": expected one of "
                                + questions.stream().map(Question::text).collect(Collectors.joining(" "))
                                + " Choose one of these, or give a recording"));
    }

    /**
     * Returns the picture with this title.
     *
     * @param title the title; upper case and punctuation do not matter
     * @return the picture
     * @throws IllegalArgumentException naming all pictures, if there is no such one
     */
    public Picture picture(String title) {
        Objects.requireNonNull(title, "title");
        return pictures.stream()
                .filter(each -> words(each.title()).equals(words(title)))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("Cannot find the picture \"" + title + "\": expected one of "
                                + pictures.stream().map(Picture::title).collect(Collectors.joining("; "))
                                + ". Choose one of these, or give a file"));
    }

    private static String words(String text) {
        return text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", " ").strip();
    }
}
