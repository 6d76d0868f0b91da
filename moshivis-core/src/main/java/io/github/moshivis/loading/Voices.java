package io.github.moshivis.loading;

import io.github.moshivis.engine.PromptRequest;
import io.github.moshivis.errors.CheckpointException;
import io.github.moshivis.errors.MediaException;
import io.github.moshivis.layout.ModelLayout;
import io.github.moshivis.lm.Prompt;
import io.github.moshivis.plugin.Providers;
import io.github.moshivis.text.TextEncoder;
import io.github.moshivis.text.Vocabulary;
import io.github.moshivis.weights.file.StoredType;
import io.github.moshivis.weights.file.TorchFile;
import io.github.moshivis.weights.quant.Floats;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The prompts of a PersonaPlex model: voices by name from the directory {@value #DIRECTORY} or the archive {@value ModelLayout#VOICES} beside the
 * model, or from files; roles as text. Any thread.
 */
public final class Voices {
    private static final String DIRECTORY = "voices";
    private static final String STORED = ".pt";
    private static final String TAG = "<system>";

    /** Voices that are kept in memory: each has some hundred kilobytes. */
    private static final int MAX_READ = 32;

    private final Path model;
    private final Vocabulary vocabulary;
    /** Voices that were read, the least used first. */
    private final Map<Object, Voice> read = new LinkedHashMap<>(16, 0.75f, true);

    private TextEncoder encoder;

    /**
     * Creates the prompts of a model.
     *
     * @param model its directory
     * @param vocabulary its text pieces
     */
    Voices(Path model, Vocabulary vocabulary) {
        this.model = model;
        this.vocabulary = vocabulary;
    }

    /** A voice in one of its two forms; the other is null. */
    private record Voice(float[] samples, Prompt.StoredVoice stored) {}

    /**
     * Names of the voices that came with the model.
     *
     * @return names without an ending, sorted; empty if there are none
     */
    public List<String> names() {
        try (Stream<Path> files =
                directory().isPresent() ? Files.list(directory().get()) : Stream.empty()) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(STORED))
                    .map(name -> name.substring(0, name.length() - STORED.length()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new CheckpointException(
                    "Cannot list the voices in " + model + ": found " + e
                            + ", expected a readable directory. Check its permissions",
                    e);
        }
    }

    /**
     * The prompt of a conversation.
     *
     * @param voice a name, or a file: {@code .pt} or sound; empty for none
     * @param role text; empty or blank for none
     * @return the request
     * @throws IllegalArgumentException if there is no such voice
     * @throws io.github.moshivis.errors.MediaException if a sound cannot be used
     * @throws CheckpointException if a stored voice is damaged
     */
    public PromptRequest prompt(Optional<String> voice, Optional<String> role) {
        String text = role.map(String::strip)
                .filter(given -> !given.isEmpty())
                .map(Voices::tagged)
                .orElse("");
        int[] tokens = text.isEmpty() ? new int[0] : encoder().encode(text);
        if (voice.isEmpty()) {
            return new PromptRequest(List.of("", text), null, null, tokens);
        }
        Path file = file(voice.get());
        try {
            Object version = List.of(file, Files.getLastModifiedTime(file), Files.size(file));
            Voice known = voice(file, version);
            return new PromptRequest(List.of(version, text), known.samples(), known.stored(), tokens);
        } catch (IOException e) {
            throw new MediaException(
                    "Cannot read the voice " + file + ": found " + e
                            + ", expected a readable file. Check its permissions",
                    e);
        }
    }

    /** A role as the model was trained with; the closing tag has no slash. */
    private static String tagged(String role) {
        boolean tagged = role.startsWith(TAG) && role.endsWith(TAG);
        return tagged ? role : TAG + " " + role + " " + TAG;
    }

    private synchronized TextEncoder encoder() {
        if (encoder == null) {
            encoder = vocabulary.encoder();
        }
        return encoder;
    }

    /** A voice, read once for each version of its file; conversations with a cached prompt do not need it. */
    private synchronized Voice voice(Path file, Object version) throws IOException {
        Voice voice = read.get(version);
        if (voice == null) {
            voice = file.toString().endsWith(STORED)
                    ? new Voice(null, stored(file))
                    : new Voice(Providers.soundFiles().voice(file), null);
            read.put(version, voice);
            if (read.size() > MAX_READ) {
                read.remove(read.keySet().iterator().next());
            }
        }
        return voice;
    }

    private Path file(String voice) {
        try {
            Path path = Path.of(voice);
            if (Files.isRegularFile(path)) {
                return path.toAbsolutePath();
            }
        } catch (InvalidPathException e) {
            // then it is a name, or nothing
        }
        String name = voice.endsWith(STORED) ? voice.substring(0, voice.length() - STORED.length()) : voice;
        List<String> names = names();
        if (!names.contains(name)) {
            throw new IllegalArgumentException("Cannot find the voice \"" + voice + "\": found no such file, and "
                    + (names.isEmpty() ? "no voices beside the model" : "the voices " + names)
                    + ". Name one of them, a .pt file or a recording");
        }
        return directory().orElseThrow().resolve(name + STORED);
    }

    /** The directory of stored voices; unpacked from the archive by the first use. */
    private synchronized Optional<Path> directory() {
        Path unpacked = model.resolve(DIRECTORY);
        if (Files.isDirectory(unpacked)) {
            return Optional.of(unpacked);
        }
        Path archive = model.resolve(ModelLayout.VOICES);
        return Files.isRegularFile(archive) ? Optional.of(VoiceArchive.unpacked(archive)) : Optional.empty();
    }

    private static Prompt.StoredVoice stored(Path file) {
        var tensors = TorchFile.read(file);
        TorchFile.Tensor embeddings = tensors.get("embeddings");
        TorchFile.Tensor cache = tensors.get("cache");
        boolean fits = embeddings != null
                && cache != null
                && embeddings.shape().rank() == 4
                && cache.shape().rank() == 3
                && cache.shape().dimension(0) == 1
                && cache.type() == StoredType.I64;
        if (!fits) {
            throw new CheckpointException("Cannot use " + file + " as a voice: found " + tensors.keySet()
                    + ", expected embeddings [M, 1, 1, D] and cache [1, streams, columns]; use a voice of PersonaPlex");
        }
        int steps = Math.toIntExact(embeddings.shape().dimension(0));
        int width = Math.toIntExact(embeddings.shape().dimension(3));
        float[][] rows = new float[steps][width];
        for (float[] row : rows) {
            Floats.read(embeddings.type(), embeddings.elements(), row, width);
        }
        int streams = Math.toIntExact(cache.shape().dimension(1));
        int columns = Math.toIntExact(cache.shape().dimension(2));
        long[][] tokens = new long[streams][columns];
        for (int i = 0; i < streams * columns; i++) {
            tokens[i / columns][i % columns] = cache.elements().getLong(i * Long.BYTES);
        }
        return new Prompt.StoredVoice(rows, tokens);
    }
}
